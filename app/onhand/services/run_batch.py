"""A task on many texts: frozen at its start, resumed after a kill, no row lost or twice."""

from __future__ import annotations

import dataclasses
import time
from functools import partial
from itertools import islice, takewhile
from typing import TYPE_CHECKING

from onhand.domain.calibration import uncalibrated
from onhand.domain.errors import ModelMissing, UsageError
from onhand.domain.progress import ignore_progress
from onhand.domain.tasks import version
from onhand.services.answering_job import Work, answered
from onhand.services.batch_ports import First, JobPlan
from onhand.services.keeping_answers import (
    begun_like,
    earlier_job,
    is_outdated,
    kept_by,
    open_job,
    what_is_kept,
)
from onhand.services.making_way import MakingWay, NobodyWaits
from onhand.services.part_rows import count_in, whole_of
from onhand.services.resuming import raise_if_occupied, strip_over, without_gaps
from onhand.services.sampling import survey
from onhand.services.smaller_first import (
    Counting,
    raise_if_unfit,
)
from onhand.services.telling import Telling

if TYPE_CHECKING:
    from collections.abc import Callable

    from onhand.domain.calibration import Calibration
    from onhand.domain.progress import CancelToken, OnProgress
    from onhand.domain.tasks import Task
    from onhand.services.batch_ports import (
        Job,
        JobStore,
        ResultSink,
        RowSource,
    )
    from onhand.services.making_way import Way
    from onhand.services.ports import Clock, InstalledModel, TaskRunner


def not_here(name: str) -> InstalledModel:
    """That there is no other model than the one in use.

    Raises:
        ModelMissing: always.
    """
    raise ModelMissing(name)


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
        find_model: Callable[[str], InstalledModel] = not_here,
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
            find_model: gives one that may be loaded, by its name.
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
        self._find_model = find_model

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
        first: str = "",
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
            first: a smaller model that answers the rows of which it is sure enough, if that
                pays; "" for none. The job's plan tells what became of it.
            on_progress: called on this thread, at the start and when rows were stored.
            way: others who want this thread; they are served as soon as they come.

        Returns:
            The finished job; its `failed` counts the rows with an error.

        Raises:
            InputUnreadable, OutputUnwritable, OutputExists, ModelMissing, UsageError:
                nothing was begun.
            JobChanged: there is an unfinished job of this output that began differently,
                or another model answers than at the beginning.
            EntriesForgotten: answers were taken out of the history meanwhile.
            Locked: another process works on this job.
            ModelUnusable, EngineFailed, DiskFull: it stopped; run again, it goes on.
            Cancelled: likewise.
        """
        unkept = private or not self._keeps_history()
        jobs = self._private_jobs() if unkept else self._jobs
        sink.raise_if_unwritable()
        model = self._select_model()
        plan = self._plan(task, source, sink, model)
        small = self._find_model(first) if first else None
        if small is not None:
            raise_if_unfit(task, small, model)
            plan = dataclasses.replace(plan, first=self._first(task, small))
        surveyed = survey(islice(whole_of(source).rows(), limit))
        if not replace:
            raise_if_occupied(sink, jobs)
        measures = self._measures()
        # Where only figures are kept, there is nothing to take over.
        earlier = earlier_job(jobs, plan) if update and not measures else None
        if earlier is not None:
            plan = dataclasses.replace(plan, earlier=earlier.id)
        job = open_job(jobs, plan, self._clock.now(), replace=replace, update=update)
        try:
            work = Work(
                jobs=jobs,
                clock=self._clock,
                source=source,
                surveyed=surveyed,
                limit=limit,
                texts=not measures,
                together=self._together,
                tell=Telling(
                    count_in(surveyed.total, source), self._stopwatch, on_progress
                ),
                cancel=cancel,
                runner=MakingWay(self._runner, way, partial(self._keep_model, model)),
                smaller=MakingWay(
                    self._runner, way, partial(self._keep_model, small or model)
                ),
            )
            earlier = kept_by(jobs, job, earlier)
            if earlier is not None and is_outdated(
                earlier, work.runner, work.smaller, cancel
            ):
                earlier = None
            work.tell.begin(job.done, what_is_kept(earlier) if update else "")
            if earlier is not None:
                job = begun_like(jobs, job, earlier)
            job = answered(job, work, earlier)
            job = _write(job, work, sink)
            if measures:
                strip_over(jobs, sink, job.id)
        finally:
            jobs.close(job.id)
        return dataclasses.replace(job, finished=True)

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
            model_stamp=model.stamp,
            calibration=self._calibration(task, model.id),
        )

    def _first(self, task: Task, small: InstalledModel) -> First:
        calibration = self._calibration(task, small.id)
        return First(
            model=small.path,
            model_id=small.id,
            model_stamp=small.stamp,
            calibration=calibration,
        )


def _write(job: Job, work: Work, sink: ResultSink) -> Job:
    """Write the output from the journal, then close that; returns the job."""
    jobs, source, limit = work.jobs, work.source, work.limit
    task = job.plan.task
    stored = jobs.records(job.id)
    wanted = takewhile(lambda each: limit is None or each.row < limit, stored)
    whole = without_gaps(wanted, job.plan, source, work.surveyed.total)
    if job.plan.first is None:
        sink.write(whole, source, task)
    else:
        counting = Counting(job.plan.first)
        sink.write(counting(whole), source, task)
        job = jobs.note_first(job.id, counting.first)
    jobs.finish(job.id)
    return job
