"""What a task was taught; teaching it from a file or corrections, and taking it back."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QProgressBar, QVBoxLayout

from onhand.domain.distilling import Distilled
from onhand.domain.labelled import labels_of
from onhand.domain.progress import CancelToken, Progress
from onhand.domain.tasks import Classify, Extract, Rewrite, Summarise
from onhand.services.making_way import Yielding
from onhand.ui.examples_dialog import ExamplesDialog
from onhand.ui.jobs import Jobs, Then, lasting
from onhand.ui.labelled_fields import LabelledFields
from onhand.ui.lesson_words import LessonWords
from onhand.ui.parts import Notice, button, label
from onhand.ui.teacher_fields import TeacherFields
from onhand.ui.theme import Gap
from onhand.ui.wording import Wording

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtGui import QDragEnterEvent, QDropEvent
    from PySide6.QtWidgets import QWidget

    from onhand.domain.progress import OnProgress
    from onhand.domain.tasks import Example, Task
    from onhand.services.bundle import Services
    from onhand.services.making_way import Way
    from onhand.services.teach import Standing, Teaching


_NARROWEST = 430


class TeachDialog(QDialog):
    """Teaches one task; labelled rows can be dropped. Closing it stops a lesson."""

    def __init__(self, jobs: Jobs, task: Task, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Teach a task"))
        self.setAcceptDrops(True)
        self._jobs, self._task = jobs, task
        self._words, self._told = Wording(self), LessonWords(self)
        self._running: CancelToken | None = None
        self._can_undo = False
        self._standing = label(tone="muted")
        self._rows = LabelledFields(jobs, self)
        self._notice = Notice()
        self._teacher = TeacherFields(jobs, self, self._notice)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(self.tr("Progress of the lesson"))
        self._far = label(tone="muted")
        self._teach = button(self.tr("&Teach"), part="primary", name=self.tr("Teach now"))
        self._stop = button(self.tr("&Stop"), name=self.tr("Stop the lesson"))
        self._undo = button(self.tr("&Undo the last lesson"))
        self._examples = button(self.tr("E&xamples…"), name=self.tr("Show the examples"))
        self._close = button(self.tr("Close"))
        self._lay_out()
        self._teach.clicked.connect(self._begin)
        self._stop.clicked.connect(self._halt)
        self._undo.clicked.connect(self._take_back)
        self._examples.clicked.connect(self._show_examples)
        self._close.clicked.connect(self.reject)
        self._rows.failed.connect(self._notice.say_failure)
        self.finished.connect(self._halt)
        self._settle()
        self._look()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Welcome files."""
        self._rows.welcome(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the first file."""
        self._rows.take_dropped(event)

    def _lay_out(self) -> None:
        name = self._task.name or self.tr("this task")
        title = self.tr("What {task} was taught").format(task=name)
        grid = QGridLayout()
        grid.setHorizontalSpacing(Gap.MEDIUM)
        grid.setVerticalSpacing(Gap.SMALL)
        grid.setColumnStretch(1, 1)
        chooses = isinstance(self._task, Classify)
        self._rows.add_to(grid, self._task)
        buttons = QHBoxLayout()
        buttons.setSpacing(Gap.SMALL)
        for each in (self._teach, self._stop, self._undo):
            buttons.addWidget(each)
        if chooses:
            self._teacher.add_to(grid, buttons)
        buttons.addStretch()
        buttons.addWidget(self._close)
        column = QVBoxLayout(self)
        column.setContentsMargins(Gap.HUGE, Gap.HUGE, Gap.HUGE, Gap.HUGE)
        column.setSpacing(Gap.MEDIUM)
        column.addWidget(label(title, rank="heading"))
        column.addStrut(_NARROWEST)  # a least width of the dialog would cut its buttons
        column.addWidget(self._standing)
        column.addWidget(self._examples, 0, Qt.AlignmentFlag.AlignLeft)
        column.addLayout(grid)
        column.addWidget(label(self._about_rows(), tone="muted"))
        for part in (self._notice, self._bar, self._far):
            column.addWidget(part)
        column.addLayout(buttons)

    def _about_rows(self) -> str:
        """What a row has, and what becomes of it."""
        if isinstance(self._task, Rewrite | Summarise):
            return self.tr(
                "A row has a text, and the text as it should be written. Rows are kept as"
                " examples of the task. Some of them are shown to the model, if what it"
                " writes of texts that were held out comes nearer to what is right then."
            )
        told = self.tr(
            "Labelled rows are kept as examples of the task. Without a file it learns from"
            " what is kept. What it learns is used only where it is right more often on"
            " texts that were held out."
        )
        if isinstance(self._task, Classify) and self._task.multiple:
            several = self.tr("A row names all labels of its text, with “; ” between them.")
            return f"{several} {told}"
        if isinstance(self._task, Extract):
            columns = self.tr("A row has the value of each field in a column of its name.")
            return f"{columns} {told}"
        return told

    def _show_examples(self) -> None:
        dialog = ExamplesDialog(self._jobs, self._task, self)
        dialog.finished.connect(self._look)
        dialog.open()

    def _look(self) -> None:
        task = self._task
        self._jobs.start(
            lambda services: services.teach.standing(task),
            lasting(self, Then(done=self._show_standing, failed=self._notice.say_failure)),
        )

    def _show_standing(self, standing: Standing) -> None:
        self._can_undo = standing.taught is not None
        self._standing.setText(self._told.standing(standing))
        self._settle()

    def _begin(self) -> None:
        self._running = cancel = CancelToken()
        self._notice.hide()
        self._bar.setRange(0, 0)
        self._far.setText(self.tr("Waiting for its turn…"))
        task, rows = self._task, self._rows
        source = rows.source() if rows.given else None
        columns, skip = rows.columns(), rows.skips_unknown()
        teacher = self._teacher.wanted

        def on_progress(far: Progress) -> None:
            self._jobs.post(partial(self._follow, cancel, far))

        def work(services: Services) -> Teaching | Distilled:
            if teacher:
                return services.distil(
                    task,
                    _texts(services, source, columns[0]),
                    teacher,
                    cancel=cancel,
                    on_progress=on_progress,
                    way=self._jobs.way,
                )
            examples = _examples(services, task, source, columns, skip=skip)
            return _taught(services, task, examples, cancel, on_progress, self._jobs.way)

        then = Then(done=self._show, failed=self._notice.say_failure, ended=self._finish)
        self._jobs.start(work, lasting(self, then), cancel=cancel, long=True)
        self._settle()

    def _follow(self, run: CancelToken, far: Progress) -> None:
        # A lesson may still tell how far it is when the dialog is closed.
        if not run.cancelled and self._running is run:
            self._bar.setRange(0, far.total)
            self._bar.setValue(far.done)
            self._far.setText(self._words.progress(far))

    def _halt(self) -> None:
        if self._running is not None:
            self._running.cancel()
            self._stop.setEnabled(False)

    def _show(self, teaching: Teaching | Distilled) -> None:
        if isinstance(teaching, Distilled):
            self._teacher.show(teaching)
            return
        title, rest = self._told.outcome(teaching.lesson)
        said = [rest]
        if teaching.relabelled:
            told = self.tr(
                "{number} texts came with different labels; the last row counts."
            )
            said.append(told.format(number=teaching.relabelled))
        if teaching.bare:
            told = self.tr("{number} rows name no label; they teach when none applies.")
            said.append(told.format(number=teaching.bare))
        if not teaching.examples_kept:
            said.append(
                self.tr("The examples are not kept: there is no key for the history.")
            )
        self._notice.say(title, "\n".join(said))

    def _finish(self) -> None:
        stopped = self._running is not None and self._running.cancelled
        self._running = None
        if stopped and self._notice.isHidden():
            self._notice.say(self.tr("Stopped. Nothing was learned."))
        self._settle()
        self._look()

    def _take_back(self) -> None:
        task = self._task
        self._undo.setEnabled(False)
        then = Then(
            done=self._show_undone, failed=self._notice.say_failure, ended=self._look
        )
        self._jobs.start(lambda each: each.teach.undo(task), lasting(self, then))

    def _show_undone(self, _: bool) -> None:
        self._notice.say(self.tr("The task answers as before its last lesson."))

    def _settle(self) -> None:
        """Offer what can be done now; focus leaves a button that is taken away."""
        running = self._running is not None
        focused = self._teach.hasFocus() or self._stop.hasFocus()
        self._teach.setEnabled(not running)
        self._stop.setEnabled(running)
        self._undo.setEnabled(self._can_undo and not running)
        self._bar.setVisible(running)
        self._far.setVisible(running)
        if focused:
            (self._stop if running else self._teach).setFocus()


def _examples(
    services: Services,
    task: Task,
    source: Path | None,
    columns: tuple[str, str],
    *,
    skip: bool,
) -> list[Example]:
    if source is None:
        return []
    examples = list(services.open_labelled(source, columns).examples(task))
    if skip and isinstance(task, Classify):
        return [each for each in examples if labels_of(each) <= {*task.answers}]
    return examples


def _texts(services: Services, source: Path | None, column: str) -> list[str]:
    """The texts of a file that can be read.

    Raises:
        InputUnreadable, UsageError: it cannot be used.
    """
    rows = [] if source is None else services.batch_files.open_rows(source, column).rows()
    return [each.text for each in rows if not each.error]


def _taught(  # noqa: PLR0913 - one call, made in one place
    services: Services,
    task: Task,
    examples: list[Example],
    cancel: CancelToken,
    on_progress: OnProgress,
    way: Way,
) -> Teaching:
    def lesson(token: CancelToken) -> Teaching:
        return services.teach(task, examples, cancel=token, on_progress=on_progress)

    return Yielding(way).until_done(lesson, cancel)
