"""The quick panel: the clipboard in, a task by a number, the answer into the clipboard."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from onhand.domain.progress import CancelToken
from onhand.domain.shortcuts import Action
from onhand.services.quick_tasks import offered, used_tasks
from onhand.ui.answer_panel import AnswerPanel
from onhand.ui.clipboard_text import ClipboardText
from onhand.ui.former_clipboard import FormerClipboard
from onhand.ui.jobs import Jobs, Then
from onhand.ui.parts import Notice, Tick, button, scrolled
from onhand.ui.quick_list import QuickList
from onhand.ui.theme import Gap, Theme

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent, QKeyEvent

    from onhand.domain.errors import AppError
    from onhand.domain.progress import Progress
    from onhand.domain.tasks import Task
    from onhand.services.history_ports import Record
    from onhand.services.run_task import Ran
    from onhand.ui.shortcuts import Shortcuts

_RETURNS = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
_SIZE = QSize(520, 560)


class QuickPanel(QWidget):
    """A small window of its own.

    Signals:
        window_wanted: the big window shall take over: the text, and the entry or None.
        answered: an entry was added to the history, or changed there.
        put_away: the panel is not seen any more.
    """

    window_wanted = Signal(str, object)
    answered = Signal()
    put_away = Signal()

    def __init__(self, jobs: Jobs, theme: Theme, shortcuts: Shortcuts) -> None:
        super().__init__(None, Qt.WindowType.Window | Qt.WindowType.WindowStaysOnTopHint)
        self.setWindowTitle(self.tr("Onhand quick panel"))
        self._jobs = jobs
        self._shortcuts = shortcuts
        self._named: list[tuple[str, Task]] | None = None
        self._used: list[Task] | None = None
        self._cancel: CancelToken | None = None
        self.former = FormerClipboard()
        self.given = ClipboardText()
        self.list = QuickList()
        self.panel = AnswerPanel(theme)
        self._result = scrolled(self.tr("the answer"), self.panel)
        self._notice = Notice()
        self._steps = QStackedWidget()
        self.private = Tick(self.tr("Keep no&thing of this"))
        self._put_back = button(self.tr("Put the former clipboard &back"))
        self._whole = button(self.tr("Open in the &window"))
        self._other = button(self.tr("&Another task"))
        self._done = button(self.tr("&Done"), part="primary")
        self._lay_out()
        self._connect()

    def set_tasks(self, tasks: list[tuple[str, Task]]) -> None:
        """These tasks have names."""
        self._named = tasks
        self._offer()

    def come(self) -> None:
        """Come to the front with what is in the clipboard; a run goes on undisturbed."""
        if self._cancel is None:
            self._begin()
        if not self.isVisible():
            self.resize(_SIZE.boundedTo(self.screen().availableSize() * 0.92))
        self.show()
        self.raise_()
        self.activateWindow()
        self._jobs.look_up(
            lambda archive: used_tasks(archive.history),
            Then(done=self._use, failed=lambda _: self._use([])),  # locked: no matter
        )

    def run(self, task: Task) -> None:
        """Run a task on the text."""
        if self._cancel is not None or not self.given.is_there:
            return
        self._cancel = cancel = CancelToken()
        private, text = self.private.isChecked(), self.given.text
        self._jobs.start(
            lambda services: services.run_task(
                task,
                text,
                cancel=cancel,
                private=private,
                on_text=lambda piece: self._jobs.post(partial(self._follow, cancel, piece)),
                on_progress=lambda far: self._jobs.post(partial(self._follow, cancel, far)),
            ),
            Then(
                done=partial(self._show, cancel),
                failed=partial(self._show_failure, cancel),
                ended=partial(self._finish, cancel),
            ),
            cancel=cancel,
        )
        self._notice.hide()
        self._steps.setCurrentWidget(self._result)
        self.panel.show_running("")
        self._settle()

    def leave(self) -> None:
        """Esc: stop a run; else put back what was in the clipboard, and go away."""
        if self._cancel is not None:
            self._cancel.cancel()
            return
        if self._steps.currentWidget() is self._result and self.former.answer_is_there:
            self.former.put_back()
        self.close()

    def put_back(self) -> None:
        """Put the former content into the clipboard again, and stay."""
        if self.former.is_there:
            self.former.put_back()
            self._notice.say(self.tr("The former content is in the clipboard again."))
            self._settle()

    def closeEvent(self, event: QCloseEvent) -> None:
        """A run is stopped; what is in the clipboard stays."""
        if self._cancel is not None:
            self._cancel.cancel()
        super().closeEvent(event)
        self.put_away.emit()

    def changeEvent(self, event: QEvent) -> None:
        """Look again: some desktops show the clipboard to the active window alone."""
        super().changeEvent(event)
        if (
            event.type() == QEvent.Type.ActivationChange
            and self.isActiveWindow()
            and self._cancel is None
            and self._steps.currentWidget() is self.list
        ):
            self._take()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A digit runs the task with this number; Esc goes away, whatever Esc is else."""
        focused = self.focusWidget()
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        elif event.key() in _RETURNS and isinstance(focused, QPushButton):
            focused.click()  # as in a dialog
        elif self._steps.currentWidget() is not self.list or not self.list.choose(
            event.text()
        ):
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        self._steps.addWidget(self.list)
        self._steps.addWidget(self._result)
        first, second = QHBoxLayout(), QHBoxLayout()
        for row in (first, second):
            row.setSpacing(Gap.SMALL)
        first.addWidget(self.private)
        first.addStretch()
        first.addWidget(self._put_back)
        second.addWidget(self._whole)
        second.addStretch()
        second.addWidget(self._other)
        second.addWidget(self._done)
        column = QVBoxLayout(self)
        column.setContentsMargins(Gap.LARGE, Gap.LARGE, Gap.LARGE, Gap.LARGE)
        column.setSpacing(Gap.SMALL)
        column.addWidget(self.given)
        column.addWidget(self._notice)
        column.addWidget(self._steps, 1)
        column.addLayout(first)
        column.addLayout(second)

    def _connect(self) -> None:
        self.list.chosen.connect(self.run)
        self.panel.about_to_copy.connect(lambda: self.former.remember(self.panel.copied()))
        self.panel.about_to_copy.connect(self._settle)
        self.panel.correction_asked.connect(self._go_on_there)
        self.panel.confirmation_asked.connect(self._confirm)
        self._put_back.clicked.connect(self.put_back)
        self._whole.clicked.connect(self._go_on_there)
        self._other.clicked.connect(self._begin_again)
        self._done.clicked.connect(self.close)
        self._shortcuts.bind(Action.TO_WINDOW, self, self._go_on_there)
        self._shortcuts.bind(Action.PUT_BACK, self, self.put_back)

    def _begin(self) -> None:
        """Take the clipboard and offer the tasks."""
        if not self.former.answer_is_there:
            self.former.forget()
        self._notice.hide()
        self._steps.setCurrentWidget(self.list)
        self._take()
        self._settle()
        self.list.take_focus()

    def _begin_again(self) -> None:
        """Another task on the same text."""
        self._steps.setCurrentWidget(self.list)
        self._notice.hide()
        self._settle()
        self.list.take_focus()

    def _take(self) -> None:
        self.given.take()
        self.list.setEnabled(self.given.is_there)

    def _use(self, tasks: list[Task]) -> None:
        self._used = tasks
        self._offer()

    def _offer(self) -> None:
        if self._used is not None and self._named is not None:
            self.list.show_tasks(offered(self._used, self._named))

    def _settle(self) -> None:
        """Offer what can be done now."""
        running = self._cancel is not None
        choosing = self._steps.currentWidget() is self.list
        self._other.setVisible(not choosing)
        self._other.setEnabled(not running)
        self._done.setVisible(not choosing)
        self._done.setEnabled(not running)
        self._put_back.setVisible(self.former.is_there)
        self._whole.setEnabled(self.given.is_there and not running)

    def _follow(self, run: CancelToken, news: str | Progress) -> None:
        if run is not self._cancel:
            return
        if isinstance(news, str):
            self.panel.running.add(news)
        else:
            self.panel.running.show_progress(news)

    def _show(self, run: CancelToken, ran: Ran) -> None:
        if ran.record.id:
            self.answered.emit()
        if run is not self._cancel:
            return
        self._cancel = None
        self.panel.show_answer(ran.record, ran.not_kept)
        if self.panel.may_copy:
            self.former.put(self.panel.copied())
            self._notice.say(self.tr("The answer is in the clipboard."), tone="success")
        else:
            self._notice.say(
                self.tr("Look at the answer before it goes into the clipboard."),
                self.tr("The clipboard is as it was. Copy puts the answer there."),
                tone="warning",
            )
        self._settle()
        self._done.setFocus()

    def _show_failure(self, run: CancelToken, error: AppError) -> None:
        if run is self._cancel:
            self._cancel = None
            self.panel.show_failure(error)

    def _finish(self, run: CancelToken) -> None:
        if run is self._cancel:  # it was stopped
            self._cancel = None
            self._begin_again()
        self._settle()

    def _go_on_there(self) -> None:
        if self._cancel is None and self.given.is_there:
            record = self.panel.record
            shown = self._steps.currentWidget() is self._result
            self.window_wanted.emit(self.given.text, record if shown else None)
            self.close()

    def _confirm(self) -> None:
        if (record := self.panel.record) is not None:
            self._jobs.start(
                lambda services: services.correct.confirm(record.id),
                Then(done=self._show_confirmed, failed=self._notice.say_failure),
            )

    def _show_confirmed(self, record: Record) -> None:
        self.answered.emit()
        if self.panel.record is not None and self.panel.record.id == record.id:
            self.panel.show_answer(record)
