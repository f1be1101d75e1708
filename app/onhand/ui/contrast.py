"""Whether the system asks for more contrast, now and whenever that changes.

Qt tells it from 6.10 on. Qt for Linux is older here, as wheels of newer ones need the C
library 2.34; there the portal of the desktop is asked, as newer ones ask it.
"""
# ruff: noqa: PLC0415 - D-Bus is loaded where Qt does not know

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from enum import Enum

    from PySide6.QtGui import QStyleHints


class Contrast(QObject):
    """What the system asks for; nothing, where it cannot be asked.

    Signals:
        changed: `strong` is another one now.
    """

    changed = Signal()

    def __init__(self, hints: QStyleHints) -> None:
        """A portal answers a little later, by `changed`: the window does not wait."""
        super().__init__()
        self.strong = False
        self._asked: QObject
        if (of_qt := getattr(hints, "accessibility", None)) is not None:
            self._asked = wishes = of_qt()
            wishes.contrastPreferenceChanged.connect(self._told_by_qt)
            self._told_by_qt(wishes.contrastPreference())
        else:
            from onhand.ui.portal import Portal

            self._asked = portal = Portal("org.freedesktop.appearance", "contrast")
            portal.told.connect(self._told_by_portal)

    def _told_by_qt(self, preference: Enum) -> None:
        self._set(preference.name == "HighContrast")

    def _told_by_portal(self, value: object) -> None:
        self._set(value == 1)  # 0 is no wish; others do not exist yet

    def _set(self, strong: bool) -> None:
        if strong != self.strong:
            self.strong = strong
            self.changed.emit()
