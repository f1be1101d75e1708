"""Checksums and signatures, with a key that is made for the test."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from building import Unbuildable
from building.checksums import SUMS, write_checksums

GPG = shutil.which("gpg")
OWNER = "onhand-test@localhost"


@pytest.fixture
def packages(tmp_path):
    (tmp_path / "onhand_1_amd64.deb").write_bytes(b"a package")
    (tmp_path / "onhand.cdx.json").write_text("{}")
    (tmp_path / "notes.txt").write_text("not handed out")
    return tmp_path


@pytest.fixture
def key(monkeypatch):
    """A signing key in a keyring of its own; its folder has a short name, for a socket."""
    if GPG is None:
        pytest.skip("there is no gpg here")
    with tempfile.TemporaryDirectory(prefix="g") as home:
        Path(home).chmod(0o700)
        monkeypatch.setenv("GNUPGHOME", home)
        argv = [GPG, "--batch", "--passphrase", "", "--quick-generate-key", OWNER]
        subprocess.run([*argv, "ed25519", "sign", "never"], check=True, capture_output=True)
        yield OWNER
        agent = shutil.which("gpgconf")
        if agent:
            subprocess.run([agent, "--kill", "all"], check=False, env=os.environ)


def test_the_sums_are_of_all_that_is_handed_out(packages):
    write_checksums(packages, [])
    lines = (packages / SUMS).read_text().splitlines()
    sha = hashlib.sha256(b"a package").hexdigest()
    assert f"{sha}  onhand_1_amd64.deb" in lines
    assert len(lines) == 2
    checker = shutil.which("sha256sum")
    if checker:
        subprocess.run([checker, "--check", SUMS], cwd=packages, check=True)


def test_signatures_hold_until_a_byte_changes(packages, key):
    write_checksums(packages, ["--key", key])
    package = packages / "onhand_1_amd64.deb"
    for name in (SUMS, package.name):
        assert verified(packages / f"{name}.asc", packages / name)
    package.write_bytes(b"A package")
    assert not verified(packages / f"{package.name}.asc", package)


def test_a_key_that_is_not_there_is_told(packages, key):
    with pytest.raises(Unbuildable, match="gpg: "):
        write_checksums(packages, ["--key", "nobody@localhost"])


def test_other_options_and_an_empty_folder_are_refused(packages, tmp_path):
    with pytest.raises(Unbuildable, match="--key ID and nothing else"):
        write_checksums(packages, ["--sign"])
    with pytest.raises(Unbuildable, match="there is no package"):
        write_checksums(tmp_path / "nothing", [])


def verified(signature: Path, file: Path) -> bool:
    argv = [GPG or "gpg", "--batch", "--verify", str(signature), str(file)]
    return subprocess.run(argv, check=False, capture_output=True).returncode == 0
