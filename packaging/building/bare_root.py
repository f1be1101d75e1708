"""A bare Debian in a folder, in which a package is tried with no network."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import subprocess
from dataclasses import dataclass
from shlex import quote
from typing import TYPE_CHECKING

from building import Unbuildable
from building.tools import run, tool

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

USER = 1000
HOME = "/".join(("", "home", "tester"))
SOCKETS = "/tmp/.X11-unix"  # noqa: S108 - where X servers put them
MEMORY = "/dev/shm"  # noqa: S108 - where the system has it
MIRROR = "ONHAND_DEBIAN_MIRROR"
"""The environment variable with the place that debootstrap takes Debian from."""

NOT_COMPARED = ("/proc", "/sys", "/dev", "/run", "/tmp", "/var/lib/dpkg", "/var/log")  # noqa: S108
"""Where dpkg keeps its own books, and what is no file."""


@dataclass(frozen=True)
class Done:
    """How a command in the root ended."""

    status: int
    output: str


class BareRoot:
    """A folder with a Debian of its own."""

    def __init__(self, folder: Path, shown: Mapping[Path, str] | None = None) -> None:
        """`shown` are folders of this machine with the places where the root sees them."""
        self.folder = folder
        self._shown = shown or {}

    @classmethod
    def made(
        cls, suite: str, base: Path, folder: Path, packages: Sequence[str]
    ) -> BareRoot:
        """Make one from a base that is kept, with some packages of Debian in it.

        Raises:
            Unbuildable: debootstrap is missing or fails.
        """
        debootstrapped(suite, base)
        shutil.rmtree(folder, ignore_errors=True)
        run([tool("cp"), "-a", str(base), str(folder)])
        root = cls(folder)
        if packages:
            shutil.copy("/etc/resolv.conf", folder / "etc" / "resolv.conf")
            fetch = "apt-get update -qq && apt-get install -qq -y --no-install-recommends"
            done = root.run(["sh", "-c", f"{fetch} {' '.join(packages)}"], network=True)
            if done.status:
                raise Unbuildable(f"apt-get: {done.output[-2000:]}")
        home = folder / HOME.lstrip("/")
        home.mkdir(parents=True, exist_ok=True)
        os.chown(home, USER, USER)
        with (folder / "etc" / "passwd").open("a", encoding="utf-8") as file:
            file.write(f"tester:x:{USER}:{USER}::{HOME}:/bin/sh\n")
        return root

    def argv(
        self, argv: Sequence[str], *, user: bool = False, network: bool = False
    ) -> list[str]:
        """The command line that runs another one in the root, as a user or as root."""
        inside = str(self.folder)
        who = [f"--userspec={USER}:{USER}"] if user else []
        chroot = [tool("chroot"), *who, inside, *argv]
        mounts = (
            f"mount -t proc proc {inside}/proc && mount --rbind /dev {inside}/dev"
            f" && mount -t tmpfs tmpfs {inside}{MEMORY}"
            f" && mkdir -p {SOCKETS} {inside}{SOCKETS}"
            f" && mount --bind {SOCKETS} {inside}{SOCKETS}"
        )
        for folder, place in self._shown.items():
            self.inside(place).mkdir(parents=True, exist_ok=True)
            mounts += f" && mount --bind {quote(str(folder))} {quote(inside + place)}"
        apart = ["--mount", "--pid", "--fork", *([] if network else ["--net"])]
        return [
            tool("unshare"),
            *apart,
            "sh",
            "-ec",
            f'{mounts}; exec "$@"',
            "sh",
            *chroot,
        ]

    def environment(self, more: dict[str, str]) -> dict[str, str]:
        """What a user of the root finds in the environment; nothing of this machine."""
        return {
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": HOME,
            "LANG": "C.UTF-8",
            "DEBIAN_FRONTEND": "noninteractive",
            **more,
        }

    def run(
        self,
        argv: Sequence[str],
        *,
        user: bool = False,
        network: bool = False,
        env: dict[str, str] | None = None,
    ) -> Done:
        """Run a command in the root to its end."""
        done = subprocess.run(
            self.argv(argv, user=user, network=network),
            env=self.environment(env or {}),
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return Done(done.returncode, done.stdout)

    def inside(self, place: str) -> Path:
        """Where a place of the root is on this machine."""
        return self.folder / place.lstrip("/")

    def bring(self, file: Path, place: str) -> str:
        """Copy a file into the root, for its user; returns its place there."""
        target = self.inside(place)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
        os.chown(target, USER, USER)
        return place

    def tree(self) -> dict[str, str]:
        """Every file with its kind, owner, rights and content, in a word each."""
        found = {}
        for each in sorted(self.folder.rglob("*")):
            place = f"/{each.relative_to(self.folder).as_posix()}"
            if not place.startswith(NOT_COMPARED):
                found[place] = _described(each)
        return found


def debootstrapped(suite: str, folder: Path) -> None:
    """Have a Debian in a folder; one that is there stays.

    Raises:
        Unbuildable: debootstrap is missing or fails.
    """
    if not (folder / "etc").is_dir():
        run([tool("debootstrap"), "--variant=minbase", suite, str(folder), *_mirror()])


def differences(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """What is not in both trees, or not the same, one line each."""
    return [
        f"{_what(place in before, place in after)}: {place}"
        for place in sorted(before.keys() | after.keys())
        if before.get(place) != after.get(place)
    ]


def _what(was: bool, is_now: bool) -> str:
    if was and is_now:
        return "changed"
    return "gone" if was else "new"


def _described(path: Path) -> str:
    found = path.lstat()
    owner = f"{stat.filemode(found.st_mode)} {found.st_uid}:{found.st_gid}"
    if path.is_symlink():
        return f"{owner} {path.readlink()}"
    if path.is_file():
        return f"{owner} {hashlib.sha256(path.read_bytes()).hexdigest()}"
    return owner


def _mirror() -> list[str]:
    return [os.environ[MIRROR]] if MIRROR in os.environ else []
