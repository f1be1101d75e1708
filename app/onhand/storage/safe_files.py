"""Files that are whole or not there: replacing in one step, and what failures mean."""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from onhand.domain.errors import AppError, DataFolderUnwritable, DiskFull

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""What the system says when a disk, a quota or the largest file size is used up."""


@contextmanager
def failures_as(otherwise: type[AppError], path: Path) -> Iterator[None]:
    """Turn what the system refuses into `DiskFull` or `otherwise`."""
    try:
        yield
    except OSError as error:
        kind = DiskFull if error.errno in NO_ROOM else otherwise
        raise kind(f"{path}: {error.strerror or error}") from error


def is_file(path: Path) -> bool:
    """Whether there is a file; a path that no file can have is no failure."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def private_folder(path: Path) -> None:
    """Make a folder that only its owner can look into; one that is there stays as it is.

    Raises:
        DataFolderUnwritable, DiskFull: there is none now.
    """
    with failures_as(DataFolderUnwritable, path):
        path.mkdir(mode=0o700, parents=True, exist_ok=True)


@contextmanager
def replacing(target: Path, part: Path, *, mode: int) -> Iterator[BinaryIO]:
    """Write a file under the name `part`, which becomes `target` at the end of the block.

    It is on the disk before it gets its name. When the block fails, nothing is left of it.

    Raises:
        OSError: as the system reports it.
    """
    # Whatever lies there is left from a killed run, or a trap for those who follow links.
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY | _BINARY, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    except BaseException:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise
    settle(target.parent)


def replace_data_file(path: Path, content: bytes) -> None:
    """Replace a file of the data folder in one step; makes the folder.

    Raises:
        DataFolderUnwritable, DiskFull: it is as it was.
    """
    private_folder(path.parent)
    part = path.with_name(f".{path.name}.part")
    with (
        failures_as(DataFolderUnwritable, path),
        replacing(path, part, mode=0o600) as file,
    ):
        file.write(content)


_BINARY: int = getattr(os, "O_BINARY", 0)


def settle(folder: Path) -> None:
    """Put a new name on the disk too, where the system can do that for a folder."""
    if os.name != "posix":
        return
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
