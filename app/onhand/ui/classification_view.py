"""A label, or labels, with a bar for each possible one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from onhand.domain.answers import Classification, Tagging
from onhand.ui.answer_view import LEAST_HEIGHT, AnswerView
from onhand.ui.lane_line import LaneLine
from onhand.ui.parts import button, label
from onhand.ui.score_bar import Elided, ScoreBar
from onhand.ui.scroll_bars import ScrollArea
from onhand.ui.theme import Gap

if TYPE_CHECKING:
    from collections.abc import Mapping

    from onhand.domain.answers import Answer
    from onhand.services.history_ports import Record

_AT_FIRST = 8


class ClassificationView(AnswerView):
    """Shows a `Classification` or a `Tagging`."""

    def __init__(self) -> None:
        super().__init__()
        self._chosen: tuple[str, ...] = ()
        self._scores: list[tuple[str, float]] = []
        self._title = label(rank="title")
        self._title.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._lane = LaneLine()
        self._more = button(self.tr("Show all labels"), part="link")
        self._more.clicked.connect(self._show_all)
        self._area = ScrollArea(self.tr("Probability of each label"))
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for each in (self._title, self._lane):
            self.column.addWidget(each)
        self._area.setMinimumHeight(LEAST_HEIGHT)
        self.column.addWidget(self._area, 1)
        self.column.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)

    def show_answer(self, record: Record) -> str:
        """See the base class."""
        outcome = record.outcome
        if outcome is None:
            return ""
        self._chosen, scores = _read(outcome.answer)
        self._scores = sorted(scores.items(), key=lambda entry: -entry[1])
        title = ", ".join(self._chosen) or self.tr("No label fits")
        self._title.setText(title)
        self._lane.setText(self.words.lane(outcome))
        self._list(_AT_FIRST)
        return f"{title}. {self._lane.text()}"

    def copied(self) -> str:
        """See the base class."""
        return ", ".join(self._chosen)

    def _show_all(self) -> None:
        self._list(len(self._scores))
        self._area.setFocus()

    def _list(self, number: int) -> None:
        # A few more than wanted are shown rather than hidden behind a button.
        if number >= len(self._scores) - 2:
            number = len(self._scores)
        hidden = len(self._scores) - number
        rows = QWidget()
        rows.setProperty("part", "page")
        column = QVBoxLayout(rows)
        column.setContentsMargins(0, 0, Gap.MEDIUM, 0)
        column.setSpacing(Gap.MEDIUM)
        for name, share in self._scores[:number]:
            column.addLayout(self._row(name, share))
        column.addStretch()
        self._area.setWidget(rows)
        text = self.tr("Show all %Ln labels", "", len(self._scores))
        self._more.setText(text)
        self._more.setAccessibleName(text)
        self._more.setVisible(hidden > 0)

    def _row(self, name: str, share: float) -> QGridLayout:
        percent = self.words.percent(share)
        shown = Elided(name)
        if name in self._chosen:
            font = shown.font()
            font.setBold(True)
            shown.setFont(font)
        bar = ScoreBar(self.tr("{label}: {share}").format(label=name, share=percent))
        bar.set_share(share)
        row = QGridLayout()
        row.setVerticalSpacing(Gap.TINY)
        row.addWidget(shown, 0, 0)
        row.addWidget(label(percent, tone="muted", wrap=False), 0, 1)
        row.addWidget(bar, 1, 0, 1, 2)
        row.setColumnStretch(0, 1)
        return row


def _read(answer: Answer) -> tuple[tuple[str, ...], Mapping[str, float]]:
    match answer:
        case Classification(label=chosen, scores=scores):
            return (chosen,), scores
        case Tagging(labels=several, scores=scores):
            return several, scores
        case _:
            return (), {}
