"""The engines that run with one data folder, noted in small files: one for each process.

A file names the process, when it began and its model. One whose process is gone, or whose
number another process has by now, is dead and is removed by whoever sees it.
"""

from __future__ import annotations

import logging
import os
from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec
import psutil

from onhand.services.fit_ports import RunningEngine

if TYPE_CHECKING:
    from pathlib import Path

_log = logging.getLogger(__name__)


class _Note(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in a file."""

    pid: int
    began: float
    parent: int
    model: str


class EngineNotes:
    """The register port over a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def enter(self, pid: int, model: Path) -> None:
        """A process holds a model now."""
        try:
            note = _Note(
                pid=pid,
                began=psutil.Process(pid).create_time(),
                parent=os.getpid(),
                model=str(model),
            )
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            part = self._folder / f"{pid}.part"
            part.write_bytes(msgspec.json.encode(note))
            part.replace(self._file(pid))
        except (OSError, psutil.Error) as error:
            _log.info("an engine is not noted: %s", type(error).__name__)

    def leave(self, pid: int) -> None:
        """It is about to end."""
        with suppress(OSError):
            self._file(pid).unlink(missing_ok=True)

    def running(self) -> list[RunningEngine]:
        """All that run; dead notes are removed."""
        found = []
        for file in sorted(self._folder.glob("*.json")):
            engine = _running(file)
            if engine is not None:
                found.append(engine)
            else:
                with suppress(OSError):
                    file.unlink(missing_ok=True)
        return found

    def _file(self, pid: int) -> Path:
        return self._folder / f"{pid}.json"


def _running(file: Path) -> RunningEngine | None:
    """The engine of a note, or None where it is dead, or no note."""
    try:
        note = msgspec.json.decode(file.read_bytes(), type=_Note)
        process = psutil.Process(note.pid)
        gone = process.status() == psutil.STATUS_ZOMBIE
        if gone or process.create_time() != note.began:
            return None
        taken = process.memory_info()
    except (OSError, ValueError, OverflowError, psutil.Error):
        return None
    # Only Linux tells how much of it are pages of files.
    mapped = min(int(getattr(taken, "shared", 0)), _size(note.model))
    return RunningEngine(
        model=note.model,
        own=note.parent == os.getpid(),
        private=max(0, taken.rss - mapped),
        mapped=mapped,
    )


def _size(model: str) -> int:
    try:
        return os.stat(model).st_size  # noqa: PTH116 - a path from a file may be any text
    except (OSError, ValueError):
        return 0
