"""A package and what vouches for it, to be read and never written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.domain.progress import ignore_progress
from onhand.domain.update_errors import UpdateDamaged
from onhand.storage.measuring import measured
from onhand.storage.safe_files import failures_as, is_file

if TYPE_CHECKING:
    from pathlib import Path

    from onhand.domain.progress import CancelToken, OnProgress

PIECE_BYTES = 1 << 20


class UpdateFiles:
    """The port of update files over the file system."""

    def is_there(self, path: Path) -> bool:
        """Whether there is a file."""
        return is_file(path)

    def small(self, path: Path, most: int) -> bytes:
        """A small file, whole.

        Raises:
            UpdateDamaged: it cannot be read, or is larger than `most` bytes.
        """
        _raise_if_missing(path)
        with failures_as(UpdateDamaged, path), path.open("rb") as file:
            data = file.read(most + 1)
        if len(data) > most:
            raise UpdateDamaged("what vouches for it cannot be read")
        return data

    def measure(
        self, path: Path, cancel: CancelToken, on_progress: OnProgress = ignore_progress
    ) -> tuple[int, str]:
        """Bytes and SHA-256 of a file, as it lies on the disk; progress counts bytes.

        Raises:
            UpdateDamaged: it cannot be read.
            Cancelled: the user stopped it.
        """
        _raise_if_missing(path)
        with failures_as(UpdateDamaged, path):
            found = measured(path, PIECE_BYTES, cancel, on_progress)
        return found.bytes, found.sha256


def _raise_if_missing(path: Path) -> None:
    if not is_file(path):  # a pipe or a folder would not end, or not begin
        raise UpdateDamaged(f"there is no file {path}")
