"""History: every answer, found again."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from onhand.domain.answers import plain
from onhand.domain.history_errors import HistoryKeyless, HistoryLocked
from onhand.domain.tasks import Kind, kind_of
from onhand.domain.verdicts import is_confirmed
from onhand.ui.clipboard import TextBox
from onhand.ui.correct_dialog import CorrectDialog
from onhand.ui.input_box import wrapping
from onhand.ui.jobs import Jobs, Then
from onhand.ui.offsets import shown
from onhand.ui.parts import Choice, Notice, button, label
from onhand.ui.table import Table
from onhand.ui.table_model import Column, TableModel
from onhand.ui.theme import Gap
from onhand.ui.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QShowEvent

    from onhand.domain.errors import AppError
    from onhand.services.bundle import Archive
    from onhand.services.history_ports import Record

_PAGE = 50
_PAUSE = 200
_EXCERPT = 200


class HistoryPage(QWidget):
    """Searches, opens, corrects and pins.

    Signals:
        opened: an entry to be taken up again in Work.
        key_wanted: the history is locked, and the user wants it opened.
    """

    opened = Signal(object)
    key_wanted = Signal()

    def __init__(self, jobs: Jobs) -> None:
        super().__init__()
        self._jobs = jobs
        self._words = Wording(self)
        self._search = 0
        self._stale = True
        self._query = QLineEdit()
        self._query.setClearButtonEnabled(True)
        self._query.setAccessibleName(self.tr("Search the history"))
        self._query.setPlaceholderText(self.tr("Search texts, answers and tasks"))
        self._kind = Choice(self.tr("Kind of task"))
        self._kind.addItem(self.tr("All kinds"), None)
        for kind in Kind:
            self._kind.addItem(self._words.kind(kind), kind)
        self._count = label(tone="muted", rank="small")
        self._notice = Notice()
        self._unlock = button(self.tr("Un&lock…"), name=self.tr("Unlock history"))
        self._notice.column.addWidget(self._unlock, 0, Qt.AlignmentFlag.AlignLeft)
        self._model: TableModel[Record] = TableModel(self._columns())
        self._table = Table(self.tr("Answers"), self._model, widest=2)
        self._detail = TextBox()
        self._detail.setReadOnly(True)
        self._detail.setTabChangesFocus(True)
        self._detail.setProperty("part", "reading")
        self._detail.setAccessibleName(self.tr("Text and answer"))
        self._open = button(self.tr("&Open in Work"), part="primary")
        self._correct = button(self.tr("&Correct…"), name=self.tr("Correct answer"))
        self._pin = button(self.tr("&Pin"))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE)
        self._lay_out()
        self._connect()
        self._show_chosen(-1)

    def refresh(self) -> None:
        """The history is another one: look again, now or when the page is shown."""
        self._stale = True
        if self.isVisible():
            self._look()

    def showEvent(self, event: QShowEvent) -> None:
        """Look again if the history was changed meanwhile."""
        super().showEvent(event)
        if self._stale:
            self._look()

    def _columns(self) -> tuple[Column[Record], ...]:
        return (
            Column(title=self.tr("When"), text=lambda entry: self._words.moment(entry.at)),
            Column(title=self.tr("Task"), text=self._task),
            Column(title=self.tr("Text"), text=lambda entry: _line(entry.text)),
            Column(title=self.tr("Answer"), text=lambda entry: _line(self._answer(entry))),
            Column(title=self.tr("Marks"), text=self._marks),
        )

    def _lay_out(self) -> None:
        asked = QHBoxLayout()
        asked.setSpacing(Gap.SMALL)
        asked.addWidget(self._query, 3)
        asked.addWidget(self._kind, 1)
        header = self._table.horizontalHeader()
        for section, sample in (
            (0, "0000-00-00 00:00"),
            (1, "Some longer name"),
            (3, "an answer of some length, say"),
            (4, "corrected, pinned"),
        ):
            width = self.fontMetrics().horizontalAdvance(sample) + 2 * Gap.LARGE
            header.resizeSection(section, width)
        self._table.setMinimumHeight(140)
        self._detail.setMinimumHeight(70)
        self._detail.setMaximumHeight(self.fontMetrics().lineSpacing() * 8)
        buttons = QHBoxLayout()
        buttons.setSpacing(Gap.SMALL)
        for each in (self._open, self._correct, self._pin):
            buttons.addWidget(each)
        buttons.addStretch()
        buttons.addWidget(self._count)
        column = QVBoxLayout(self)
        column.setContentsMargins(Gap.LARGE, Gap.LARGE, Gap.LARGE, Gap.LARGE)
        column.setSpacing(Gap.MEDIUM)
        column.addWidget(label(self.tr("History"), rank="title"))
        column.addLayout(asked)
        column.addWidget(self._notice)
        column.addWidget(self._table, 1)
        column.addWidget(self._detail)
        column.addLayout(buttons)

    def _connect(self) -> None:
        self._query.textChanged.connect(self._timer.start)
        self._kind.currentIndexChanged.connect(self._look)
        self._timer.timeout.connect(self._look)
        self._model.more_wanted.connect(self._look_further)
        self._table.chosen.connect(self._show_chosen)
        self._table.entered_row.connect(self._open_chosen)
        self._unlock.clicked.connect(self.key_wanted)
        self._open.clicked.connect(self._open_chosen)
        self._correct.clicked.connect(self._correct_chosen)
        self._pin.clicked.connect(self._pin_chosen)

    def start_search(self) -> None:
        """Put the focus where the words to search for are typed."""
        self._query.setFocus()

    def _look(self) -> None:
        self._stale = False
        self._timer.stop()
        self._search += 1
        self._count.setText(self.tr("Searching…"))
        self._jobs.look_up(self._page(None), self._then(self._show_found))

    def _look_further(self) -> None:
        last = self._model.row(self._model.rowCount() - 1).id
        self._jobs.look_up(self._page(last), self._then(self._show_more))

    def _page(self, before: int | None) -> Callable[[Archive], list[Record]]:
        words, kind = self._query.text(), self._kind.currentData()
        wanted = None if kind is None else Kind(kind)
        return lambda archive: archive.history.search(
            words, kind=wanted, limit=_PAGE, before=before
        )

    def _then(self, show: Callable[[list[Record]], None]) -> Then[list[Record]]:
        """What follows a search, unless another one was begun meanwhile."""
        number = self._search

        def done(found: list[Record]) -> None:
            if number == self._search:
                self._notice.hide()
                show(found)

        return Then(done=done, failed=self._show_failure)

    def _show_found(self, found: list[Record]) -> None:
        kept = self._chosen()
        self._model.reset(found, more=len(found) == _PAGE)
        self._tell_count()
        for number, entry in enumerate(found):
            if kept is not None and entry.id == kept.id:
                self._table.choose(number)
                return
        self._show_chosen(-1)

    def _show_more(self, found: list[Record]) -> None:
        self._model.extend(found, more=len(found) == _PAGE)
        self._tell_count()

    def _show_failure(self, error: AppError) -> None:
        self._count.clear()
        self._unlock.setVisible(isinstance(error, HistoryLocked | HistoryKeyless))
        self._notice.say_failure(error)

    def _tell_count(self) -> None:
        number = self._words.count(self._model.rowCount())
        self._count.setText(self.tr("{number} shown").format(number=number))
        if self._query.text().strip() or self._kind.currentData() is not None:
            self._table.set_empty(self.tr("Nothing found"))
        else:
            self._table.set_empty(self.tr("Every answer you get in Work is kept here"))

    def _chosen(self) -> Record | None:
        number = self._table.chosen_row()
        return self._model.row(number) if number >= 0 else None

    def _show_chosen(self, _: int) -> None:
        entry = self._chosen()
        for each in (self._open, self._correct, self._pin):
            each.setEnabled(entry is not None)
        if entry is None:
            self._detail.clear()
            return
        self._correct.setEnabled(entry.outcome is not None)
        self._pin.setText(self.tr("Un&pin") if entry.pinned else self.tr("&Pin"))
        self._pin.setAccessibleName(self._pin.text().replace("&", ""))
        text = shown(f"{self._answer(entry)}\n\n{entry.text}")
        self._detail.setWordWrapMode(wrapping(text))
        self._detail.setPlainText(text)

    def _open_chosen(self) -> None:
        if (entry := self._chosen()) is not None:
            self.opened.emit(entry)

    def _correct_chosen(self) -> None:
        if (entry := self._chosen()) is not None:
            dialog = CorrectDialog(self._jobs, entry, self)
            dialog.corrected.connect(self._replace)
            dialog.open()

    def _pin_chosen(self) -> None:
        if (entry := self._chosen()) is not None:
            work = partial(_pin, number=entry.id, pinned=not entry.pinned)
            self._jobs.look_up(work, Then(done=self._replace, failed=self._show_failure))

    def _replace(self, entry: Record) -> None:
        for number, other in enumerate(self._model.rows()):
            if other.id == entry.id:
                self._model.replace(number, entry)
        self._show_chosen(-1)

    def _task(self, entry: Record) -> str:
        return entry.task.name or self._words.kind(kind_of(entry.task))

    def _answer(self, entry: Record) -> str:
        if entry.outcome is None:
            return self.tr("no answer: {code}").format(code=entry.error)
        return plain(entry.outcome.answer)

    def _marks(self, entry: Record) -> str:
        marks = []
        if entry.correction is not None:
            right = is_confirmed(entry.task, entry.outcome, entry.correction)
            marks.append(self.tr("right") if right else self.tr("corrected"))
        if entry.pinned:
            marks.append(self.tr("pinned"))
        return ", ".join(marks)


def _pin(archive: Archive, *, number: int, pinned: bool) -> Record:
    archive.history.pin(number, pinned=pinned)
    return archive.history.get(number)


def _line(text: str) -> str:
    return " ".join(text[:_EXCERPT].split())
