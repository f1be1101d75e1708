"""What another model changes: figures side by side, and every answer that differs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QPlainTextEdit, QVBoxLayout, QWidget

from onhand.domain.answers import plain
from onhand.domain.comparing import Finding
from onhand.ui.offsets import shown
from onhand.ui.parts import label
from onhand.ui.table import Table
from onhand.ui.table_model import Column, TableModel
from onhand.ui.theme import Gap
from onhand.ui.wording import Wording

if TYPE_CHECKING:
    from onhand.domain.comparing import Comparison, Item, Reply
    from onhand.domain.tasks import AnswerData


class ChangeView(QWidget):
    """Shows a comparison."""

    def __init__(self) -> None:
        super().__init__()
        self._words = Wording(self)
        self._said = label()
        self._told = label(tone="muted")
        self._figures = QGridLayout()
        self._figures.setHorizontalSpacing(Gap.HUGE)
        self._figures.setVerticalSpacing(Gap.TINY)
        self._figures.setColumnStretch(0, 1)
        self._items: TableModel[Item] = TableModel(
            (
                Column(title=self.tr("Text"), text=lambda item: _line(item.text)),
                Column(title=self.tr("Now"), text=lambda item: self._reply(item, 0)),
                Column(title=self.tr("Then"), text=lambda item: self._reply(item, 1)),
                Column(title=self.tr("Right"), text=self._right),
            )
        )
        self._table = Table(self.tr("Answers that change"), self._items, widest=0)
        self._whole = QPlainTextEdit()
        self._whole.setReadOnly(True)
        self._whole.setProperty("part", "reading")
        self._whole.setTabChangesFocus(True)
        self._whole.setAccessibleName(self.tr("The chosen text with both answers"))
        self._nothing = label()
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._lay_out()
        self._table.chosen.connect(self._show_whole)

    def show_comparison(self, found: Comparison) -> None:
        """Show this."""
        self._said.setText(self._summary(found))
        self._told.setText(self._caveats(found))
        self._told.setVisible(bool(self._told.text()))
        self._fill_figures(found)
        self._items.reset(found.changing)
        for column in (1, 2, 3):
            self._table.resizeColumnToContents(column)
            self._table.setColumnWidth(column, min(180, self._table.columnWidth(column)))
        for each in (self._table, self._whole):
            each.setVisible(bool(found.changing))
        self._nothing.setText(self.tr("No answer changes."))
        self._nothing.setVisible(not found.changing)
        if found.changing:
            self._table.choose(0)

    def _lay_out(self) -> None:
        line = self.fontMetrics().lineSpacing()
        self._table.setMinimumHeight(5 * line)
        self._whole.setMinimumHeight(3 * line)
        self._whole.setMaximumHeight(9 * line)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Gap.MEDIUM)
        column.addWidget(self._said)
        column.addLayout(self._figures)
        column.addWidget(self._told)
        column.addWidget(self._table, 3)
        column.addWidget(self._whole, 2)
        column.addWidget(self._nothing, 1)

    def _summary(self, found: Comparison) -> str:
        same = self.tr("{same} of %Ln answers stay the same.", "", found.comparable).format(
            same=self._words.count(found.agreeing)
        )
        words = [same] if found.comparable else []
        if found.written:
            words.append(
                self.tr(
                    "%Ln texts are written by each model in its own words.",
                    "",
                    found.written,
                )
            )
        return " ".join([*words, self._finding(found)])

    def _finding(self, found: Comparison) -> str:
        first, second = (each.title for each in found.models)
        chance = self._words.percent(found.probability)
        match found.finding:
            case Finding.NOTHING:
                return self.tr("Which is right more often cannot be said from these.")
            case Finding.TOO_FEW:
                return self.tr(
                    "That is not enough to say which is right more often: %Ln are"
                    " corrected.",
                    "",
                    found.judged,
                )
            case Finding.CHANCE:
                return self.tr(
                    "The difference in right answers may be chance ({chance})."
                ).format(chance=chance)
            case Finding.FIRST | Finding.SECOND:
                better = first if found.finding is Finding.FIRST else second
                return self.tr(
                    "{model} is right more often; by chance that would come in {chance} of"
                    " cases."
                ).format(model=better, chance=chance)

    def _caveats(self, found: Comparison) -> str:
        words = []
        if found.samples:
            words.append(self.tr("The texts came with the program; they are not yours."))
        for side, each in enumerate(found.models):
            if found.looks_worse(side):
                told = self.tr(
                    "Most of the corrected texts are ones that {model} had wrong, so it"
                    " looks worse here than it is."
                )
                words.append(told.format(model=each.title))
        return " ".join(words)

    def _fill_figures(self, found: Comparison) -> None:
        while self._figures.count():
            if (widget := self._figures.takeAt(0).widget()) is not None:
                widget.deleteLater()
        titles = ("", *(each.title for each in found.models))
        rows = [titles, *self._rows(found)]
        for number, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                made = label(cell, tone="" if number and column else "muted")
                align = (
                    Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
                )
                made.setAlignment(align | Qt.AlignmentFlag.AlignTop)
                made.setMinimumWidth(0 if column == 0 else 110)
                self._figures.addWidget(made, number, column)

    def _rows(self, found: Comparison) -> list[tuple[str, str, str]]:
        sides = (0, 1)
        rows: list[tuple[str, tuple[str, ...]]] = []
        if found.judged:
            title = self.tr("Right, of %Ln corrected", "", found.judged)
            rows.append((title, tuple(self._share(found, side) for side in sides)))
        times = tuple(self._time(found, side) for side in sides)
        rows.append((self.tr("Time for an answer"), times))
        rows.append(
            (
                self.tr("Memory"),
                tuple(self._words.size(each.memory) for each in found.models),
            )
        )
        for title, counted in (
            (self.tr("Without an answer"), found.unanswered),
            (self.tr("Written with a failed check"), found.faulty),
        ):
            numbers = [counted(side) for side in sides]
            if any(numbers):
                rows.append((title, tuple(self._words.count(each) for each in numbers)))
        return [(title, one, other) for title, (one, other) in rows]

    def _share(self, found: Comparison, side: int) -> str:
        right = found.right(side)
        share = self._words.percent(right / found.judged)
        return f"{self._words.count(right)} ({share})"

    def _time(self, found: Comparison, side: int) -> str:
        seconds = found.seconds(side)
        return "–" if seconds is None else self._words.seconds(seconds)

    def _show_whole(self, row: int) -> None:
        if row < 0:
            self._whole.clear()
            return
        item = self._items.row(row)
        parts = [self.tr("Now: {answer}").format(answer=self._reply(item, 0))]
        parts.append(self.tr("Then: {answer}").format(answer=self._reply(item, 1)))
        if right := self._right(item):
            parts.append(self.tr("Right: {answer}").format(answer=right))
        self._whole.setPlainText(shown("\n".join([*parts, "", item.text])))

    def _reply(self, item: Item, side: int) -> str:
        reply: Reply = item.replies[side]
        if reply.answer is None:
            return f"({reply.error})"
        return _line(plain(reply.answer)) or self.tr("(nothing)")

    def _right(self, item: Item) -> str:
        return "" if item.right is None else _line(_given(item.right))


def _given(answer: AnswerData) -> str:
    match answer:
        case str():
            return answer
        case list():
            return ", ".join(answer)
        case dict():
            return "; ".join(
                f"{name}: {' | '.join(texts)}" for name, texts in answer.items()
            )


def _line(text: str) -> str:
    return " ".join(text.split())
