"""A task on many texts: frozen at its start, resumed after a kill, no row lost or twice."""

from __future__ import annotations

import dataclasses
import time
from functools import partial
from itertools import islice, takewhile
from typing import TYPE_CHECKING

from onhand.domain.calibration import uncalibrated
from onhand.domain.errors import (
    AppError,
    EmptyText,
    InputUnreadable,
    JobChanged,
    UsageError,
)
from onhand.domain.progress import ignore_progress
from onhand.domain.prompting import classify_questions
from onhand.domain.tasks import Classify, identity, version
from onhand.services.batch_ports import JobPlan, NobodyWaits
from onhand.services.blaming import Blaming
from onhand.services.chunking import chunked
from onhand.services.history_ports import Record
from onhand.services.making_way import MakingWay
from onhand.services.resuming import raise_if_occupied, strip_over
from onhand.services.sampling import survey
from onhand.services.telling import Telling

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from onhand.domain.answers import Outcome
    from onhand.domain.calibration import Calibration
    from onhand.domain.heads import Learned
    from onhand.domain.progress import CancelToken, OnProgress
    from onhand.domain.tasks import Task
    from onhand.services.batch_ports import (
        Job,
        JobStore,
        ResultSink,
        Row,
        RowSource,
        Way,
    )
    from onhand.services.ports import Clock, InstalledModel, TaskRunner


WINDOW = 256
"""Rows for which the journal is asked at once whether they are done."""


class RunBatch:
    """Runs a task on all rows of an input."""

    def __init__(  # noqa: PLR0913 - wired in one place, by keyword
        self,
        *,
        runner: TaskRunner,
        select_model: Callable[[], InstalledModel],
        jobs: JobStore,
        private_jobs: Callable[[], JobStore],
        clock: Clock,
        stopwatch: Callable[[], float] = time.perf_counter,
        keeps_history: Callable[[], bool] = lambda: True,
        measures: Callable[[], bool] = lambda: False,
        calibration: Callable[[Task, str], Calibration] = uncalibrated,
        keep_model: Callable[[InstalledModel], None] | None = None,
    ) -> None:
        """Wire it.

        Args:
            runner: answers with the model that `select_model` made the engine use.
            select_model: makes the engine use the current model and says which it is.
            jobs: the journal.
            private_jobs: makes a journal that is dropped with its last reference.
            clock: dates the answers.
            stopwatch: seconds from any beginning, for the time left.
            keeps_history: whether answers may be kept; if not, every batch is private.
            measures: whether only the figures of answers may stay. Then the journal has
                no texts, and no answers once the output is written.
            calibration: what is known of a task with a model, by its id.
            keep_model: makes the engine use one again, whatever is selected now.
        """
        self._runner = runner
        self._select_model = select_model
        self._jobs = jobs
        self._private_jobs = private_jobs
        self._clock = clock
        self._stopwatch = stopwatch
        self._keeps_history = keeps_history
        self._measures = measures
        self._calibration = calibration
        self._keep_model = keep_model or (lambda _: None)

    def __call__(  # noqa: PLR0913 - by keyword, and each is a choice of the user
        self,
        task: Task,
        source: RowSource,
        sink: ResultSink,
        *,
        cancel: CancelToken,
        limit: int | None = None,
        private: bool = False,
        replace: bool = False,
        on_progress: OnProgress = ignore_progress,
        way: Way = NobodyWaits(),  # noqa: B008 - it cannot be changed
    ) -> Job:
        """Answer all rows that have no answer yet, then write the output.

        A job that was stopped or killed goes on where it was, as long as input, column,
        task and model are what they were. A row that cannot be answered becomes a row with
        an error.

        Args:
            task: what to do with each text.
            source: the rows.
            sink: the output; it appears under its name only when all rows are done.
            cancel: stops between rows, and within one as soon as the engine lets go.
            limit: how many rows of the input at most, from its beginning.
            private: keep the journal in memory. Nothing enters the history and nothing is
                left afterwards, so a private batch that was stopped begins anew.
            replace: give up an unfinished job of this output, and replace a file that is
                there.
            on_progress: called on this thread, at the start and when rows were stored.
            way: others who want this thread; they are served as soon as they come.

        Returns:
            The finished job; its `failed` counts the rows with an error.

        Raises:
            InputUnreadable, OutputUnwritable, OutputExists, ModelMissing: nothing was
                begun.
            JobChanged: there is an unfinished job of this output that began differently,
                or another model answers than at the beginning.
            Locked: another process works on this job.
            ModelUnusable, EngineFailed, DiskFull: it stopped; run again, it goes on.
            Cancelled: likewise.
        """
        private = private or not self._keeps_history()
        jobs = self._private_jobs() if private else self._jobs
        sink.raise_if_unwritable()
        model = self._select_model()
        plan = self._plan(task, source, sink, model)
        surveyed = survey(islice(source.rows(), limit))
        if not replace:
            raise_if_occupied(sink, jobs)
        job = jobs.open(plan, self._clock.now(), replace=replace)
        try:
            tell = Telling(surveyed.total, self._stopwatch, on_progress)
            tell.begin(job.done)
            runner = MakingWay(self._runner, way, partial(self._keep_model, model))
            learned = _learned(job, surveyed.sample, runner, cancel, tell)
            if learned is not None:
                job = jobs.freeze(job.id, learned)
            asking = Blaming(runner, job.plan, cancel)
            measures = self._measures()
            run = _Run(job, jobs, asking, self._clock, texts=not measures)
            if learned is not None:
                # The sample comes first: the engine has just read it.
                run.answer(iter(surveyed.sample), tell, cancel)
            run.answer(islice(source.rows(), limit), tell, cancel)
            answered = jobs.records(job.id)
            sink.write(takewhile(lambda each: limit is None or each.row < limit, answered))
            jobs.finish(job.id)
            if measures:
                strip_over(jobs, sink, job.id)
        finally:
            jobs.close(job.id)
        return dataclasses.replace(job, finished=True, done=run.done, failed=run.failed)

    def _plan(
        self, task: Task, source: RowSource, sink: ResultSink, model: InstalledModel
    ) -> JobPlan:
        if source.path == sink.path:
            raise UsageError("the output would replace the input")
        # What there is to learn is learned when the job has begun.
        return JobPlan(
            task=task,
            task_version=version(task),
            source=source.path,
            fingerprint=source.fingerprint(),
            target=sink.path,
            column=source.column,
            model=model.path,
            model_id=model.id,
            calibration=self._calibration(task, model.id),
        )


def _learned(
    job: Job,
    sample: Sequence[Row],
    runner: TaskRunner,
    cancel: CancelToken,
    tell: Telling,
) -> Learned | None:
    """What the job learned when it began, or can learn now."""
    if job.plan.learned is not None:
        return job.plan.learned
    # Just the chunks in which these rows are answered next.
    chunks = chunked(sample, behind=_behind(job.plan.task))
    groups = [[row.text for row in rows if not _fault(row)] for rows in chunks]
    return runner.learn(job.plan.task, groups, cancel, tell.sampled)


def _behind(task: Task) -> str | None:
    """What is asked behind a text, if the engine decodes texts of a task side by side."""
    if not isinstance(task, Classify):
        return None
    return "".join(each.ask + each.reply for each in classify_questions(task))


class _Run:
    """One stretch of a job, from its start or resumption to its end or interruption.

    Attributes:
        done: rows with an answer or an error, those of earlier stretches too.
        failed: rows with an error, likewise.
    """

    def __init__(
        self, job: Job, jobs: JobStore, answering: Blaming, clock: Clock, *, texts: bool
    ) -> None:
        """`texts` says whether the journal may have the texts of the rows."""
        self._texts = texts
        self._job = job
        self._jobs = jobs
        self._answering = answering
        self._clock = clock
        self._model = ""
        self.done = job.done
        self.failed = job.failed

    def answer(self, rows: Iterator[Row], tell: Telling, cancel: CancelToken) -> None:
        """Answer and store all rows that have no answer yet."""
        held: list[Record] = []
        behind = _behind(self._job.plan.task)
        for chunk in chunked(self._unanswered(rows), behind=behind):
            cancel.raise_if_cancelled()
            held += self._records(chunk)
            # While the engine fails on row after row, nobody knows whose fault it is; only
            # what a working engine said is final.
            if not self._answering.failures:
                self._store(held, tell)
                held = []
        if held:
            self._store(held, tell)

    def _unanswered(self, rows: Iterator[Row]) -> Iterator[Row]:
        """The rows that the journal does not have; it is asked window by window."""
        while window := list(islice(rows, WINDOW)):
            done = self._jobs.done_among(self._job.id, [row.position for row in window])
            yield from (row for row in window if row.position not in done)

    def _store(self, records: list[Record], tell: Telling) -> None:
        self._jobs.add(records)
        self.done += len(records)
        self.failed += sum(record.error is not None for record in records)
        tell(self.done)

    def _records(self, rows: list[Row]) -> list[Record]:
        good = [row for row in rows if _fault(row) is None]
        found = self._answering([row.text for row in good])
        answers = dict(zip([row.position for row in good], found, strict=True))
        self._raise_if_model_changed(answers.values())
        return [self._record(row, _fault(row) or answers[row.position]) for row in rows]

    def _raise_if_model_changed(self, answers: Iterable[Outcome | AppError]) -> None:
        """Others use the engine too, and answers of two models are not one output."""
        for answer in answers:
            if not isinstance(answer, AppError):
                self._model = self._model or answer.model
                if answer.model != self._model:
                    raise JobChanged(f"the model is {answer.model}, was {self._model}")

    def _record(self, row: Row, answer: Outcome | AppError) -> Record:
        plan = self._job.plan
        error = answer if isinstance(answer, AppError) else None
        return Record(
            at=self._clock.now(),
            task=plan.task,
            task_id=identity(plan.task),
            task_version=plan.task_version,
            text=row.text if self._texts else "",
            outcome=None if isinstance(answer, AppError) else answer,
            error=error.code if error else None,
            error_detail=error.detail if error else "",
            job=self._job.id,
            row=row.position,
            name=row.name,
        )


def _fault(row: Row) -> AppError | None:
    """Why a row has nothing to ask the engine."""
    if row.error:
        return InputUnreadable(row.error)
    return None if row.text.strip() else EmptyText()
