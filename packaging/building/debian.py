"""A package of Debian: files at their places, what stands in its control file."""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from building import Unbuildable

if TYPE_CHECKING:
    from pathlib import Path

QUICKLY = "ONHAND_PACKAGE_QUICKLY"
"""The environment variable that makes larger packages in seconds, to try them."""


@dataclass(frozen=True, kw_only=True)
class Control:
    """What the package says of itself.

    Attributes:
        relations: Depends, Recommends and the like, by field.
        packing: how the files are compressed, "none" for what cannot be made smaller.
    """

    name: str
    version: str
    architecture: str
    summary: str
    description: tuple[str, ...]
    relations: dict[str, str] = field(default_factory=dict)
    packing: str = "xz"

    def text(self, kilobytes: int) -> str:
        """The control file; `kilobytes` is what the files take."""
        lines = [
            f"Package: {self.name}",
            f"Version: {self.version}",
            f"Architecture: {self.architecture}",
            "Maintainer: The Onhand authors <onhand@localhost>",
            "Section: utils",
            "Priority: optional",
            f"Installed-Size: {kilobytes}",
            *(f"{key}: {value}" for key, value in self.relations.items() if value),
            f"Description: {self.summary}",
            *(f" {line}" if line else " ." for line in self.description),
        ]
        return "".join(f"{line}\n" for line in lines)


class Tree:
    """The files of a package, in a folder that is empty at first."""

    def __init__(self, folder: Path, epoch: int) -> None:
        """`epoch` is the time that all files get, in seconds since 1970."""
        self._folder = folder
        self._epoch = epoch
        folder.mkdir(parents=True)
        folder.chmod(0o755)

    def put(self, place: str, content: bytes, *, runs: bool = False) -> None:
        """Write a file; `place` is absolute on the system where it is installed."""
        target = self._target(place)
        target.write_bytes(content)
        target.chmod(0o755 if runs else 0o644)

    def pack(self, place: str, content: bytes) -> None:
        """The same, compressed by gzip, as manuals are."""
        self.put(place, gzip.compress(content, 9, mtime=0))

    def copy(self, source: Path, place: str, *, runs: bool = False) -> None:
        """Copy a file."""
        target = self._target(place)
        shutil.copyfile(source, target)
        target.chmod(0o755 if runs else 0o644)

    def copy_folder(self, source: Path, place: str) -> None:
        """Copy a folder with all that is in it, links as links."""
        target = self._target(place)
        shutil.copytree(source, target, symlinks=True)
        for each in [target, *target.rglob("*")]:
            if not each.is_symlink():
                each.chmod(0o755 if each.is_dir() or os.access(each, os.X_OK) else 0o644)

    def link(self, place: str, leads_to: str) -> None:
        """Make a symbolic link."""
        self._target(place).symlink_to(leads_to)

    def folder(self, place: str) -> None:
        """Make an empty folder."""
        self._target(place).mkdir()

    def finished(self) -> Path:
        """The folder, with rights and times that do not depend on who made it when."""
        for each in [self._folder, *self._folder.rglob("*")]:
            if each.is_dir() and not each.is_symlink():
                each.chmod(0o755)
            os.utime(each, (self._epoch, self._epoch), follow_symlinks=False)
        return self._folder

    def build(self, control: Control, scripts: dict[str, str], target: Path) -> Path:
        """Make the package, `target` being the folder for it; returns its path."""
        kilobytes = sum(each.lstat().st_size for each in self._folder.rglob("*")) // 1024
        for name, script in scripts.items():
            self.put(f"/DEBIAN/{name}", script.encode(), runs=True)
        self.put("/DEBIAN/control", control.text(kilobytes).encode())
        self.finished()
        package = target / f"{control.name}_{control.version}_{control.architecture}.deb"
        program = shutil.which("dpkg-deb")
        if program is None:
            raise Unbuildable("there is no dpkg-deb; on Debian dpkg brings it")
        env = {**os.environ, "SOURCE_DATE_EPOCH": str(self._epoch)}
        packing = ["-Zgzip", "-z1"] if QUICKLY in os.environ else [f"-Z{control.packing}"]
        argv = [program, "--root-owner-group", *packing, "--build"]
        done = subprocess.run(
            [*argv, str(self._folder), str(package)],
            env=env, check=False, capture_output=True, text=True,
        )  # fmt: skip
        if done.returncode:
            raise Unbuildable(f"dpkg-deb: {done.stderr.strip()}")
        return package

    def _target(self, place: str) -> Path:
        target = self._folder / place.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        return target


def architecture() -> str:
    """The word of Debian for the processor of this machine."""
    machine = os.uname().machine
    known = {"x86_64": "amd64", "aarch64": "arm64"}
    if machine not in known:
        raise Unbuildable(f"no package is made for {machine}")
    return known[machine]
