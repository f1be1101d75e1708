"""Batch: a task on every row of a file, run, stopped and gone on with."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from onhand.domain.errors import TaskInvalid, UsageError
from onhand.domain.history_errors import HistoryKeyless
from onhand.domain.progress import CancelToken, Progress
from onhand.ui.batch_form import BatchForm
from onhand.ui.batch_request import BatchRequest, run_batch
from onhand.ui.jobs import Jobs, Then
from onhand.ui.parts import Card, Notice, button, label
from onhand.ui.review_dialog import ReviewDialog
from onhand.ui.score_bar import show_busy
from onhand.ui.smaller_first import smaller_models
from onhand.ui.table import Table
from onhand.ui.table_model import Column, TableModel
from onhand.ui.theme import Gap
from onhand.ui.trial_dialog import TrialDialog
from onhand.ui.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtGui import QShowEvent

    from onhand.domain.errors import AppError
    from onhand.domain.progress import OnProgress
    from onhand.domain.tasks import Task
    from onhand.services.batch_ports import Job
    from onhand.services.bundle import Archive
    from onhand.services.try_batch import Trial


class BatchPage(QWidget):
    """Runs one batch at a time; it makes way for whatever else is asked meanwhile.

    Signals:
        judged: the user has said of an answer what is right; its `Record`.
    """

    judged = Signal(object)

    def __init__(self, jobs: Jobs, task_in_work: Callable[[], Task]) -> None:
        """`task_in_work` gives the task set up in Work; it may raise `TaskInvalid`."""
        super().__init__()
        self._jobs = jobs
        self._words = Wording(self)
        self._running: CancelToken | None = None
        self._form = BatchForm(task_in_work)
        self._notice = Notice()
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(self.tr("Progress of the batch"))
        self._told = label(tone="muted")
        self._run = button(self.tr("&Run"), part="primary", name=self.tr("Run batch"))
        self._try = button(self.tr("&Try 20 rows"))
        self._stop = button(self.tr("&Stop"), name=self.tr("Stop batch"))
        self._list: TableModel[Job] = TableModel(
            (
                Column(
                    title=self.tr("Begun"), text=lambda j: self._words.moment(j.started)
                ),
                Column(title=self.tr("Task"), text=lambda j: self._words.task(j.plan.task)),
                Column(title=self.tr("Input"), text=lambda job: job.plan.source.name),
                Column(title=self.tr("State"), text=self._state_of),
            )
        )
        self._table = Table(self.tr("Batches so far"), self._list, widest=2)
        self._table.set_empty(self.tr("Batches appear here, and can be gone on with"))
        self._resume = button(self.tr("&Go on with this one"))
        self._review = button(self.tr("&Look through answers…"))
        self._lay_out()
        self._run.clicked.connect(self._run_form)
        self._try.clicked.connect(self._try_form)
        self._review.clicked.connect(self._open_review)
        self._form.source_named.connect(self._look_into)
        self._stop.clicked.connect(self._halt)
        self._resume.clicked.connect(self._go_on)
        self._table.chosen.connect(self._settle)
        self._settle()

    def set_tasks(self, tasks: list[tuple[str, Task]]) -> None:
        """Offer these tasks by their names."""
        self._form.set_tasks(tasks)

    def showEvent(self, event: QShowEvent) -> None:
        """Look which batches there are."""
        super().showEvent(event)
        if self._running is None:
            self._look()
            # What is wrong with models is told when one is needed.
            then = Then(done=self._form.smaller.set_models, failed=lambda _: None)
            self._jobs.start(smaller_models, then)

    def _lay_out(self) -> None:
        new = Card()
        new.column.addWidget(label(self.tr("New batch"), rank="heading"))
        new.column.addWidget(self._form)
        for each in (self._notice, self._bar, self._told):
            new.column.addWidget(each)
        buttons = self._form.row(self._run, self._try, self._stop)
        buttons.addStretch()
        new.column.addLayout(buttons)
        old = Card()
        old.column.addWidget(label(self.tr("Batches so far"), rank="heading"))
        self._table.setMinimumHeight(140)
        old.column.addWidget(self._table, 1)
        old.column.addLayout(further := self._form.row(self._resume, self._review))
        further.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(Gap.LARGE, Gap.LARGE, Gap.LARGE, Gap.LARGE)
        column.setSpacing(Gap.MEDIUM)
        column.addWidget(label(self.tr("Batch"), rank="title"))
        column.addWidget(new)
        column.addWidget(old, 1)

    def _run_form(self) -> None:
        if (request := self._request()) is not None:
            self._start(request)

    def _request(self) -> BatchRequest | None:
        """What the form asks for; if something is missing, that is told."""
        try:
            return BatchRequest(
                task=self._form.task(),
                source=self._form.source(),
                target=self._form.target(),
                column=self._form.column(),
                replace=self._form.replaces(),
                update=self._form.updates(),
                first=self._form.smaller.wanted,
            )
        except (TaskInvalid, UsageError) as error:
            self._notice.say_failure(error)
            return None

    def _try_form(self) -> None:
        if (request := self._request()) is not None:
            on_progress, cancel = self._begin(self.tr("A few rows are tried…"))
            self._jobs.start(
                lambda services: services.try_batch(
                    request.task,
                    services.batch_files.open_rows(request.source, request.column),
                    cancel=cancel,
                    on_progress=on_progress,
                    way=self._jobs.way,
                ),
                Then(
                    done=partial(self._show_trial, request),
                    failed=self._notice.say_failure,
                    ended=partial(self._finish, self.tr("Nothing is kept of a trial.")),
                ),
                cancel=cancel,
                long=True,
            )

    def _show_trial(self, request: BatchRequest, trial: Trial) -> None:
        dialog = TrialDialog(trial, self)
        dialog.wanted.connect(lambda: self._start(request))
        dialog.open()

    def _open_review(self) -> None:
        if (row := self._table.chosen_row()) >= 0:
            dialog = ReviewDialog(self._jobs, self._list.row(row), self)
            dialog.judged.connect(self.judged)
            dialog.open()

    def _look_into(self, source: Path) -> None:
        """Offer the columns of an input; what is wrong with it is told when it is run."""
        column = self._form.column()

        def look(archive: Archive) -> tuple[tuple[str, ...], str]:
            rows = archive.batch_files.open_rows(source, column)
            return rows.columns(), rows.told

        self._jobs.look_up(
            look,
            Then(
                done=lambda found: self._form.show_columns(source, *found),
                failed=lambda _: None,
            ),
        )

    def _go_on(self) -> None:
        if (row := self._table.chosen_row()) >= 0:
            job = self._list.row(row)
            plan = job.plan
            self._start(
                BatchRequest(
                    task=plan.task,
                    source=plan.source,
                    target=plan.target,
                    column=plan.column,
                    replace=False,
                    first=plan.first.model_id if plan.first else "",
                    job=job.id,
                )
            )

    def _start(self, request: BatchRequest) -> None:
        on_progress, cancel = self._begin(self.tr("Waiting for its turn…"))
        # Where no history is kept, the journal of a batch ends with it.
        left = self.tr(
            "Go on with it in the list of batches: what is done stays done. If it is not in"
            " there, nothing of it was kept, and it begins anew."
        )
        self._jobs.start(
            lambda services: run_batch(
                services, request, cancel, on_progress, self._jobs.way
            ),
            Then(
                done=self._show_end,
                failed=self._notice.say_failure,
                ended=partial(self._finish, left),
            ),
            cancel=cancel,
            long=True,
        )

    def _begin(self, told: str) -> tuple[OnProgress, CancelToken]:
        self._running = cancel = CancelToken()
        self._notice.hide()
        show_busy(self._bar)
        self._told.setText(told)
        self._settle()

        def on_progress(far: Progress) -> None:
            self._jobs.post(partial(self._follow, cancel, far))

        return on_progress, cancel

    def _follow(self, run: CancelToken, far: Progress) -> None:
        if self._running is run:
            self._bar.setRange(0, far.total)
            self._bar.setValue(far.done)
            self._told.setText(self._words.progress(far))

    def _halt(self) -> None:
        if self._running is not None:
            self._running.cancel()
            self._stop.setEnabled(False)

    def _show_end(self, job: Job) -> None:
        title = self.tr("Done: %Ln rows", "", job.done)
        place = self.tr("The answers are in {path}.").format(path=job.plan.target)
        failed = self.tr("Rows that have an error instead of an answer: {number}.").format(
            number=self._words.count(job.failed)
        )
        first = self._form.smaller.told(job)
        lines = [failed if job.failed else "", place, first]
        told = "\n".join(line for line in lines if line)
        self._notice.say(title, told, tone="warning" if job.failed else "success")

    def _finish(self, left: str) -> None:
        """After a batch or a trial; `left` says what is left of one that was stopped."""
        stopped = self._running is not None and self._running.cancelled
        self._running = None
        if stopped and self._notice.isHidden():
            self._notice.say(self.tr("Stopped"), left)
        self._settle()
        self._look()

    def _look(self) -> None:
        self._jobs.look_up(
            lambda archive: archive.jobs.all(),
            Then(done=self._list.reset, failed=self._say_unread, ended=self._settle),
        )

    def _say_unread(self, error: AppError) -> None:
        """Where no history was ever kept, an empty list says all there is."""
        if not isinstance(error, HistoryKeyless):
            self._notice.say_failure(error)

    def _settle(self) -> None:
        """Offer what can be done now."""
        running = self._running is not None
        row = self._table.chosen_row()
        self._run.setEnabled(not running)
        self._try.setEnabled(not running)
        self._review.setEnabled(row >= 0 and self._list.row(row).done > 0)
        self._stop.setEnabled(running)
        self._resume.setEnabled(not running and row >= 0 and self._list.row(row).goes_on)
        self._bar.setVisible(running)
        self._told.setVisible(running)
        for column in (0, 1, 3):
            self._table.resizeColumnToContents(column)

    def _state_of(self, job: Job) -> str:
        if job.finished:
            return self.tr("done, %Ln rows", "", job.done)
        if job.given_up:
            return self.tr("given up after %Ln rows", "", job.done)
        return self.tr("%Ln rows done", "", job.done)
