"""Checksums of all packages, and signatures by GnuPG."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from typing import TYPE_CHECKING

from building import Unbuildable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SUMS = "SHA256SUMS"
KINDS = (".deb", ".rpm", ".exe", ".msi", ".pkg", ".dmg", ".json", ".onhandupdate")
"""Endings of what is handed out."""


def write_checksums(folder: Path, options: Sequence[str]) -> None:
    """Write SHA256SUMS; with `--key ID` sign it and each package, in files of their own.

    Raises:
        Unbuildable: there is nothing to sign, no GnuPG, or no such key.
    """
    packages = sorted(each for each in folder.glob("*.*") if each.suffix in KINDS)
    if not packages:
        raise Unbuildable(f"there is no package in {folder}")
    sums = "".join(f"{_digest(each)}  {each.name}\n" for each in packages)
    (folder / SUMS).write_text(sums, encoding="utf-8")
    print(f"build: {folder / SUMS}, {len(packages)} files")
    match list(options):
        case []:
            return
        case ["--key", key]:
            for each in (folder / SUMS, *packages):
                _sign(each, key)
            print(f"build: signed with {key}")
        case _:
            raise Unbuildable("checksums takes --key ID and nothing else")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sign(path: Path, key: str) -> None:
    gpg = shutil.which("gpg")
    if gpg is None:
        raise Unbuildable("there is no gpg here")
    target = path.with_name(f"{path.name}.asc")
    argv = [gpg, "--batch", "--yes", "--local-user", key, "--armor"]
    argv += ["--output", str(target), "--detach-sign", str(path)]
    done = subprocess.run(argv, check=False, capture_output=True, text=True)
    if done.returncode:
        raise Unbuildable(f"gpg: {done.stderr.strip()}")
