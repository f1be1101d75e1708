"""Work: a task, a text, an answer."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from onhand.domain.documents import DOCUMENTS
from onhand.domain.errors import TaskInvalid
from onhand.domain.progress import CancelToken
from onhand.domain.shortcuts import Action
from onhand.ui import said
from onhand.ui.answer_panel import AnswerPanel
from onhand.ui.correcting import Correcting
from onhand.ui.input_box import InputBox
from onhand.ui.jobs import Jobs, Then
from onhand.ui.mail_choice import MailChoice
from onhand.ui.meter import Meter
from onhand.ui.offsets import code_point_offset, shown
from onhand.ui.parts import Card, Notice, Tick, button
from onhand.ui.task_form import TaskForm
from onhand.ui.text_files import choose_text_file, read_file
from onhand.ui.theme import Gap, Theme

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtGui import QResizeEvent

    from onhand.domain.errors import AppError
    from onhand.domain.progress import Progress
    from onhand.domain.tasks import Task
    from onhand.services.history_ports import Record
    from onhand.services.reading import ReadText
    from onhand.services.run_task import Ran
    from onhand.ui.shortcuts import Shortcuts

_NARROW = 780


class WorkPage(QWidget):
    """Runs a task on the text at hand.

    Signals:
        answered: the entry that a run returned.
        panel_filled: the panel with the answer shows something else.
        history_changed: an entry of the history was added or changed.
        judged: an entry was corrected, or its answer called right.
        working: whether a text is being worked on, whenever that may have changed.
    """

    answered = Signal(object)
    panel_filled = Signal()
    history_changed = Signal()
    judged = Signal(object)
    working = Signal(bool)

    def __init__(self, jobs: Jobs, theme: Theme, shortcuts: Shortcuts) -> None:
        super().__init__()
        self._jobs = jobs
        self._shortcuts = shortcuts
        self._cancel: CancelToken | None = None
        self._same_text = False
        self.form = TaskForm()
        self.input = InputBox(theme)
        self.panel = AnswerPanel(theme)
        self._correcting = Correcting(jobs, self.panel, self)
        self._told = Notice()
        self._mail = MailChoice(self.input)
        self._given = Card()
        self._meter = Meter(jobs, lambda: (self.form.task(), self.input.text()))
        self._open = button(self.tr("O&pen file…"))
        self.private = Tick(self.tr("Keep no&thing of this"))
        self._stop = button(self.tr("Stop  (Esc)"), name=self.tr("Stop"))
        self._run = button(self.tr("&Run"), part="primary", name=self.tr("Run"))
        self._lay_out()
        self._connect()
        self._settle()

    def run(self) -> None:
        """Run the task on the text, unless a run is under way."""
        if self._cancel is not None:
            return
        try:
            task = self.form.task()
        except TaskInvalid as error:
            self.panel.show_failure(error)
            return
        self._start(task, self.input.text())

    def stop(self) -> None:
        """Stop the run under way, at once."""
        if self._cancel is not None:
            self._stop.setEnabled(False)
            self.panel.running.stop()
            self._cancel.cancel()

    def open_record(self, record: Record) -> None:
        """Take an entry of the history up again; a run under way is stopped."""
        if self._cancel is not None:
            self._cancel.cancel()
            self._cancel = None
            self._settle()
        self.form.set_task(record.task)
        self.input.set_text(record.text)
        if record.outcome is None:
            self.panel.show_idle(self.tr("This text has no answer yet"))
        else:
            self._present(record)

    def open_file(self, path: Path) -> None:
        """Read a file into the box."""
        self._told.hide()
        own = self._mail.isChecked()
        then = Then(done=partial(self._take, path), failed=self._told.say_failure)
        if path.suffix.lower() in DOCUMENTS:
            self._jobs.look_up(lambda each: each.read_document(path, own_words=own), then)
        else:
            self._jobs.start_aside(lambda: read_file(path), then)

    def show_ran(self, ran: Ran) -> None:
        """Show what became of a run, or of a question to a cloud model."""
        if ran.record.id or ran.measured:
            self.history_changed.emit()
        self._present(ran.record, ran.not_kept, measured=ran.measured)
        self.answered.emit(ran.record)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """One above the other where there is no room for two columns."""
        super().resizeEvent(event)
        sides = (self._given, self.panel)
        least = sum(side.minimumSizeHint().width() for side in sides)
        narrow = event.size().width() < max(_NARROW, least * 1.1)
        self._sides.setOrientation(
            Qt.Orientation.Vertical if narrow else Qt.Orientation.Horizontal
        )

    def _lay_out(self) -> None:
        given = self._given
        given.column.addWidget(self.form)
        given.column.addWidget(self._told)
        given.column.addWidget(self._mail)
        given.column.addWidget(self.input, 1)
        self.input.setMinimumHeight(110)
        given.column.addWidget(self._meter)
        options = QHBoxLayout()
        options.setSpacing(Gap.SMALL)
        options.addWidget(self._open)
        options.addWidget(self.private)
        options.addStretch()
        options.addWidget(self._stop)
        options.addWidget(self._run)
        given.column.addLayout(options)
        self._sides = QSplitter(Qt.Orientation.Horizontal)
        self._sides.setChildrenCollapsible(False)
        self._sides.setHandleWidth(Gap.LARGE)
        self._sides.addWidget(given)
        self._sides.addWidget(self.panel)
        self.panel.raise_()  # the splitter puts what comes last before the rest
        self._sides.setStretchFactor(0, 1)
        self._sides.setStretchFactor(1, 1)
        self._sides.setSizes([1000, 1000])
        column = QVBoxLayout(self)
        column.setContentsMargins(Gap.LARGE, Gap.LARGE, Gap.LARGE, Gap.LARGE)
        column.addWidget(self._sides)

    def _connect(self) -> None:
        self._run.clicked.connect(self.run)
        self._stop.clicked.connect(self.stop)
        self._open.clicked.connect(self._choose_file)
        self.input.file_dropped.connect(self.open_file)
        self._mail.read_again.connect(self.open_file)
        self.input.textChanged.connect(self._meter.restart)
        # Earlier than the cursor moves; textChanged would come after.
        self.input.document().contentsChange.connect(self._forget_sources)
        self.input.pointed.connect(self._point)
        self.form.changed.connect(self._meter.restart)
        self.panel.filled.connect(self.panel_filled)
        self.panel.sources_chosen.connect(self._show_sources)
        self._correcting.corrected.connect(self._show_correction)
        self._correcting.failed.connect(self._told.say_failure)
        for action, slot in (
            (Action.RUN, self.run),
            (Action.STOP, self.stop),
            (Action.OPEN_FILE, self._choose_file),
        ):
            here = Qt.ShortcutContext.WidgetWithChildrenShortcut
            self._shortcuts.bind(action, self, slot, here)

    def _start(self, task: Task, text: str) -> None:
        self._meter.rest()
        self._cancel = cancel = CancelToken()
        private = self.private.isChecked()

        def on_text(piece: str) -> None:
            self._jobs.post(partial(self._follow, cancel, piece))

        def on_progress(far: Progress) -> None:
            self._jobs.post(partial(self._follow, cancel, far))

        self._jobs.start(
            lambda services: services.run_task(
                task,
                text,
                cancel=cancel,
                private=private,
                on_text=on_text,
                on_progress=on_progress,
            ),
            Then(
                done=partial(self._show, cancel),
                failed=partial(self._show_failure, cancel),
                ended=partial(self._finish, cancel),
            ),
            cancel=cancel,
        )
        self.input.light_up("", ())
        self.panel.show_running(self._meter.text())
        self._settle()

    def _follow(self, run: CancelToken, news: str | Progress) -> None:
        if run is not self._cancel:
            return
        if isinstance(news, str):
            self.panel.running.add(news)
        else:
            self.panel.running.show_progress(news)

    def _show(self, run: CancelToken, ran: Ran) -> None:
        if run is self._cancel:
            self._cancel = None
            self.show_ran(ran)
        elif ran.record.id or ran.measured:  # the user has turned to something else
            self.history_changed.emit()

    def _show_failure(self, run: CancelToken, error: AppError) -> None:
        if run is self._cancel:
            self._cancel = None
            self.panel.show_failure(error)

    def _finish(self, run: CancelToken) -> None:
        if run is self._cancel:
            self._cancel = None
            self.panel.show_idle(
                self.tr("Stopped. Nothing was kept.") if run.cancelled else ""
            )
        self._settle()

    def _settle(self) -> None:
        """Offer what can be done now; focus leaves a button that is taken away."""
        running = self._cancel is not None
        focused = self._run.hasFocus() or self._stop.hasFocus()
        self._run.setEnabled(not running)
        self._stop.setEnabled(running)
        if focused:
            (self._stop if running else self._run).setFocus()
        self.working.emit(running)

    def _present(
        self, record: Record, not_kept: AppError | None = None, *, measured: bool = False
    ) -> None:
        self.panel.show_answer(record, not_kept, measured=measured)
        self._same_text = self.input.text() == shown(record.text)

    def _show_sources(self, spans: list[tuple[int, int]]) -> None:
        if self._same_text and self.panel.record is not None:
            self.input.light_up(self.panel.record.text, spans)

    def _point(self, units: int) -> None:
        if self._same_text and self.panel.record is not None:
            self.panel.point(code_point_offset(self.panel.record.text, units))

    def _forget_sources(self, *_: int) -> None:
        if self._same_text:
            self._same_text = False
            self.input.light_up("", ())

    def _show_correction(self, record: Record) -> None:
        self.history_changed.emit()
        self.judged.emit(record)
        if self.panel.record is not None and self.panel.record.id == record.id:
            self._present(record)

    def _choose_file(self) -> None:
        choose_text_file(self, self.open_file)

    def _take(self, path: Path, read: ReadText) -> None:
        self.input.set_text(read.text)
        self._mail.offer(path)
        if read.note:
            self._told.say(said.said(read.note))
