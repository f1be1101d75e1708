"""What was found out about model files, in one small file."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec

from onhand.domain.errors import AppError
from onhand.domain.trust import CheckedFile
from onhand.storage.safe_files import replace_data_file

if TYPE_CHECKING:
    from pathlib import Path

KEPT = 200
"""So many files are remembered; the one that was looked at longest ago goes first."""


class CheckedFilesFile:
    """The port over a JSON file. One that cannot be read counts as empty."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: dict[str, CheckedFile] | None = None

    def load(self, path: Path) -> CheckedFile | None:
        """What is known about the file at a path, when it had the stamp in it."""
        return self._all().get(str(path))

    def save(self, path: Path, checked: CheckedFile) -> None:
        """Remember it, at least for as long as this program runs."""
        known = {**self._read(), **self._all()}
        known.pop(str(path), None)
        known[str(path)] = checked
        while len(known) > KEPT:
            del known[next(iter(known))]
        self._known = known
        with suppress(AppError):
            replace_data_file(self._path, msgspec.json.encode(known))

    def _all(self) -> dict[str, CheckedFile]:
        if self._known is None:
            self._known = self._read()
        return self._known

    def _read(self) -> dict[str, CheckedFile]:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=dict[str, CheckedFile])
        except (OSError, ValueError, RecursionError):
            return {}
