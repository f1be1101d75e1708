"""A smaller model asked before the one of a batch; it answers what it is sure enough of.

The sample of a batch is answered by both models. That tells whether it pays, and from
which confidence on the smaller one's answers are the larger one's (`domain/cascading.py`);
both are frozen before any answer is stored. Then the smaller model goes through all rows,
and the larger one through those that have no answer yet. So one of them is loaded at a
time, and what a row is answered depends on nothing but its text.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import dropwhile, islice
from typing import TYPE_CHECKING

from onhand.domain.answers import Classification, Outcome
from onhand.domain.cascading import LEAST_TEXTS, Foreseen, Worth, foreseen
from onhand.domain.errors import UsageError
from onhand.domain.evaluating import Answered
from onhand.domain.progress import Progress
from onhand.domain.tasks import Classify
from onhand.services.blaming import Blaming
from onhand.services.sampling import SIZE, groups_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from onhand.domain.errors import AppError
    from onhand.domain.progress import CancelToken
    from onhand.domain.tasks import Task
    from onhand.services.answering_rows import Asking, RowsRun
    from onhand.services.batch_ports import First, Job, JobPlan, JobStore, Row
    from onhand.services.history_ports import Record
    from onhand.services.ports import InstalledModel, TaskRunner
    from onhand.services.telling import Telling

LEAST_ROWS = 2 * SIZE
"""Rows with fewer of which it cannot pay: most would be read for the sample, by both."""

STRETCH = 1000
"""Rows after which is noted how far the smaller model is; after a kill it is asked again
about so many at most."""


def raise_if_unfit(task: Task, small: InstalledModel, large: InstalledModel) -> None:
    """Find out whether a model can be asked before another one.

    Raises:
        UsageError: the task is no choice of one label, or the model is no smaller.
    """
    raise_unless_one_label(task)
    if small.path == large.path or small.bytes >= large.bytes:
        raise UsageError(f"{small.id} is no smaller than {large.id}")


def raise_unless_one_label(task: Task) -> None:
    """Find out whether any model can be asked before another one.

    Raises:
        UsageError: the task is no choice of one label.
    """
    if not isinstance(task, Classify) or task.multiple:
        raise UsageError(
            "a smaller model can answer first only where a task chooses one label"
        )


class Recalling:
    """Asks about texts, but for those whose answers are known already."""

    def __init__(self, asking: Blaming, known: Mapping[str, Outcome]) -> None:
        self._asking = asking
        self._known = known

    @property
    def failures(self) -> int:
        """Rows that the engine failed on, one after another, until now."""
        return self._asking.failures

    def __call__(self, texts: Sequence[str]) -> list[Outcome | AppError]:
        """One entry for each text, in order."""
        found = iter(self._asking([each for each in texts if each not in self._known]))
        return [self._known[each] if each in self._known else next(found) for each in texts]


class OnlySure:
    """Asks about texts, and passes on those whose answer is not sure enough: None."""

    def __init__(
        self, asking: Recalling, threshold: float, on_asked: Callable[[int], None]
    ) -> None:
        """`on_asked` is told of how many texts there was an answer, each time."""
        self._asking = asking
        self._threshold = threshold
        self._on_asked = on_asked

    @property
    def failures(self) -> int:
        """Rows that the engine failed on, one after another, until now."""
        return self._asking.failures

    def __call__(self, texts: Sequence[str]) -> list[Outcome | AppError | None]:
        """One entry for each text, in order; errors are passed on as well."""
        found = self._asking(texts)
        self._on_asked(len(texts))
        return [self._sure(each) for each in found]

    def _sure(self, answer: Outcome | AppError) -> Outcome | None:
        if not isinstance(answer, Outcome) or answer.confidence is None:
            return None
        return answer if answer.confidence >= self._threshold else None


class SmallerFirst:
    """What a smaller model does for a job: finding out whether it pays, and its pass."""

    def __init__(
        self, jobs: JobStore, runner: TaskRunner, tell: Telling, cancel: CancelToken
    ) -> None:
        """`runner` answers with the smaller model."""
        self._jobs = jobs
        self._runner = runner
        self._tell = tell
        self._cancel = cancel
        self._known: dict[str, Outcome] = {}

    def decide(
        self, job: Job, sample: Sequence[Row], rows: int, larger: Blaming
    ) -> tuple[Job, dict[str, Outcome]]:
        """Find out whether it pays, unless the job knows, and freeze that.

        Args:
            job: has learned what there is to learn for the larger model.
            sample: rows that stand for all.
            rows: how many the job has.
            larger: asks the larger model.

        Returns:
            The job, and answers of the larger model that need not be asked for again.

        Raises:
            ModelUnusable, EngineFailed, DiskFull, Cancelled: nothing was decided.
        """
        first = job.plan.first
        if first is None or first.found is not None:
            return job, {}
        groups = groups_of(job.plan.task, sample)
        if rows < LEAST_ROWS or sum(map(len, groups)) < LEAST_TEXTS:
            return self._frozen(job, first, Foreseen(worth=Worth.TOO_FEW)), {}
        large = self._answers(larger, groups)
        learned = self._runner.learn(
            job.plan.task, groups, self._cancel, self._tell.sampled
        )
        first = replace(first, learned=learned)
        self._known = self._answers(self._asking(job.plan, first), groups)
        pairs = [
            (_answered(self._known.get(text)), _answered(large[text])) for text in large
        ]
        if not pairs:
            return self._frozen(job, first, Foreseen(worth=Worth.TOO_FEW)), {}
        found = foreseen(pairs, job.plan.calibration.promised)
        return self._frozen(job, first, found), large

    def answer(
        self,
        job: Job,
        rows: Iterator[Row],
        new_run: Callable[[Job, Asking], RowsRun],
    ) -> Job:
        """Let it answer what it is sure of, as far as it has not done so; returns the job.

        Raises:
            ModelUnusable, EngineFailed, DiskFull, Cancelled: what was stored stays, and the
                job can be gone on with.
        """
        first = job.plan.first
        if first is None or first.found is None or not first.answers:
            return job
        passed = first.passed
        tell = self._tell.of_first(first.model_id, first.found)
        asking = Recalling(self._asking(job.plan, first), self._known)
        run = new_run(job, OnlySure(asking, first.found.threshold, tell.asked))
        left = _Seen(dropwhile(lambda row: row.position < passed, rows))
        while (row := next(left, None)) is not None:
            run.answer(left.stretch(row), tell, self._cancel)
            first = replace(first, passed=left.position + 1)
            job = self._jobs.note_first(job.id, first)
        self._tell.second(job.done, job.plan.model_id)
        return job

    def _asking(self, plan: JobPlan, first: First) -> Blaming:
        as_first = replace(plan, learned=first.learned, calibration=first.calibration)
        return Blaming(self._runner, as_first, self._cancel)

    def _answers(
        self, asking: Blaming, groups: Sequence[Sequence[str]]
    ) -> dict[str, Outcome]:
        """The answers to a sample; texts without one are left out."""
        found: dict[str, Outcome] = {}
        total, done = sum(map(len, groups)), 0
        for texts in groups:
            self._cancel.raise_if_cancelled()
            for text, answer in zip(texts, asking(texts), strict=True):
                if isinstance(answer, Outcome):
                    found[text] = answer
            done += len(texts)
            self._tell.sampled(Progress(done=done, total=total))
        return found

    def _frozen(self, job: Job, first: First, found: Foreseen) -> Job:
        if not found.pays:
            self._tell.alone(first.model_id, found)
        return self._jobs.note_first(job.id, replace(first, found=found))


class _Seen:
    """Rows, and the position of the latest one that was taken."""

    def __init__(self, rows: Iterator[Row]) -> None:
        self._rows = rows
        self.position = -1

    def __iter__(self) -> Iterator[Row]:
        return self

    def __next__(self) -> Row:
        row = next(self._rows)
        self.position = row.position
        return row

    def stretch(self, row: Row) -> Iterator[Row]:
        """A row that was taken, and those behind it up to the next note."""
        yield row
        yield from islice(self, STRETCH - 1)


class Counting:
    """Counts what the smaller model answered while the answers pass by."""

    def __init__(self, first: First) -> None:
        self._first = first
        self._answered = self._asked = self._spared = 0

    def __call__(self, records: Iterator[Record]) -> Iterator[Record]:
        """The same records."""
        for record in records:
            if record.outcome is not None:
                by_first = record.outcome.model == self._first.model_id
                fresh = record.outcome.seconds > 0  # what another row said took none
                self._answered += by_first
                self._asked += fresh
                self._spared += by_first and fresh
            yield record

    @property
    def first(self) -> First:
        """What is known of the smaller model, with what was counted."""
        found = self._first.found
        if found is None or not found.pays:
            return self._first
        saved = found.saved(self._asked, self._spared)
        return replace(self._first, answered=self._answered, saved=saved)


def _answered(outcome: Outcome | None) -> Answered:
    if outcome is None or not isinstance(outcome.answer, Classification):
        return Answered(right="", given=None)
    return Answered(
        right="",
        given=outcome.answer.label,
        confidence=outcome.confidence,
        seconds=outcome.seconds,
    )
