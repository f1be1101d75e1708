"""Where the window was and what it showed, kept for the next start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSettings

if TYPE_CHECKING:
    from pathlib import Path

    from onhand.ui.window_frame import WindowFrame

_GEOMETRY, _PLACE = "geometry", "place"
_LEAST_SEEN = 80
"""Logical pixels of the window, each way, that must be on a screen to be got hold of."""


class WindowState:
    """A small file. What it holds is ignored where it makes no sense."""

    def __init__(self, file: Path) -> None:
        """The folder of `file` is not made for its sake."""
        self._file = file

    def restore(self, window: WindowFrame) -> None:
        """Put a window that is not seen yet where the last one was, on a screen of now."""
        usual = window.size()
        held = self._held()
        geometry = held.value(_GEOMETRY)
        if isinstance(geometry, QByteArray) and window.restoreGeometry(geometry):
            _bring_back(window)
        if window.size().isEmpty():
            window.resize(usual)
        place = str(held.value(_PLACE))
        if place.isascii() and place.isdigit() and int(place) < window.places.count():
            window.show_place(int(place))

    def keep(self, window: WindowFrame) -> None:
        """Remember where it is; what cannot be written is not."""
        if not self._file.parent.is_dir():
            return
        held = self._held()
        held.setValue(_GEOMETRY, window.saveGeometry())
        held.setValue(_PLACE, window.places.currentIndex())
        held.sync()

    def _held(self) -> QSettings:
        return QSettings(str(self._file), QSettings.Format.IniFormat)


def _bring_back(window: WindowFrame) -> None:
    """Move what no screen shows enough of to the middle of the first, and make it fit."""
    room = window.screen().availableGeometry()
    window.resize(window.size().boundedTo(room.size()))
    seen = window.geometry().intersected(room)
    if seen.width() < _LEAST_SEEN or seen.height() < _LEAST_SEEN:
        place = window.geometry()
        place.moveCenter(room.center())
        window.setGeometry(place)
