"""How far to trust an answer, and what that means, for who asks."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from onhand.domain.calibration import ENOUGH
from onhand.ui.parts import announce, button, label
from onhand.ui.theme import Gap


class LaneLine(QWidget):
    """The lane in words; "?" explains it in its place."""

    def __init__(self) -> None:
        super().__init__()
        self._lane = label(tone="muted")
        self._ask = button("?", part="link", name=self.tr("What does this say?"))
        self._ask.setCheckable(True)
        self._ask.toggled.connect(self._explain)
        told = self.tr(
            "“Sure” is said of answers of which so few are wrong, by those that you judged,"
            " as Preferences promise; “Please check” of those to look at before you use"
            " them, “Too hard” of those that were mostly wrong. It is learned from"
            " “Correct…” and “It is right”; until you judged {number} answers of a task,"
            " nobody can tell how often the model is wrong on your texts. Nothing of this"
            " leaves the laptop."
        )
        self._told = label(told.format(number=ENOUGH), tone="muted", rank="small")
        self._told.hide()
        row = QHBoxLayout()
        row.setSpacing(Gap.SMALL)
        row.addWidget(self._lane, 1)
        row.addWidget(self._ask, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Gap.TINY)
        column.addLayout(row)
        column.addWidget(self._told)

    def text(self) -> str:
        """The lane in words."""
        return self._lane.text()

    def setText(self, text: str) -> None:
        """Say this of the lane."""
        self._lane.setText(text)

    def _explain(self, wanted: bool) -> None:
        self._told.setVisible(wanted)
        if wanted:
            announce(self, self._told.text())
