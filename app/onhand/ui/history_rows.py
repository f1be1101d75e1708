"""Entries of the history as rows of a table, and in words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from onhand.domain.answers import plain
from onhand.domain.verdicts import is_confirmed
from onhand.ui.table import Table
from onhand.ui.table_model import Column
from onhand.ui.theme import Gap
from onhand.ui.wording import Wording

if TYPE_CHECKING:
    from onhand.services.history_ports import Record
    from onhand.ui.table_model import TableModel

_EXCERPT = 200
_LONG = datetime(2028, 12, 28, 22, 28, tzinfo=UTC)
"""A moment that is long to write, in every language."""


class RecordWords(QObject):
    """What a table, or a box beside it, says of an entry."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._words = Wording(self)

    def columns(self) -> tuple[Column[Record], ...]:
        """The columns of a table of entries."""
        return (
            Column(title=self.tr("When"), text=lambda entry: self._words.moment(entry.at)),
            Column(title=self.tr("Task"), text=self.task),
            Column(title=self.tr("Text"), text=lambda entry: _line(entry.text)),
            Column(title=self.tr("Answer"), text=lambda entry: _line(self.answer(entry))),
            Column(title=self.tr("Marks"), text=self._marks),
        )

    def task(self, entry: Record) -> str:
        """The name of its task, or what the task does."""
        return self._words.task(entry.task)

    def answer(self, entry: Record) -> str:
        """Its answer, or why there is none."""
        if entry.outcome is None:
            return self.tr("no answer: {code}").format(code=entry.error)
        return plain(entry.outcome.answer)

    def whole(self, entry: Record) -> str:
        """Its answer and its text."""
        if entry.bare and entry.outcome is not None:
            told = self.tr("Of this entry only figures were kept.")
            return f"{told}\n\n{self._words.made(entry.outcome)}"
        return f"{self.answer(entry)}\n\n{entry.text}"

    def _marks(self, entry: Record) -> str:
        marks = []
        if entry.bare:
            marks.append(self.tr("figures only"))
        if entry.correction is not None:
            right = is_confirmed(entry.task, entry.outcome, entry.correction)
            marks.append(self.tr("right") if right else self.tr("corrected"))
        if entry.pinned:
            marks.append(self.tr("pinned"))
        return ", ".join(marks)


def _line(text: str) -> str:
    return " ".join(text[:_EXCERPT].split())


class RecordTable(Table):
    """Many entries, of which several can be chosen."""

    def __init__(self, name: str, model: TableModel[Record]) -> None:
        super().__init__(name, model, widest=2, many=True)
        for section, sample in (
            (0, Wording(self).moment(_LONG)),
            (1, "Some longer name"),
            (3, "an answer of some length, say"),
            (4, "corrected, pinned"),
        ):
            width = self.fontMetrics().horizontalAdvance(sample) + 2 * Gap.LARGE
            self.horizontalHeader().resizeSection(section, width)
        self.setMinimumHeight(140)
