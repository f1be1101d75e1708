"""A task on many texts: frozen at its start, resumed after a kill, no row lost or twice."""

from __future__ import annotations

import dataclasses
import time
from functools import partial
from itertools import islice, takewhile
from typing import TYPE_CHECKING

from onhand.domain.calibration import uncalibrated
from onhand.domain.errors import (
    UsageError,
)
from onhand.domain.progress import ignore_progress
from onhand.domain.tasks import version
from onhand.services.answering_rows import RowsRun, asked_behind
from onhand.services.batch_ports import JobPlan, NobodyWaits
from onhand.services.blaming import Blaming
from onhand.services.chunking import chunked
from onhand.services.keeping_answers import (
    earlier_job,
    known_answers,
    open_job,
    was_taught_since,
    what_is_kept,
)
from onhand.services.making_way import MakingWay
from onhand.services.part_rows import count_in, is_in, whole_of
from onhand.services.repeats import Repeats, fault
from onhand.services.resuming import raise_if_occupied, strip_over
from onhand.services.sampling import survey
from onhand.services.telling import Telling

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

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
        together: int = 1,
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
            together: chunks that the runner is asked about at once.
        """
        self._together = together
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
        update: bool = False,
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
            update: answer only what changed since the last job of this output: where
                task and model are the same, and the task was not taught meanwhile, rows
                with the same text keep their answers.
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
        unkept = private or not self._keeps_history()
        jobs = self._private_jobs() if unkept else self._jobs
        sink.raise_if_unwritable()
        model = self._select_model()
        plan = self._plan(task, source, sink, model)
        surveyed = survey(islice(whole_of(source).rows(), limit))
        if not replace:
            raise_if_occupied(sink, jobs)
        measures = self._measures()
        # Where only figures are kept, there is nothing to take over.
        earlier = earlier_job(jobs, plan) if update and not measures else None
        job = open_job(jobs, plan, self._clock.now(), replace=replace, update=update)
        try:
            tell = Telling(count_in(surveyed.total, source), self._stopwatch, on_progress)
            runner = MakingWay(self._runner, way, partial(self._keep_model, model))
            if earlier is not None and was_taught_since(earlier, runner, cancel):
                earlier = None
            tell.begin(job.done, what_is_kept(earlier) if update else "")
            if earlier is not None and earlier.plan.learned is not None:
                job = jobs.freeze(job.id, earlier.plan.learned)
            learned = _learned(job, surveyed.sample, runner, cancel, tell)
            fresh = job.plan.learned is None
            if learned is not None:
                job = jobs.freeze(job.id, learned)
            run = RowsRun(
                job=job,
                jobs=jobs,
                answering=Blaming(runner, job.plan, cancel),
                clock=self._clock,
                texts=not measures,
                together=self._together,
                repeats=Repeats(known_answers(jobs, job, earlier)),
            )
            if learned is not None and fresh:
                # The sample comes first: the engine has just read it.
                sample = (each for each in surveyed.sample if is_in(each.position, source))
                run.answer(sample, tell, cancel)
            run.answer(islice(source.rows(), limit), tell, cancel)
            _write(jobs, job, source, sink, limit)
            if measures:
                strip_over(jobs, sink, job.id)
        finally:
            jobs.close(job.id)
        return dataclasses.replace(job, finished=True, done=run.done, failed=run.failed)

    def _plan(
        self, task: Task, source: RowSource, sink: ResultSink, model: InstalledModel
    ) -> JobPlan:
        if sink.path == source.path:
            raise UsageError("the output would replace the input")
        if sink.path.is_relative_to(source.path):
            raise UsageError("the output would lie in the folder that is read")
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


def _write(
    jobs: JobStore, job: Job, source: RowSource, sink: ResultSink, limit: int | None
) -> None:
    """Write the output from the journal, then close that."""
    answered = jobs.records(job.id)
    wanted = takewhile(lambda each: limit is None or each.row < limit, answered)
    sink.write(wanted, source)
    jobs.finish(job.id)


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
    # Just the chunks in which these rows are answered next; each text counts once.
    chunks = chunked(Repeats().sifted(sample), behind=asked_behind(job.plan.task))
    groups = [[row.text for row in rows if not fault(row)] for rows in chunks]
    return runner.learn(job.plan.task, groups, cancel, tell.sampled)
