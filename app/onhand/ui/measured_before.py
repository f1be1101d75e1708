"""What was measured of a task before: a list, what changed between two, one removed."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout

from onhand.domain.history_errors import HistoryLocked
from onhand.domain.labelled import is_multiple
from onhand.domain.measured_change import Change
from onhand.domain.tasks import Extract, Rewrite, Summarise
from onhand.ui.decimals import decimal
from onhand.ui.jobs import Jobs, Then
from onhand.ui.parts import Card, Notice, button, label
from onhand.ui.table import Table
from onhand.ui.table_model import Column, TableModel
from onhand.ui.theme import Gap
from onhand.ui.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Mapping

    from onhand.domain.errors import AppError
    from onhand.domain.measured import Measured
    from onhand.domain.tasks import Task

_PAIR = 2
_LAST = 7
"""The column behind which there may be room."""


class MeasuredBefore(Card):
    """Shows the measurements of one task, the newest first; hidden where there are none."""

    def __init__(self, jobs: Jobs, bar: float) -> None:
        """`bar` is the accuracy that is enough."""
        super().__init__()
        self._jobs, self._bar = jobs, bar
        self._words = Wording(self)
        self._task: Task | None = None
        self._titles: dict[str, str] = {}
        self._rows: TableModel[Measured] = TableModel(self._columns(None))
        self._table = Table(self.tr("Measured before"), self._rows, widest=_LAST, many=True)
        self._told = label()
        self._notice = Notice()
        self._remove = button(
            self.tr("Remo&ve"), name=self.tr("Remove the chosen measurement")
        )
        self._lay_out()
        self._table.selectionModel().selectionChanged.connect(self._compare)
        self._remove.clicked.connect(self._remove_chosen)
        self.hide()

    def show_task(self, task: Task | None) -> None:
        """List what was measured of a task; None where there is none."""
        self._task = task
        if task is None:
            self.hide()
            return
        self._jobs.start(
            lambda services: services.measured_before.of(task),
            Then(done=partial(self._show, task), failed=self._fail),
        )

    def set_titles(self, titles: Mapping[str, str]) -> None:
        """What models are called, by their ids; others are called by those."""
        self._titles = dict(titles)
        self._fit()

    def set_bar(self, bar: float) -> None:
        """Another accuracy is enough."""
        self._bar = bar
        chosen = self._table.chosen_rows()
        self._rows.reset(self._rows.rows())
        if len(chosen) == 1:
            self._table.choose(chosen[0])
        self._compare()

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(Gap.SMALL)
        buttons.addWidget(self._remove)
        buttons.addStretch()
        self.column.addWidget(label(self.tr("Measured before"), rank="heading"))
        for each in (self._table, self._told, self._notice):
            self.column.addWidget(each)
        self.column.addLayout(buttons)

    def _columns(self, task: Task | None) -> list[Column[Measured]]:
        words = self._words
        return [
            Column(title=self.tr("When"), text=lambda each: words.moment(_at(each))),
            Column(title=self.tr("Model"), text=lambda each: self._title(each.model)),
            *self._scores(task),
            Column(title=self.tr("Clears your bar"), text=self._clears),
            Column(
                title=self.tr("Seconds a text"),
                text=lambda each: words.seconds(each.seconds),
            ),
            Column(title=self.tr("Texts"), text=lambda each: words.count(each.texts)),
            Column(title=self.tr("Taught by"), text=lambda each: words.count(each.taught)),
            Column(title=self.tr("Rows"), text=lambda each: each.sample),
        ]

    def _scores(self, task: Task | None) -> list[Column[Measured]]:
        """What the bar is about, and what else tells how good a model is."""
        words = self._words
        if isinstance(task, Extract):
            whole = self.tr("All values right")
            return [
                Column(title=self.tr("F1"), text=self._score),
                Column(title=whole, text=lambda each: words.percent(each.accuracy)),
            ]
        if isinstance(task, Rewrite | Summarise):
            whole = self.tr("Nothing to change")
            return [
                Column(title=self.tr("Words that stay"), text=self._score),
                Column(title=whole, text=lambda each: words.percent(each.accuracy)),
            ]
        if task is not None and is_multiple(task):
            return [
                Column(title=self.tr("All labels right"), text=self._score),
                Column(title=self.tr("Micro-F1"), text=_micro),
            ]
        return [Column(title=self.tr("Right"), text=self._score)]

    def _title(self, model: str) -> str:
        name, _, layout = model.partition(":")
        title = self._titles.get(name, name)
        return f"{title} ({layout})" if layout else title

    def _fit(self) -> None:
        self._table.fit_rows(len(self._rows.rows()))
        self._table.resizeColumnToContents(0)

    def _score(self, each: Measured) -> str:
        return self.tr("{accuracy} ({low} to {high})").format(
            accuracy=self._words.percent(each.score),
            low=self._words.percent(each.low),
            high=self._words.percent(each.high),
        )

    def _clears(self, each: Measured) -> str:
        if each.score < self._bar:
            return self.tr("no")
        return self.tr("yes") if each.low >= self._bar else self.tr("yes, maybe by luck")

    def _show(self, task: Task, found: list[Measured]) -> None:
        if task is not self._task:
            return  # another one was chosen meanwhile
        columns = self._columns(task)
        self._rows.set_columns(columns)
        self._table.set_widest(len(columns) - 1)
        self._show_rows(found[::-1])

    def _show_rows(self, found: list[Measured]) -> None:
        self._rows.reset(found)
        self._fit()
        self._notice.hide()
        self._compare()
        self.setVisible(bool(found))

    def _fail(self, error: AppError) -> None:
        """Where the history is locked, which the window tells, there is nothing to see."""
        self._show_rows([])
        if not isinstance(error, HistoryLocked):
            self._notice.say_failure(error)
            self.show()

    def _compare(self) -> None:
        chosen = [self._rows.row(number) for number in self._table.chosen_rows()]
        self._remove.setEnabled(len(chosen) == 1)
        if len(chosen) != _PAIR:
            self._told.setText(
                self.tr("Choose two, with Ctrl, to see what changed between them.")
            )
            return
        self._told.setText(" ".join(self._changes(Change.between(*chosen))))

    def _changes(self, change: Change) -> list[str]:
        before, after, words = change.before, change.after, self._words
        told = self.tr(
            "From {before} to {after}: the share of right answers went from {low} to"
            " {high}, the time of a text from {first} to {second}."
        )
        if isinstance(self._task, Extract):
            told = self.tr(
                "From {before} to {after}: F1 went from {low} to {high}, the time of a text"
                " from {first} to {second}."
            )
        elif isinstance(self._task, Rewrite | Summarise):
            told = self.tr(
                "From {before} to {after}: the share of words that can stay went from {low}"
                " to {high}, the time of a text from {first} to {second}."
            )
        elif self._task is not None and is_multiple(self._task):
            told = self.tr(
                "From {before} to {after}: the share of texts with all labels right went"
                " from {low} to {high}, the time of a text from {first} to {second}."
            )
        told = told.format(
            before=words.moment(_at(before)),
            after=words.moment(_at(after)),
            low=words.percent(before.score),
            high=words.percent(after.score),
            first=words.seconds(before.seconds),
            second=words.seconds(after.seconds),
        )
        return [told, *self._reasons(change)]

    def _reasons(self, change: Change) -> list[str]:
        before, after, words = change.before, change.after, self._words
        chance = self.tr(
            "So large a difference comes about by chance in {chance} of cases at most."
        )
        said = [chance.format(chance=words.percent(change.chance))]
        if not change.same_texts:
            said.append(self.tr("The rows are not the same: it may lie in them."))
        if not change.same_model:
            told = self.tr("Then {before} answered, now {after}.")
            said.append(
                told.format(
                    before=self._title(before.model), after=self._title(after.model)
                )
            )
        if not change.same_task:
            said.append(self.tr("The task said something else."))
        if before.taught != after.taught:
            told = self.tr("Then {before} labelled texts had taught it, now {after}.")
            counts = {
                "before": words.count(before.taught),
                "after": words.count(after.taught),
            }
            said.append(told.format(**counts))
        return said

    def _remove_chosen(self) -> None:
        task, row = self._task, self._table.chosen_row()
        if task is None or row < 0:
            return
        number = self._rows.row(row).id
        self._remove.setEnabled(False)
        self._table.setFocus()
        self._jobs.start(
            lambda services: services.measured_before.remove(task, number),
            Then(done=lambda _: self.show_task(task), failed=self._notice.say_failure),
        )


def _micro(each: Measured) -> str:
    return "–" if each.micro_f1 is None else decimal(each.micro_f1, 3)


def _at(each: Measured) -> datetime:
    return datetime.fromisoformat(each.at)
