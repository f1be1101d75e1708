"""Measure: models side by side on the user's own labelled rows."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from onhand.domain.errors import AppError, ModelMissing, TaskInvalid, UsageError
from onhand.domain.labelled import labels_of
from onhand.domain.progress import CancelToken, Progress
from onhand.domain.tasks import Classify, Task
from onhand.ui.jobs import Jobs, Then
from onhand.ui.measure_form import MeasureForm
from onhand.ui.measure_report import MeasureReport
from onhand.ui.measure_rows import Measured
from onhand.ui.measure_view import MeasureView
from onhand.ui.measured_before import MeasuredBefore
from onhand.ui.parts import Card, Notice, announce, button, label
from onhand.ui.theme import Gap
from onhand.ui.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QShowEvent

    from onhand.domain.tasks import Example
    from onhand.services.bundle import Services
    from onhand.services.making_way import Way
    from onhand.services.ports import InstalledModel


@dataclass(frozen=True, kw_only=True)
class MeasureRequest:
    """What the user asked for."""

    task: Task
    source: Path
    columns: tuple[str, str]
    models: tuple[str, ...]
    most: int
    skip_unknown: bool
    private: bool


class MeasurePage(QWidget):
    """Measures one thing at a time; it makes way for whatever else is asked meanwhile."""

    def __init__(
        self,
        jobs: Jobs,
        task_in_work: Callable[[], Task],
        private_in_work: Callable[[], bool],
    ) -> None:
        """Build it.

        Args:
            jobs: where it works.
            task_in_work: gives the task set up in Work; it may raise `TaskInvalid`.
            private_in_work: whether nothing is kept there; then nothing is here either,
                unless the user says so here.
        """
        super().__init__()
        self._jobs = jobs
        self._words = Wording(self)
        self._private_in_work = private_in_work
        self._running: CancelToken | None = None
        self._form = MeasureForm(jobs, task_in_work)
        self._notice = Notice()
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(self.tr("Progress of the measurement"))
        self._told = label(tone="muted")
        self._run = button(self.tr("&Measure"), part="primary", name=self.tr("Measure now"))
        self._stop = button(self.tr("&Stop"), name=self.tr("Stop the measurement"))
        self._found = Card()
        self.view = MeasureView()
        self.before = MeasuredBefore(jobs, self.view.bar)
        self._saved = Notice()
        self.report = MeasureReport(jobs, self, self._saved)
        self._empty = label(
            self.tr(
                "Which model is the smallest that clears your bar? Drop rows with a text"
                " and what is right for it, tick models, and see. Only figures of it are"
                " kept."
            ),
            tone="muted",
        )
        self._lay_out()
        self._run.clicked.connect(self._run_form)
        self._stop.clicked.connect(self._halt)
        self._form.rows.failed.connect(self._notice.say_failure)
        self._form.task_chosen.connect(self._look_back)
        self.view.report_wanted.connect(self._choose_report)
        self.view.bar_moved.connect(self.before.set_bar)
        self._settle()

    def set_tasks(self, tasks: list[tuple[str, Task]]) -> None:
        """Offer these tasks by their names."""
        self._form.set_tasks(tasks)

    def showEvent(self, event: QShowEvent) -> None:
        """Look which models there are."""
        super().showEvent(event)
        if self._private_in_work():
            self._form.private.setChecked(True)
        self._look_back()
        self._jobs.start(
            _installed,
            Then(done=self._show_models, failed=self._notice.say_failure),
        )

    def _lay_out(self) -> None:
        asked = Card()
        asked.column.addWidget(label(self.tr("Your rows"), rank="heading"))
        asked.column.addWidget(self._empty)
        asked.column.addWidget(self._form)
        for each in (self._notice, self._bar, self._told):
            asked.column.addWidget(each)
        buttons = QHBoxLayout()
        buttons.setSpacing(Gap.SMALL)
        buttons.addWidget(self._run)
        buttons.addWidget(self._stop)
        buttons.addStretch()
        asked.column.addLayout(buttons)
        self._found.column.addWidget(self._saved)
        self._found.column.addWidget(self.view)
        column = QVBoxLayout(self)
        column.setContentsMargins(Gap.LARGE, Gap.LARGE, Gap.LARGE, Gap.LARGE)
        column.setSpacing(Gap.MEDIUM)
        column.addWidget(label(self.tr("Measure"), rank="title"))
        column.addWidget(asked)
        column.addWidget(self._found)
        column.addWidget(self.before)
        column.addStretch()

    def _show_models(self, known: tuple[list[InstalledModel], str]) -> None:
        self._form.set_models(*known)
        self.before.set_titles({each.id: each.title for each in known[0]})

    def _run_form(self) -> None:
        try:
            request = MeasureRequest(
                task=self._form.task(),
                source=self._form.rows.source(),
                columns=self._form.rows.columns(),
                models=tuple(self._form.models()),
                most=self._form.most(),
                skip_unknown=self._form.rows.skips_unknown(),
                private=self._form.private.isChecked(),
            )
        except (TaskInvalid, UsageError) as error:
            self._notice.say_failure(error)
            return
        self._start(request)

    def _look_back(self) -> None:
        """Show what was measured of the chosen task before."""
        try:
            task: Task | None = self._form.task()
        except TaskInvalid:
            task = None
        self._form.tell_of(task)
        self.before.show_task(task)

    def _start(self, request: MeasureRequest) -> None:
        self._running = cancel = CancelToken()
        self._notice.hide()
        self._bar.setRange(0, 0)
        self._told.setText(self.tr("Waiting for its turn…"))

        def on_progress(far: Progress) -> None:
            self._jobs.post(partial(self._follow, cancel, far))

        self._jobs.start(
            lambda services: _measured(
                services, request, cancel, on_progress, self._jobs.way
            ),
            Then(done=self._show, failed=self._notice.say_failure, ended=self._finish),
            cancel=cancel,
            long=True,
        )
        self._settle()

    def _follow(self, run: CancelToken, far: Progress) -> None:
        if self._running is run:
            self._bar.setRange(0, far.total)
            self._bar.setValue(far.done)
            self._told.setText(self._words.progress(far))

    def _halt(self) -> None:
        if self._running is not None:
            self._running.cancel()
            self._stop.setEnabled(False)

    def _choose_report(self) -> None:
        if self.view.measured is not None:
            self.report.choose(self.view.measured, self.view.bar)

    def _show(self, measured: Measured) -> None:
        self._saved.hide()
        self.view.show_measured(measured)
        announce(self, self.view.told)

    def _finish(self) -> None:
        stopped = self._running is not None and self._running.cancelled
        self._running = None
        if stopped and self._notice.isHidden():
            self._notice.say(self.tr("Stopped. Nothing was kept."))
        self._settle()
        self._look_back()

    def _settle(self) -> None:
        """Offer what can be done now; focus leaves a button that is taken away."""
        running = self._running is not None
        focused = self._run.hasFocus() or self._stop.hasFocus()
        self._run.setEnabled(not running)
        self._stop.setEnabled(running)
        self._bar.setVisible(running)
        self._told.setVisible(running)
        self._found.setVisible(self.view.measured is not None)
        if focused:
            (self._stop if running else self._run).setFocus()


def _installed(services: Services) -> tuple[list[InstalledModel], str]:
    """The models that answer tasks, smallest first, and the one in use."""
    models = [each for each in services.models.installed() if each.kind == "chat"]
    try:
        used = services.models.original().id
    except ModelMissing:
        used = ""
    return sorted(models, key=lambda each: each.bytes), used


def _measured(
    services: Services,
    request: MeasureRequest,
    cancel: CancelToken,
    on_progress: Callable[[Progress], None],
    way: Way,
) -> Measured:
    rows = _rows(services, request)
    found = services.evaluate(
        request.task, rows, request.models, cancel, on_progress, way=way
    )
    # What took so long is shown, whether or not it can be kept.
    with suppress(AppError):
        if not request.private:
            services.measured_before.keep(request.task, rows, found)
    return Measured(task=request.task, rows=tuple(rows), found=tuple(found))


def _rows(services: Services, request: MeasureRequest) -> list[Example]:
    """As many rows as are wanted, from all over the file: it may be sorted by label."""
    task = request.task
    examples = services.open_labelled(request.source, request.columns).examples(task)
    rows = [each for each in examples if each.text.strip()]
    if request.skip_unknown and isinstance(task, Classify):
        rows = [each for each in rows if labels_of(each) <= {*task.answers}]
    most = min(request.most, len(rows))
    return [rows[at * len(rows) // most] for at in range(most)]
