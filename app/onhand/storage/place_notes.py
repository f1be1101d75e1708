"""What was told of the place of the data folder: a small file in it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec

from onhand.domain.errors import AppError
from onhand.storage.safe_files import replace_data_file

if TYPE_CHECKING:
    from pathlib import Path

LARGEST = 1 << 16
"""Bytes beyond which a file is none of ours."""


class _Note(msgspec.Struct, frozen=True, kw_only=True):
    folder: str
    shared: str


class PlaceNotesFile:
    """The notes port over a file; one that was moved with its folder does not count."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def told(self) -> str | None:
        """What was told; None where nothing was, or of another place."""
        try:
            with self._path.open("rb") as file:
                found = msgspec.json.decode(file.read(LARGEST), type=_Note)
        except (OSError, msgspec.MsgspecError):
            return None
        return found.shared if found.folder == self._folder else None

    def note(self, shared: str) -> None:
        """Remember it, where there is a data folder."""
        if self._path.parent.is_dir():
            content = msgspec.json.encode(_Note(folder=self._folder, shared=shared))
            with suppress(AppError):
                replace_data_file(self._path, content)

    @property
    def _folder(self) -> str:
        return str(self._path.parent.absolute()).encode("utf-8", "replace").decode()
