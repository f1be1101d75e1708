"""Packages for Fedora and its like: made from a tree, read back, their script run."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from building import Unbuildable
from building.debian import Tree
from building.rpm import POSTUN, Spec, listed, packed

ROOT = Path(__file__).resolve().parents[2]
SHELL = shutil.which("sh") or "sh"
RPM = shutil.which("rpm") or "rpm"
needs_rpm = pytest.mark.skipif(shutil.which("rpmbuild") is None, reason="no rpmbuild here")


def spec(folder: Path, version: str = "1.2") -> Spec:
    tree = Tree(folder / "tree", epoch=1_000_000_000)
    tree.put("/usr/lib/onhand/a file", b"text")
    tree.put("/usr/lib/onhand/onhand", b"#!/bin/sh\n", runs=True)
    tree.link("/usr/bin/onhand", "../lib/onhand/onhand")
    tree.folder("/etc/onhand/policies/managed")
    made = Spec(
        version=version,
        tree=tree.finished(),
        listed=folder / "files",
        relations=("Requires: libc.so.6(GLIBC_2.35)(64bit)", "Recommends: libEGL.so.1"),
        postun="exit 0",
    )
    made.listed.write_text("\n".join(listed(made.tree)) + "\n")
    return made


def query(package: Path, what: str) -> list[str]:
    argv = [RPM, "--query", "--package", what, str(package)]
    return subprocess.run(
        argv, check=True, capture_output=True, text=True
    ).stdout.splitlines()


@needs_rpm
def test_a_package_holds_its_files_and_folders_but_not_those_of_every_system(tmp_path):
    package = packed(spec(tmp_path), tmp_path, 1_000_000_000)
    assert query(package, "--list") == [
        "/etc/onhand",
        "/etc/onhand/policies",
        "/etc/onhand/policies/managed",
        "/usr/bin/onhand",
        "/usr/lib/onhand",
        "/usr/lib/onhand/a file",
        "/usr/lib/onhand/onhand",
    ]
    owners = {tuple(line.split()[-6:-4]) for line in query(package, "--dump")}
    assert owners == {("root", "root")}
    assert "libc.so.6(GLIBC_2.35)(64bit)" in query(package, "--requires")
    assert query(package, "--recommends") == ["libEGL.so.1"]
    assert "License     : MIT" in query(package, "--info")


@needs_rpm
def test_the_same_files_give_the_same_package(tmp_path):
    made = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        package = packed(spec(tmp_path / name), tmp_path / name, 1_000_000_000)
        made.append(package.read_bytes())
    assert made[0] == made[1]


@needs_rpm
def test_what_rpmbuild_refuses_is_told(tmp_path):
    with pytest.raises(Unbuildable, match="rpmbuild"):
        packed(spec(tmp_path, version="no version"), tmp_path, 0)


@pytest.mark.parametrize(
    ("left", "asked", "gone"),
    [("1", "1", False), ("0", "", False), ("0", "1", True)],
)
def test_what_is_the_user_s_goes_only_with_the_program_and_when_asked(
    tmp_path, left, asked, gone
):
    script = tmp_path / "postun"
    script.write_text(POSTUN + 'echo "$1"\n')
    env = {**os.environ, "ONHAND_PURGE_USER_DATA": asked}
    argv = [SHELL, str(script), left]
    done = subprocess.run(argv, env=env, check=True, capture_output=True, text=True)
    assert done.stdout == ("purge\n" if gone else "")
