"""The rows of a batch answered and stored, from where it is to its end or a stop."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Protocol

from onhand.domain.answers import Outcome
from onhand.domain.errors import AppError, JobChanged
from onhand.domain.prompting import classify_questions
from onhand.domain.tasks import Classify, identity
from onhand.services.chunking import chunked
from onhand.services.history_ports import Record
from onhand.services.repeats import fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime

    from onhand.domain.progress import CancelToken
    from onhand.domain.tasks import Task
    from onhand.services.batch_ports import Job, JobPlan, JobStore, Row
    from onhand.services.ports import Clock
    from onhand.services.repeats import Repeats

WINDOW = 256
"""Rows for which the journal is asked at once whether they are done."""


class Asking(Protocol):
    """What the texts of some rows are answered by."""

    @property
    def failures(self) -> int:
        """Rows that the engine failed on, one after another, until now."""
        ...

    def __call__(self, texts: Sequence[str], /) -> Sequence[Outcome | AppError | None]:
        """One entry for each text, in order; None where another model has to answer.

        Raises:
            EngineFailed: on so many rows in a row that it is not the rows.
        """
        ...


class RowsRun:
    """One stretch of a job, from its start or resumption to its end or interruption.

    Attributes:
        done: rows with an answer or an error, those of earlier stretches too.
        failed: rows with an error, likewise.
    """

    def __init__(  # noqa: PLR0913 - made in one place, by keyword
        self,
        *,
        job: Job,
        jobs: JobStore,
        answering: Asking,
        clock: Clock,
        repeats: Repeats,
        texts: bool = True,
        together: int = 1,
    ) -> None:
        """Begin with nothing answered.

        `texts` says whether the journal may have the texts of the rows, `together` how many
        chunks are asked about at once.
        """
        self._together = together
        self._texts = texts
        self._job = job
        self._jobs = jobs
        self._answering = answering
        self._clock = clock
        self._repeats = repeats
        self._model = ""
        self.done = job.done
        self.failed = job.failed

    def answer(
        self, rows: Iterator[Row], tell: Callable[[int], None], cancel: CancelToken
    ) -> None:
        """Answer and store all rows that have no answer yet; `tell` hears how many have."""
        held: list[Record] = []
        behind = asked_behind(self._job.plan.task)
        wanted = self._repeats.sifted(self._unanswered(rows))
        for chunk in _joined(chunked(wanted, behind=behind), self._together):
            cancel.raise_if_cancelled()
            held += self._records(chunk)
            # While the engine fails on row after row, nobody knows whose fault it is; only
            # what a working engine said is final.
            if held and not self._answering.failures:
                self._store(held, tell)
                held = []
        held += self._repeated()
        if held:
            self._store(held, tell)

    def _unanswered(self, rows: Iterator[Row]) -> Iterator[Row]:
        """The rows that the journal does not have; it is asked window by window."""
        while window := list(islice(rows, WINDOW)):
            done = self._jobs.done_among(self._job.id, [row.position for row in window])
            yield from (row for row in window if row.position not in done)

    def _store(self, records: list[Record], tell: Callable[[int], None]) -> None:
        self._jobs.add(records)
        self.done += len(records)
        self.failed += sum(record.error is not None for record in records)
        tell(self.done)

    def _records(self, rows: list[Row]) -> list[Record]:
        good = [row for row in rows if fault(row) is None]
        found = self._answering([row.text for row in good])
        answers = dict(zip([row.position for row in good], found, strict=True))
        self._raise_if_model_changed(answers.values())
        for row in good:
            self._repeats.learn(row.text, answers[row.position])
        given = [(row, fault(row) or answers[row.position]) for row in rows]
        return self._answered(given) + self._repeated()

    def _repeated(self) -> list[Record]:
        """Rows whose text was answered for another row."""
        return self._answered(self._repeats.take())

    def _answered(
        self, given: Iterable[tuple[Row, Outcome | AppError | None]]
    ) -> list[Record]:
        """Records of rows, but for those that another model has to answer."""
        return [self._record(row, answer) for row, answer in given if answer is not None]

    def _raise_if_model_changed(self, answers: Iterable[Outcome | AppError | None]) -> None:
        """Others use the engine too, and answers of two models are not one output."""
        for answer in answers:
            if isinstance(answer, Outcome):
                self._model = self._model or answer.model
                if answer.model != self._model:
                    raise JobChanged(f"the model is {answer.model}, was {self._model}")

    def _record(self, row: Row, answer: Outcome | AppError) -> Record:
        at = self._clock.now()
        record = record_of(row, answer, plan=self._job.plan, at=at, job=self._job.id)
        return record if self._texts else replace(record, text="")


def _joined(chunks: Iterator[list[Row]], together: int) -> Iterator[list[Row]]:
    """So many chunks as one, each time."""
    while some := list(islice(chunks, together)):
        yield [row for chunk in some for row in chunk]


def record_of(
    row: Row, answer: Outcome | AppError, *, plan: JobPlan, at: datetime, job: int | None
) -> Record:
    """The record of a row that was answered."""
    error = answer if isinstance(answer, AppError) else None
    return Record(
        at=at,
        task=plan.task,
        task_id=identity(plan.task),
        task_version=plan.task_version,
        text=row.text,
        outcome=None if isinstance(answer, AppError) else answer,
        error=error.code if error else None,
        error_detail=error.detail if error else "",
        job=job,
        row=row.position,
        name=row.name,
    )


def asked_behind(task: Task) -> str | None:
    """What is asked behind a text, if the engine decodes texts of a task side by side."""
    if not isinstance(task, Classify):
        return None
    return "".join(each.ask + each.reply for each in classify_questions(task))
