"""The rows of a job answered, by its model or by a smaller one before it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from onhand.domain.progress import CancelToken
from onhand.services.answering_rows import RowsRun
from onhand.services.batch_ports import Job, JobStore, Row, RowSource
from onhand.services.blaming import Blaming
from onhand.services.keeping_answers import known_answers
from onhand.services.part_rows import count_in, is_in
from onhand.services.ports import Clock, TaskRunner
from onhand.services.repeats import Repeats
from onhand.services.sampling import Survey, groups_of
from onhand.services.smaller_first import Recalling, SmallerFirst
from onhand.services.telling import Telling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from onhand.domain.heads import Learned
    from onhand.services.answering_rows import Asking


@dataclass(frozen=True, kw_only=True)
class Work:
    """What one run of a job works with, from its start or resumption on.

    Attributes:
        limit: how many rows of the input at most.
        texts: whether the journal may have the texts of the rows.
        together: chunks that a runner is asked about at once.
        runner: answers with the model of the job.
        smaller: with the one that is asked first, if one shall be.
    """

    jobs: JobStore
    clock: Clock
    source: RowSource
    surveyed: Survey
    limit: int | None
    texts: bool
    together: int
    tell: Telling
    cancel: CancelToken
    runner: TaskRunner
    smaller: TaskRunner

    def rows(self) -> Iterator[Row]:
        """All rows of the job, from the first on."""
        return islice(self.source.rows(), self.limit)

    def sample(self) -> Iterator[Row]:
        """Those of the sample that are rows of the job."""
        return (row for row in self.surveyed.sample if is_in(row.position, self.source))


def answered(job: Job, work: Work, earlier: Job | None) -> Job:
    """Answer all rows of a job that have no answer yet; returns it with all of them.

    Args:
        job: has begun.
        work: what is worked with.
        earlier: a job whose answers hold for rows with the same text.
    """
    learned = _learned(job, work)
    fresh = job.plan.learned is None
    if learned is not None:
        job = work.jobs.freeze(job.id, learned)
    larger = Blaming(work.runner, job.plan, work.cancel)
    first = SmallerFirst(work.jobs, work.smaller, work.tell, work.cancel)
    rows = count_in(work.surveyed.total, work.source)
    job, known = first.decide(job, work.surveyed.sample, rows, larger)

    def run_of(job: Job, asking: Asking) -> RowsRun:
        return RowsRun(
            job=job,
            jobs=work.jobs,
            answering=asking,
            clock=work.clock,
            texts=work.texts,
            together=work.together,
            repeats=Repeats(known_answers(work.jobs, job, earlier)),
        )

    job = first.answer(job, work.rows(), run_of)
    run = run_of(job, Recalling(larger, known))
    if learned is not None and fresh:
        # The sample comes first: the engine has just read it.
        run.answer(work.sample(), work.tell, work.cancel)
    run.answer(work.rows(), work.tell, work.cancel)
    return replace(job, done=run.done, failed=run.failed)


def _learned(job: Job, work: Work) -> Learned | None:
    """What the job learned when it began, or can learn now."""
    if job.plan.learned is not None:
        return job.plan.learned
    groups = groups_of(job.plan.task, work.surveyed.sample)
    return work.runner.learn(job.plan.task, groups, work.cancel, work.tell.sampled)
