"""The machine port: memory, disk and running engines of this computer."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from onhand.machine.memory import free_memory, killed_for_memory

if TYPE_CHECKING:
    from pathlib import Path

    from onhand.domain.fit import Memory
    from onhand.machine.engines import EngineNotes
    from onhand.services.fit_ports import RunningEngine


class ThisMachine:
    """Asks the system; nothing is remembered."""

    def __init__(self, *, models: Path, engines: EngineNotes) -> None:
        """`models` is the folder of the user's models."""
        self._models = models
        self._engines = engines

    def memory(self) -> Memory:
        """What memory a new process could take."""
        return free_memory()

    def size_of(self, file: Path) -> int:
        """Bytes of a file; 0 where it is not there."""
        try:
            return file.stat().st_size
        except (OSError, ValueError):
            return 0

    def disk_free(self) -> int:
        """Bytes free where the user's models lie; 0 where that cannot be told."""
        for folder in (self._models, *self._models.parents):
            try:
                return shutil.disk_usage(folder).free
            except OSError:
                continue
        return 0

    def kills(self) -> int:
        """How many processes the system has ended for want of memory since it started."""
        return killed_for_memory()

    def engines(self) -> list[RunningEngine]:
        """The engines that run with this data folder."""
        return self._engines.running()
