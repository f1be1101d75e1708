"""The places of the window, on its left side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QButtonGroup, QFrame, QSizePolicy, QToolButton, QVBoxLayout

from onhand.ui.icons import Picture, drawn
from onhand.ui.theme import Gap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onhand.ui.theme import Theme

_WIDE = 158
_PICTURE = 20
"""Logical pixels of a picture, each way."""


@dataclass(frozen=True)
class Place:
    """Somewhere to go; `title` has a mnemonic."""

    title: str
    picture: Picture


class Rail(QFrame):
    """One button for each place, one of them down.

    Signals:
        chosen: the number of the place to show.
    """

    chosen = Signal(int)

    def __init__(self, places: Sequence[Place], theme: Theme) -> None:
        super().__init__()
        self.setProperty("part", "rail")
        self._places = tuple(places)
        self._theme = theme
        self._narrow = False
        self._ratio = 1.0
        self._buttons = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(Gap.SMALL, Gap.LARGE, Gap.SMALL, Gap.LARGE)
        column.setSpacing(Gap.TINY)
        for number, place in enumerate(self._places):
            button = self._button(place)
            self._buttons.addButton(button, number)
            column.addWidget(button)
        column.addStretch()
        self._buttons.idToggled.connect(self._tell)
        theme.changed.connect(self._draw)
        self._draw()
        self._buttons.button(0).setChecked(True)

    def choose(self, number: int) -> None:
        """Go to a place."""
        self._buttons.button(number).setChecked(True)

    def set_narrow(self, narrow: bool) -> None:
        """Show pictures alone, or words too."""
        if narrow != self._narrow:
            self._narrow = narrow
            self._draw()

    def event(self, event: QEvent) -> bool:
        """Draw the pictures anew for a screen that is as dense as none before."""
        kinds = (QEvent.Type.DevicePixelRatioChange, QEvent.Type.Show)
        if event.type() in kinds and self._ratio != self.devicePixelRatio():
            self._draw()
        return super().event(event)

    def _button(self, place: Place) -> QToolButton:
        button = QToolButton()
        button.setProperty("part", "place")
        button.setCheckable(True)
        button.setAutoExclusive(True)  # one of several, for a screen reader
        button.setIconSize(QSize(_PICTURE, _PICTURE))
        button.setText(f" {place.title}")
        button.setAccessibleName(place.title.replace("&", ""))
        button.setToolTip(place.title.replace("&", ""))
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        return button

    def _draw(self) -> None:
        style = Qt.ToolButtonStyle
        self._ratio = self.devicePixelRatio()
        colour = self._theme.colours.text
        for place, button in zip(self._places, self._buttons.buttons(), strict=True):
            button.setIcon(QIcon(drawn(place.picture, colour, _PICTURE, self._ratio)))
            if isinstance(button, QToolButton):
                button.setToolButtonStyle(
                    style.ToolButtonIconOnly
                    if self._narrow
                    else style.ToolButtonTextBesideIcon
                )
        self.setFixedWidth(self._least() if self._narrow else max(_WIDE, self._least()))

    def _least(self) -> int:
        hints = [button.sizeHint().width() for button in self._buttons.buttons()]
        return max(hints) + 2 * Gap.SMALL

    def _tell(self, number: int, chosen: bool) -> None:
        if chosen:
            self.chosen.emit(number)
