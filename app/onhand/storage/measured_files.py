"""How fast models are on this machine: a small JSON file."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import msgspec

from onhand.domain.errors import AppError
from onhand.services.fit_ports import Measured
from onhand.storage.safe_files import replace_data_file

if TYPE_CHECKING:
    from pathlib import Path

    from onhand.services.ports import LadderStore

_log = logging.getLogger(__name__)


class _Known(msgspec.Struct, frozen=True, kw_only=True):
    """What was measured, and of which file."""

    model_bytes: int
    model_time: int
    measured: Measured


class MeasuredFile:
    """The port for what was measured, over a file."""

    def __init__(self, path: Path, ladder: LadderStore) -> None:
        """`ladder` knows what the engine runs on."""
        self._path = path
        self._ladder = ladder

    def load(self, model: Path, device: str) -> Measured | None:
        """What is known of a file with a wish for a device; None where it holds no more."""
        known = self._all().get(_key(model, device))
        record = self._ladder.load()
        if known is None or record is None or not known.measured.rung:
            return None
        measured = known.measured
        if _stamp(model) != (known.model_bytes, known.model_time):
            return None
        if measured.machine != record.fingerprint or record.failed(measured.rung):
            return None
        return measured

    def save(self, model: Path, measured: Measured) -> None:
        """Keep what was measured; a folder that cannot be written is no failure."""
        size, time = _stamp(model)
        known = _Known(model_bytes=size, model_time=time, measured=measured)
        every = {**self._all(), _key(model, measured.device): known}
        try:
            replace_data_file(self._path, msgspec.json.encode(every))
        except AppError as error:
            _log.warning("what was measured is not kept: %s", error)

    def _all(self) -> dict[str, _Known]:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=dict[str, _Known])
        except (OSError, msgspec.MsgspecError, RecursionError):
            return {}


def _key(model: Path, device: str) -> str:
    return f"{device} | {model}"


def _stamp(model: Path) -> tuple[int, int]:
    """What tells whether a file is another one now."""
    try:
        found = model.stat()
    except (OSError, ValueError):
        return 0, 0
    return found.st_size, found.st_mtime_ns
