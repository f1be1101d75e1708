"""What the views of all kinds of answers have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from onhand.ui.theme import Gap
from onhand.ui.wording import Wording

if TYPE_CHECKING:
    from onhand.services.history_ports import Record


LEAST_HEIGHT = 110
"""Of the part of a view that can be scrolled."""


class AnswerView(QWidget):
    """Shows answers of one kind.

    Signals:
        sources_chosen: a list of `(start, end)` in code points of the given text.
        copying_allowed: whether the answer may be copied now.
    """

    sources_chosen = Signal(list)
    copying_allowed = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.words = Wording(self)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(Gap.MEDIUM)

    def show_answer(self, record: Record) -> str:
        """Show the answer of an entry; returns it in words, for those who listen."""
        raise NotImplementedError

    def copied(self) -> str:
        """What the copy button puts into the clipboard."""
        raise NotImplementedError

    def point(self, position: int) -> None:
        """The user looks at this code point of the given text."""
