"""History: every answer, found again."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from onhand.domain.errors import DataDamaged
from onhand.services.exporting import Sought
from onhand.services.history_ports import Occurring
from onhand.ui import said
from onhand.ui.clear_button import give_clear_button
from onhand.ui.clipboard import TextBox
from onhand.ui.correct_dialog import CorrectDialog
from onhand.ui.forget_dialog import ForgetDialog
from onhand.ui.history_export import HistoryExport
from onhand.ui.history_filters import HistoryFilters
from onhand.ui.history_notice import HistoryNotice, is_locked
from onhand.ui.history_rows import RecordTable, RecordWords
from onhand.ui.input_box import wrapping
from onhand.ui.jobs import Jobs, Then
from onhand.ui.offsets import shown
from onhand.ui.parts import Notice, button, label
from onhand.ui.table_model import TableModel
from onhand.ui.theme import Gap
from onhand.ui.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtGui import QShowEvent

    from onhand.domain.errors import AppError
    from onhand.services.bundle import Archive
    from onhand.services.history_ports import Record

_PAGE = 50
_PAUSE = 200


class HistoryPage(QWidget):
    """Searches, opens, corrects, pins, exports and forgets.

    Signals:
        opened: an entry to be taken up again in Work.
        judged: an entry of which the user said what is right.
        key_wanted: the history is locked, and the user wants it opened.
        backup_wanted: the history is damaged, and the user wants a backup restored.
        damaged: it was just found to be damaged.
    """

    opened = Signal(object)
    judged = Signal(object)
    key_wanted = Signal()
    backup_wanted = Signal()
    damaged = Signal()

    def __init__(self, jobs: Jobs) -> None:
        super().__init__()
        self._jobs = jobs
        self._words = Wording(self)
        self._rows = RecordWords(self)
        self._export = HistoryExport(jobs, self)
        self._search, self._stale = 0, True
        self._query = QLineEdit()
        give_clear_button(self._query)
        self._query.setAccessibleName(self.tr("Search the history"))
        self._query.setPlaceholderText(self.tr("Search texts, answers and tasks"))
        self.filters = HistoryFilters()
        self._count = label(tone="muted", rank="small")
        self._notice = HistoryNotice()
        self._told = Notice()
        self._model: TableModel[Record] = TableModel(self._rows.columns())
        self._table = RecordTable(self.tr("Answers"), self._model)
        self._detail = TextBox()
        self._detail.setReadOnly(True)
        self._detail.setTabChangesFocus(True)
        self._detail.setProperty("part", "reading")
        self._detail.setAccessibleName(self.tr("Text and answer"))
        self._open = button(self.tr("&Open in Work"), part="primary")
        self._correct = button(self.tr("&Correct…"), name=self.tr("Correct answer"))
        self._pin = button(self.tr("&Pin"))
        self._write = button(self.tr("E&xport…"), name=self.tr("Export what is shown"))
        self._forget = button(self.tr("For&get…"), name=self.tr("Forget entries"))
        self._timer = QTimer(self, singleShot=True, interval=_PAUSE)
        self._lay_out()
        self._connect()
        self._show_chosen(-1)

    def refresh(self) -> None:
        """The history is another one: look again, now or when the page is shown."""
        self._stale = True
        if self.isVisible():
            self._look()

    def lock(self) -> None:
        """Show nothing of it any more, nor what was being looked for."""
        for kind in (CorrectDialog, ForgetDialog):
            for dialog in self.findChildren(kind):
                dialog.reject()
        self._query.clear()
        self._detail.clear()
        self._model.reset([])
        self._told.hide()
        self.filters.show_occurring(Occurring(tasks={}, models=()))
        self.refresh()

    def forget(self) -> None:
        """Ask what is to be forgotten; what is chosen is proposed."""
        chosen = [self._model.row(each).id for each in self._table.chosen_rows()]
        dialog = ForgetDialog(self._jobs, chosen, self)
        dialog.forgotten.connect(self.refresh)
        dialog.open()

    def showEvent(self, event: QShowEvent) -> None:
        """Look again if the history was changed meanwhile."""
        super().showEvent(event)
        if self._stale:
            self._look()

    def _lay_out(self) -> None:
        asked = QHBoxLayout()
        asked.setSpacing(Gap.SMALL)
        asked.addWidget(self._query, 1)
        asked.addWidget(self._write)
        asked.addWidget(self._forget)
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
        column.addWidget(self.filters)
        column.addWidget(self._notice)
        column.addWidget(self._told)
        column.addWidget(self._table, 1)
        column.addWidget(self._detail)
        column.addLayout(buttons)

    def _connect(self) -> None:
        self._query.textChanged.connect(self._timer.start)
        self.filters.changed.connect(self._look)
        self._timer.timeout.connect(self._look)
        self._model.more_wanted.connect(self._look_further)
        self._table.chosen.connect(self._show_chosen)
        self._table.entered_row.connect(self._open_chosen)
        self._notice.unlock.clicked.connect(self.key_wanted)
        self._notice.restore.clicked.connect(self.backup_wanted)
        self._write.clicked.connect(lambda: self._export.choose(self._sought()))
        self._export.written.connect(self._tell_written)
        self._export.failed.connect(self._told.say_failure)
        self._forget.clicked.connect(self.forget)
        self._open.clicked.connect(self._open_chosen)
        self._correct.clicked.connect(self._correct_chosen)
        self._pin.clicked.connect(self._pin_chosen)
        # No shortcut of the window: it is a key of this table, like the arrows.
        delete = QAction(self._table)
        delete.setShortcut(QKeySequence.StandardKey.Delete)
        delete.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        delete.triggered.connect(self.forget)
        self._table.addAction(delete)

    def start_search(self) -> None:
        """Put the focus where the words to search for are typed."""
        self._query.setFocus()

    def _look(self) -> None:
        self._timer.stop()
        self._told.hide()
        self._search += 1
        self._count.setText(self.tr("Searching…"))
        self._jobs.look_up(self._page(None), self._then(self._show_found))
        if self._stale:
            self._jobs.look_up(
                lambda archive: archive.history.occurring(),
                Then(done=self.filters.show_occurring, failed=lambda _: None),
            )
        self._stale = False

    def _look_further(self) -> None:
        last = self._model.row(self._model.rowCount() - 1).id
        self._jobs.look_up(self._page(last), self._then(self._show_more))

    def _page(self, before: int | None) -> Callable[[Archive], list[Record]]:
        sought = self._sought()
        return lambda archive: archive.history.search(
            sought.words, kind=sought.kind, limit=_PAGE, before=before, only=sought.only
        )

    def _sought(self) -> Sought:
        return self.filters.sought(self._query.text())

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
        self._notice.say_failure(error)
        if is_locked(error):
            self._model.reset([])
            self._show_chosen(-1)
            self._table.set_empty(said.what(error))
            self._count.clear()
        if isinstance(error, DataDamaged):
            self.damaged.emit()

    def _tell_count(self) -> None:
        rows = self._table.chosen_rows()
        all_of_them = self.tr("%Ln shown", "", self._model.rowCount())
        chosen = self.tr("%Ln chosen", "", len(rows))
        self._count.setText(chosen if len(rows) > 1 else all_of_them)
        if self._sought() != Sought():
            self._table.set_empty(self.tr("Nothing found"))
        else:
            self._table.set_empty(self.tr("Every answer you get in Work is kept here"))

    def _chosen(self) -> Record | None:
        rows = self._table.chosen_rows()
        return self._model.row(rows[0]) if len(rows) == 1 else None

    def _show_chosen(self, _: int) -> None:
        entry = self._chosen()
        self._tell_count()
        for each in (self._open, self._correct, self._pin):
            each.setEnabled(entry is not None and not entry.bare)
        if entry is None:
            self._detail.clear()
            return
        self._correct.setEnabled(entry.outcome is not None and not entry.bare)
        self._pin.setText(self.tr("Un&pin") if entry.pinned else self.tr("&Pin"))
        self._pin.setAccessibleName(self._pin.text().replace("&", ""))
        text = shown(self._rows.whole(entry))
        self._detail.setWordWrapMode(wrapping(text))
        self._detail.setPlainText(text)

    def _tell_written(self, path: Path) -> None:
        title = self.tr("{name} is written").format(name=path.name)
        told = self.tr("It is not encrypted, and forgetting does not reach it.")
        self._told.say(title, told, tone="success")

    def _open_chosen(self) -> None:
        if (entry := self._chosen()) is not None and not entry.bare:
            self.opened.emit(entry)

    def _correct_chosen(self) -> None:
        if (entry := self._chosen()) is not None:
            dialog = CorrectDialog(self._jobs, entry, self)
            dialog.corrected.connect(self._replace)
            dialog.corrected.connect(self.judged)
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


def _pin(archive: Archive, *, number: int, pinned: bool) -> Record:
    archive.history.pin(number, pinned=pinned)
    return archive.history.get(number)
