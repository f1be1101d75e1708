"""Names for the bars by which something is scrolled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QScrollArea

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent
    from PySide6.QtWidgets import QAbstractScrollArea


def name_bars(area: QAbstractScrollArea) -> None:
    """Call the bars of an area after what is scrolled, so that they are told apart."""
    name = area.accessibleName()
    down = QCoreApplication.translate("ScrollBars", "Scroll up and down: {name}")
    aside = QCoreApplication.translate("ScrollBars", "Scroll sideways: {name}")
    area.verticalScrollBar().setAccessibleName(down.format(name=name))
    area.horizontalScrollBar().setAccessibleName(aside.format(name=name))


class ScrollArea(QScrollArea):
    """A page that scrolls, under a name."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setAccessibleName(name)

    def showEvent(self, event: QShowEvent) -> None:
        """Name the bars."""
        super().showEvent(event)
        name_bars(self)
