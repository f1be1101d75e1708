"""What the engine found out about this machine, in a small JSON file."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import msgspec

from onhand.domain.errors import AppError
from onhand.domain.ladder import LadderRecord
from onhand.storage.safe_files import replace_data_file

if TYPE_CHECKING:
    from pathlib import Path

_log = logging.getLogger(__name__)


class LadderFile:
    """The ladder port over a file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> LadderRecord | None:
        """The record, or None where there is none or it cannot be read."""
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=LadderRecord)
        except (OSError, msgspec.MsgspecError, RecursionError):
            return None

    def save(self, record: LadderRecord) -> None:
        """Replace the record in one step; a folder that cannot be written is no failure."""
        try:
            replace_data_file(self._path, msgspec.json.encode(record))
        except AppError as error:
            _log.warning("what was tried is not remembered: %s", error.code)
