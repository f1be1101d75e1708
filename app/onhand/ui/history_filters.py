"""What the history is narrowed to: kind, task, lane, model and days."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, QLocale, QSize, Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from onhand.domain.answers import Lane
from onhand.domain.tasks import Kind
from onhand.services.exporting import Sought
from onhand.services.history_ports import Narrowed, Occurring
from onhand.ui.clear_button import give_clear_button
from onhand.ui.parts import Choice, announce, label
from onhand.ui.theme import Gap
from onhand.ui.wording import Wording

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

_WIDE = 760
"""Pixels from which on all filters stand in one row."""

_NARROW_COLUMNS = 3
_FIRST_YEAR = 1970


class Days(Enum):
    """Which days are wanted; a number counts back from today, which is 1."""

    ANY = 0
    TODAY = 1
    WEEK = 7
    MONTH = 30
    YEAR = 365
    GIVEN = -1


class HistoryFilters(QWidget):
    """A row of lists, beside which a search goes on.

    Signals:
        changed: something else is wanted.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._words = Wording(self)
        self._kind = self._choice(self.tr("Kind of task"), self.tr("All kinds"))
        for kind in Kind:
            self._kind.addItem(self._words.kind(kind), kind)
        self._task = self._choice(self.tr("Task"), self.tr("All tasks"))
        self._lane = self._choice(self.tr("Lane"), self.tr("All lanes"))
        for lane, name in (
            (Lane.SURE, self.tr("Sure")),
            (Lane.CHECK, self.tr("Please check")),
            (Lane.HARD, self.tr("Too hard")),
        ):
            self._lane.addItem(name, lane)
        self._model = self._choice(self.tr("Model"), self.tr("All models"))
        self._days = self._choice(self.tr("Days"), self.tr("Any time"), Days.ANY)
        for days, name in (
            (Days.TODAY, self.tr("Today")),
            (Days.WEEK, self.tr("The last 7 days")),
            (Days.MONTH, self.tr("The last 30 days")),
            (Days.YEAR, self.tr("The last year")),
            (Days.GIVEN, self.tr("From a day to a day")),
        ):
            self._days.addItem(name, days)
        self._since = self._day(self.tr("From this day on"))
        self._until = self._day(self.tr("Up to this day"))
        self._unread = label(tone="danger", rank="small")
        self._lists = (self._kind, self._task, self._lane, self._model, self._days)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(Gap.SMALL)
        self._columns = 0
        self._show_days()
        self._place(len(self._lists))

    def sought(self, words: str) -> Sought:
        """What is looked for, with words that were typed."""
        since, until = self._moments()
        kind, lane = self._kind.currentData(), self._lane.currentData()
        return Sought(
            words=words,
            kind=None if kind is None else Kind(kind),
            only=Narrowed(
                task_id=self._task.currentData(),
                lane=None if lane is None else Lane(lane),
                model=self._model.currentData(),
                since=since,
                until=until,
            ),
        )

    def show_occurring(self, found: Occurring) -> None:
        """Offer these tasks and models; what is chosen stays chosen."""
        tasks = sorted(
            (self._words.task(task), task_id) for task_id, task in found.tasks.items()
        )
        _refill(self._task, tasks)
        _refill(self._model, [(model, model) for model in found.models])

    def minimumSizeHint(self) -> QSize:
        """No wider than two rows need, so that it can become narrow."""
        hint = super().minimumSizeHint()
        widest = max(each.minimumSizeHint().width() for each in self._lists)
        between = (_NARROW_COLUMNS - 1) * self._grid.spacing()
        hint.setWidth(min(hint.width(), _NARROW_COLUMNS * widest + between))
        return hint

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Two rows where there is no room for one."""
        super().resizeEvent(event)
        wide = event.size().width() >= _WIDE
        self._place(len(self._lists) if wide else _NARROW_COLUMNS)

    def _place(self, columns: int) -> None:
        if columns == self._columns:
            return
        for column in range(self._columns):
            self._grid.setColumnStretch(column, 0)
        self._columns = columns
        for number, each in enumerate((*self._lists, self._since, self._until)):
            self._grid.addWidget(each, number // columns, number % columns)
        self._grid.addWidget(self._unread, 3, 0, 1, columns)
        for column in range(columns):
            self._grid.setColumnStretch(column, 1)

    def _choice(self, name: str, every: str, data: object = None) -> Choice:
        made = Choice(name)
        made.addItem(every, data)
        made.currentIndexChanged.connect(self._change)
        return made

    def _day(self, name: str) -> QLineEdit:
        line = QLineEdit()
        line.setAccessibleName(name)
        line.setPlaceholderText(name)
        line.setToolTip(self.tr("A day, for example {day}").format(day=_spelled_today()))
        line.setAccessibleDescription(line.toolTip())
        give_clear_button(line)
        line.editingFinished.connect(self._change)
        line.textChanged.connect(lambda text: None if text else self._change())
        return line

    def _change(self) -> None:
        # The lists are filled before all of them are there.
        if hasattr(self, "_lists"):
            self._show_days()
            self.changed.emit()

    def _show_days(self) -> None:
        given = self._days.currentData() is Days.GIVEN
        self._since.setVisible(given)
        self._until.setVisible(given)
        days = (self._since.text().strip(), self._until.text().strip())
        unread = [text for text in days if given and text and _read(text) is None]
        self._unread.setVisible(bool(unread))
        if unread:
            told = self.tr("This is no day: {text}. A day is written like {day}.")
            self._unread.setText(told.format(text=unread[0], day=_spelled_today()))
            announce(self, self._unread.text())

    def _moments(self) -> tuple[datetime | None, datetime | None]:
        wanted = self._days.currentData()
        if wanted is Days.GIVEN:
            since, until = _read(self._since.text()), _read(self._until.text())
            after = None if until is None else until + timedelta(days=1)
            return _begin(since), _begin(after)
        if wanted is Days.ANY:
            return None, None
        today = _day_of(QDate.currentDate())
        return _begin(today - timedelta(days=wanted.value - 1)), None


def _refill(box: Choice, items: list[tuple[str, str]]) -> None:
    there = [(box.itemText(each), box.itemData(each)) for each in range(1, box.count())]
    if there == items:
        return
    chosen = box.currentData()
    box.blockSignals(True)
    while box.count() > 1:
        box.removeItem(1)
    for name, data in items:
        box.addItem(name, data)
    box.setCurrentIndex(max(0, box.findData(chosen)))
    box.blockSignals(False)
    if box.currentData() != chosen:
        box.currentIndexChanged.emit(box.currentIndex())


def _spelled_today() -> str:
    return QLocale().toString(QDate.currentDate(), QLocale.FormatType.ShortFormat)


def _read(text: str) -> date | None:
    """A day as ISO 8601 has it, or as it is written here; None where it is none."""
    try:
        found = date.fromisoformat(text.strip())
    except ValueError:
        read = QLocale().toDate(text.strip(), QLocale.FormatType.ShortFormat)
        if not read.isValid():
            return None
        # Qt takes two digits of a year for those of the last century.
        century = 100 if read.year() < _FIRST_YEAR else 0
        found = _day_of(read.addYears(century))
    # Beyond these years there are moments that no time zone has.
    return found if _FIRST_YEAR <= found.year < date.max.year else None


def _day_of(day: QDate) -> date:
    return date(day.year(), day.month(), day.day())


def _begin(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time()).astimezone()
