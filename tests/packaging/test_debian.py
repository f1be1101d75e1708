"""Packages for Debian: made, and their scripts run, without installing them."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from building import Unbuildable
from building.bare_root import differences
from building.deb import model_of
from building.debian import Control, Tree
from building.manuals import bash_completion, manual, zsh_completion

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "packaging" / "linux" / "debian"
SHELL = shutil.which("sh") or "sh"
DPKG = shutil.which("dpkg-deb") or "dpkg-deb"
needs_dpkg = pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="not a Debian")
CONTROL = Control(
    name="sample",
    version="1.2",
    architecture="all",
    summary="a sample",
    description=("One line.", "", "Another."),
    relations={"Depends": "libc6", "Recommends": ""},
)


def built(folder: Path, content: bytes = b"text") -> Path:
    """A small package."""
    tree = Tree(folder / "tree", epoch=1_000_000_000)
    tree.put("/usr/share/sample/file", content)
    tree.put("/usr/bin/sample", b"#!/bin/sh\n", runs=True)
    tree.link("/usr/bin/other", "sample")
    tree.pack("/usr/share/man/man1/sample.1.gz", b"manual")
    tree.folder("/etc/sample")
    return tree.build(CONTROL, {"postrm": "#!/bin/sh\n"}, folder)


@needs_dpkg
def test_a_package_holds_its_files_with_their_rights(tmp_path):
    package = built(tmp_path)
    listed = subprocess.run(
        [DPKG, "--contents", package], check=True, capture_output=True, text=True
    ).stdout
    rights = {line.split()[5]: line.split()[:2] for line in listed.splitlines()}
    assert rights["./usr/share/sample/file"] == ["-rw-r--r--", "root/root"]
    assert rights["./usr/bin/sample"] == ["-rwxr-xr-x", "root/root"]
    assert rights["./usr/bin/other"][0].startswith("l")
    assert rights["./etc/sample/"] == ["drwxr-xr-x", "root/root"]
    fields = subprocess.run(
        [DPKG, "--field", package], check=True, capture_output=True, text=True
    ).stdout
    assert "Depends: libc6\n" in fields
    assert "Recommends" not in fields
    assert "Description: a sample\n One line.\n .\n Another.\n" in fields


@needs_dpkg
def test_the_same_files_give_the_same_package(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    assert built(tmp_path / "one").read_bytes() == built(tmp_path / "two").read_bytes()


@needs_dpkg
def test_what_dpkg_refuses_is_told(tmp_path):
    tree = Tree(tmp_path / "tree", epoch=0)
    bad = Control(
        name="Not A Name", version="1", architecture="all", summary="", description=()
    )
    with pytest.raises(Unbuildable, match="dpkg-deb"):
        tree.build(bad, {}, tmp_path)


@needs_dpkg
@pytest.mark.parametrize(
    ("old", "status"), [("0.2.0", 1), ("0.1.0", 0), ("0.0.9", 0), ("", 0)]
)
def test_an_older_package_is_refused_over_a_newer_one(tmp_path, old, status):
    script = tmp_path / "preinst"
    text = (SCRIPTS / "preinst").read_text(encoding="utf-8").replace("@VERSION@", "0.1.0")
    script.write_text(text, encoding="utf-8")
    argv = [SHELL, str(script), "upgrade", old]
    done = subprocess.run(argv, check=False, capture_output=True, text=True)
    assert done.returncode == status
    assert (f"version {old} is installed, which is newer" in done.stderr) == bool(status)
    forced = {**os.environ, "ONHAND_ALLOW_DOWNGRADE": "1"}
    assert subprocess.run(argv, check=False, env=forced).returncode == 0


def test_only_the_users_own_data_go_and_only_by_their_user(tmp_path):
    places = [tmp_path / "share" / name for name in ("onhand", "onhand-backups", "another")]
    for place in places:
        place.mkdir(parents=True)
        (place / "file").write_text("kept")
    program = ROOT / "packaging" / "linux" / "purge-user-data"
    env = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "XDG_DATA_HOME": str(tmp_path / "share"),
    }
    argv = [str(program)]
    if os.geteuid() == 0:
        done = subprocess.run(argv, env=env, check=False, capture_output=True, text=True)
        assert done.returncode == 2
        assert "Run this as the user" in done.stderr
        assert places[0].exists()
        argv = [
            shutil.which("unshare") or "unshare",
            "--user",
            *argv,
        ]  # which makes nobody of root
    subprocess.run(argv, env=env, check=True)
    assert [place.exists() for place in places] == [False, False, True]


@pytest.mark.parametrize("name", ["debian/preinst", "debian/postrm", "purge-user-data"])
def test_the_scripts_are_plain_shell(name):
    path = ROOT / "packaging" / "linux" / name
    subprocess.run([SHELL, "-n", path], check=True)
    assert os.access(path, os.X_OK)


def test_a_model_of_the_catalogue_is_known_by_its_file():
    assert model_of(ROOT, Path("SmolLM2-135M-Instruct.Q4_1.gguf"))["id"] == "smollm2-135m"
    with pytest.raises(Unbuildable, match="not in the catalogue"):
        model_of(ROOT, Path("stranger.gguf"))


def test_every_command_is_in_the_manual_and_the_completions():
    page = manual("1.2.3", 0).replace("\\-", "-")
    assert page.startswith('.TH ONHAND 1 "1970-01-01" "onhand 1.2.3"')
    for command in ("classify", "models download", "history export", "doctor"):
        assert f'.SS "onhand {command}"' in page
        assert command.split()[-1] in bash_completion()
        assert command.split()[-1] in zsh_completion()
    assert "--passphrase-file FILE" in page
    assert "onhand engine" not in page


def test_differences_of_trees_are_named():
    before = {"/a": "1", "/b": "1", "/c": "1"}
    after = {"/a": "1", "/b": "2", "/d": "1"}
    assert differences(before, after) == ["changed: /b", "gone: /c", "new: /d"]
