"""Hears of later starts of the program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

if TYPE_CHECKING:
    from onhand.services.start_ports import Doorstep

_LOOK = 300
"""Milliseconds between two looks where the system tells of no changes."""


class Doorbell(QObject):
    """Watches a doorstep.

    Signals:
        rang: a later start wants this `Start`.
    """

    rang = Signal(object)

    def __init__(self, doorstep: Doorstep) -> None:
        super().__init__()
        self._doorstep = doorstep
        self._watcher = QFileSystemWatcher(self)
        self._watcher.directoryChanged.connect(self._look)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        if not self._watcher.addPath(str(doorstep.folder)):
            self._timer.start(_LOOK)
        QTimer.singleShot(0, self._look)

    def _look(self) -> None:
        for start in self._doorstep.take():
            self.rang.emit(start)
