"""Files that the program writes about itself: a report as a .zip, a page, a digest."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile

from onhand.domain.errors import OutputUnwritable
from onhand.storage.safe_files import failures_as, replacing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def is_taken(path: Path) -> bool:
    """Whether something is there already.

    Raises:
        OutputUnwritable, DiskFull: nothing is, and no file can be put there.
    """
    with failures_as(OutputUnwritable, path):
        if path.exists():
            return True
        part = _part_of(path)
        part.unlink(missing_ok=True)
        part.touch(exist_ok=False)
        part.unlink()
    return False


def save_report(path: Path, parts: Mapping[str, str]) -> None:
    """Write texts by their names into a new file, whole or not at all.

    Raises:
        OutputUnwritable: it cannot be written, or there is a file already.
        DiskFull: there is no room for it.
    """
    with failures_as(OutputUnwritable, path):
        if path.exists():
            raise OutputUnwritable(f"{path} is there already")
        part = _part_of(path)
        with (
            replacing(path, part, mode=0o600) as file,
            ZipFile(file, "w", ZIP_DEFLATED) as made,
        ):
            for name, text in parts.items():
                made.writestr(name, text)


def save_new(path: Path, content: bytes) -> None:
    """Write a new file, whole or not at all.

    Raises:
        OutputUnwritable: it cannot be written, or there is a file already.
        DiskFull: there is no room for it.
    """
    _save(path, content, replace=False)


def save_private(path: Path, content: bytes) -> None:
    """As `save_new`, for its owner's eyes."""
    _save(path, content, replace=False, mode=0o600)


def save_file(content: bytes, path: Path, *, replace: bool) -> None:
    """Write a file, whole or not at all; see `WriteFile`."""
    _save(path, content, replace=replace)


def _save(path: Path, content: bytes, *, replace: bool, mode: int = 0o644) -> None:
    with failures_as(OutputUnwritable, path):
        if path.exists() and not replace:
            raise OutputUnwritable(f"{path} is there already")
        part = _part_of(path)
        with replacing(path, part, mode=mode) as file:
            file.write(content)


def _part_of(path: Path) -> Path:
    return path.with_name(f".{path.name}.part")


def digest(path: Path) -> str:
    """The SHA-256 of a file as it lies on the disk; "" where it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
