"""What a batch takes over from what was answered before, by itself or by an earlier one."""

from __future__ import annotations

import heapq
from dataclasses import replace
from operator import attrgetter
from typing import TYPE_CHECKING

from onhand.domain.errors import JobChanged
from onhand.services.resuming import are_others

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from onhand.domain.heads import Learned
    from onhand.domain.progress import CancelToken
    from onhand.domain.tasks import Task
    from onhand.services.batch_ports import First, Job, JobPlan, JobStore
    from onhand.services.history_ports import Record
    from onhand.services.ports import TaskRunner


def earlier_job(jobs: JobStore, plan: JobPlan) -> Job | None:
    """The newest job of the same output whose answers are worth the same.

    One that has ended goes before those that were broken off: they have some rows alone.
    """
    same = [job for job in jobs.all() if job.done and _are_alike(job.plan, plan)]
    ended = (job for job in same if job.finished)
    job = next(ended, next(iter(same), None))
    return job if job is not None and _is_as_good(job.plan, plan) else None


def kept_by(jobs: JobStore, job: Job, found: Job | None) -> Job | None:
    """The job whose answers another one takes over, now and whenever that is gone on with.

    Args:
        jobs: the journal.
        job: the one that answers.
        found: what `earlier_job` found, if it was asked.
    """
    number = job.plan.earlier
    if number:
        found = next((each for each in jobs.all() if each.id == number), None)
    if found is None:
        return None
    now, before = job.plan.learned, found.plan.learned
    return None if now and before and now != before else found


def _are_alike(begun: JobPlan, plan: JobPlan) -> bool:
    same = begun.target == plan.target and begun.task_version == plan.task_version
    return same and _have_one_model(begun, plan)


def _is_as_good(earlier: JobPlan, plan: JobPlan) -> bool:
    """Answers of a smaller model are, where the same one is to answer first again."""
    if earlier.first is None or not earlier.first.answers:
        return True
    return plan.first is not None and _have_one_model(earlier.first, plan.first)


def _have_one_model(earlier: JobPlan | First, plan: JobPlan | First) -> bool:
    others = are_others(earlier.model_stamp, plan.model_stamp)
    return earlier.model == plan.model and not others


def is_outdated(
    earlier: Job, runner: TaskRunner, smaller: TaskRunner, cancel: CancelToken
) -> bool:
    """Whether a model that answered would do so by other examples of the user now."""
    task, first = earlier.plan.task, earlier.plan.first
    if _was_taught_since(task, earlier.plan.learned, runner, cancel):
        return True
    if first is None or not first.answers:
        return False
    return _was_taught_since(task, first.learned, smaller, cancel)


def begun_like(jobs: JobStore, job: Job, earlier: Job) -> Job:
    """A job that answers as an earlier one did, whose answers it takes over."""
    if earlier.plan.learned is not None:
        job = jobs.freeze(job.id, earlier.plan.learned)
    first, wanted = earlier.plan.first, job.plan.first
    if first is None or wanted is None or wanted.found is not None:
        return job
    # What it learned goes with texts that are forgotten; then it is found out anew.
    if not first.answers or first.learned is None:
        return job
    # This job reads no sample, whose cost would be taken off what is saved.
    found = replace(first.found, texts=0) if first.found is not None else None
    again = replace(
        wanted, learned=first.learned, calibration=first.calibration, found=found
    )
    return jobs.note_first(job.id, again)


def _was_taught_since(
    task: Task, before: Learned | None, runner: TaskRunner, cancel: CancelToken
) -> bool:
    now = runner.learn(task, [], cancel) if before is not None else None
    if before is None or now is None:
        return False
    return before.taught != now.taught or (now.taught > 0 and before != now)


def what_is_kept(earlier: Job | None) -> str:
    """What an update of an output will do, for people."""
    if earlier is None:
        return "there are no answers that still hold: every row is answered"
    return f"rows with the same text keep their answers of batch {earlier.id}"


def open_job(
    jobs: JobStore, plan: JobPlan, at: datetime, *, replace: bool, update: bool
) -> Job:
    """Begin a job, or go on with one; an update gives up one that began differently.

    Raises:
        Locked, UsageError, DiskFull, DataFolderUnwritable: see `JobStore.open`.
    """
    try:
        return jobs.open(plan, at, replace=replace)
    except JobChanged:
        if not update:
            raise
    return jobs.open(plan, at, replace=True)


def known_answers(jobs: JobStore, job: Job, earlier: Job | None) -> Iterator[Record]:
    """Answers that hold for rows with the same text, in the order of the input."""
    streams = [jobs.records(job.id)] if job.done else []
    if earlier is not None and earlier.id != job.id:
        streams.append(jobs.records(earlier.id))
    return heapq.merge(*streams, key=attrgetter("row"))
