"""A journal in memory, for a batch that leaves nothing behind."""

from __future__ import annotations

import dataclasses
from operator import itemgetter
from typing import TYPE_CHECKING

from onhand.domain.batch_errors import EntriesForgotten
from onhand.domain.errors import Locked
from onhand.services.batch_ports import Job, unlearned
from onhand.services.measuring import bare
from onhand.services.resuming import raise_if_changed, raise_if_forgotten

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from onhand.domain.heads import Learned
    from onhand.services.batch_ports import First, JobPlan
    from onhand.services.history_ports import Record


class MemoryJobs:
    """The job port for one process; what it holds ends with it."""

    def __init__(self) -> None:
        self._jobs: dict[int, Job] = {}
        self._opened: set[int] = set()
        self._records: dict[int, dict[int, Record]] = {}

    def open(self, plan: JobPlan, at: datetime, *, replace: bool = False) -> Job:
        """Begin a job, or go on with the unfinished one of the same target.

        Raises:
            Locked: it is open already.
            JobChanged: there is an unfinished job with this target but another plan.
        """
        old = self._unfinished(plan)
        if old is not None and old.id in self._opened:
            raise Locked
        if old is not None and replace:
            self._jobs[old.id] = dataclasses.replace(old, given_up=True)
            old = None
        if old is not None:
            raise_if_changed(old.plan, plan)
        number = old.id if old else len(self._jobs) + 1
        if not old:
            new = Job(id=number, plan=plan, started=at, finished=False, done=0, failed=0)
            self._jobs[number] = new
            self._records[number] = {}
        self._opened.add(number)
        return self._counted(number)

    def freeze(self, job: int, learned: Learned) -> Job:
        """Write down what a job that has begun learned; it is never changed again.

        Raises:
            EntriesForgotten: there is no such job.
        """
        old = self._found(job)
        if old.plan.learned is None:
            plan = dataclasses.replace(old.plan, learned=learned)
            self._jobs[job] = dataclasses.replace(old, plan=plan)
        return self._counted(job)

    def note_first(self, job: int, first: First) -> Job:
        """Write down what is known of the smaller model now.

        Raises:
            EntriesForgotten: there is no such job, or it has forgotten what was decided.
        """
        old = self._found(job)
        raise_if_forgotten(old.plan.first, first)
        plan = dataclasses.replace(old.plan, first=first)
        self._jobs[job] = dataclasses.replace(old, plan=plan)
        return self._counted(job)

    def done_among(self, job: int, positions: Sequence[int]) -> set[int]:
        """Those of some positions whose rows have an answer already."""
        return {each for each in positions if each in self._records[job]}

    def add(self, records: Sequence[Record]) -> None:
        """Keep the answers of some rows; a row that has an answer keeps it.

        Raises:
            EntriesForgotten: there is no such job.
        """
        for record in records:
            if record.job is not None:
                self._found(record.job)
                self._records[record.job].setdefault(record.row, record)

    def records(self, job: int) -> Iterator[Record]:
        """All answers in the order of the input."""
        rows = self._records[job]
        return iter([rows[position] for position in sorted(rows)])

    def least_sure(self, job: int, limit: int) -> list[Record]:
        """The answers that nobody has judged yet, from the least confidence on."""
        found = [
            (record.outcome.confidence, record.row, record)
            for record in self._records[job].values()
            if record.outcome is not None
            and record.outcome.confidence is not None
            and record.correction is None
        ]
        return [record for *_, record in sorted(found, key=itemgetter(0, 1))[:limit]]

    def finish(self, job: int) -> None:
        """Mark the job as finished, after its output was written."""
        self._jobs[job] = dataclasses.replace(self._jobs[job], finished=True)

    def strip(self, job: int) -> None:
        """Keep only the figures of its answers."""
        if job not in self._jobs:
            return
        rows = self._records[job]
        self._records[job] = {place: bare(rows[place]) for place in rows}
        old = self._jobs[job]
        self._jobs[job] = dataclasses.replace(old, plan=unlearned(old.plan))

    def close(self, job: int) -> None:
        """Let others work on it."""
        self._opened.discard(job)

    def all(self) -> list[Job]:
        """All jobs, newest first."""
        return [self._counted(number) for number in sorted(self._jobs, reverse=True)]

    def _unfinished(self, plan: JobPlan) -> Job | None:
        for job in self._jobs.values():
            if job.goes_on and job.plan.target == plan.target:
                return job
        return None

    def _found(self, number: int) -> Job:
        if number not in self._jobs:
            raise EntriesForgotten
        return self._jobs[number]

    def _counted(self, number: int) -> Job:
        records = self._records[number].values()
        failed = sum(record.error is not None for record in records)
        return dataclasses.replace(self._jobs[number], done=len(records), failed=failed)
