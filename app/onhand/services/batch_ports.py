"""What a batch needs from outside: its journal, the rows of its input and its output."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from onhand.domain.calibration import UNJUDGED, Calibration
from onhand.domain.cascading import Foreseen
from onhand.domain.column_kinds import Cell
from onhand.domain.heads import Learned
from onhand.domain.tasks import Task

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from onhand.services.history_ports import Record


@dataclass(frozen=True, kw_only=True)
class First:
    """A smaller model that answers the rows of a job of which it is sure enough.

    Attributes:
        model: path of its file.
        model_id: its name in the output.
        learned: what it learned about the task; None before that, and where it is nothing.
        calibration: from its answers that the user had judged when the job began.
        found: what the sample told, with the threshold; None before that. Where it does
            not pay, the job's model answers all rows.
        passed: rows before this position have been shown to it, as far as was noted.
        model_stamp: tells the file from others at that path; "" where nothing does.
        answered: how many rows it answered; counted at the end of the job.
        saved: seconds that it saved, likewise; fewer than none where it cost some.
    """

    model: Path
    model_id: str
    model_stamp: str = ""
    learned: Learned | None = None
    calibration: Calibration = UNJUDGED
    found: Foreseen | None = None
    passed: int = 0
    answered: int = 0
    saved: float = 0.0

    @property
    def answers(self) -> bool:
        """Whether it answers rows of the job."""
        return self.found is not None and self.found.pays


@dataclass(frozen=True, kw_only=True)
class JobPlan:
    """What a batch job froze when it began; it must be resumed with just this.

    Attributes:
        source: absolute path of the input.
        fingerprint: tells whether the input was changed since.
        target: absolute path of the output.
        model: path of the model file.
        model_id: its name in the output.
        model_stamp: tells the file from others at that path; "" in plans from before.
        learned: what was learned about the task from a sample; None before that.
        calibration: from the answers that the user had judged by then.
        first: the smaller model that is asked first; None where none shall be.
        earlier: number of the job whose answers hold for the same texts; 0 for none.
    """

    task: Task
    task_version: str
    source: Path
    fingerprint: str
    target: Path
    column: str
    model: Path
    model_id: str
    model_stamp: str = ""
    learned: Learned | None = None
    calibration: Calibration = UNJUDGED
    first: First | None = None
    earlier: int = 0


def unlearned(plan: JobPlan) -> JobPlan:
    """A plan without what was learned from the texts."""
    first = replace(plan.first, learned=None) if plan.first is not None else None
    return replace(plan, learned=None, first=first)


@dataclass(frozen=True, kw_only=True)
class Job:
    """A batch job and how far it is.

    Attributes:
        finished: whether its output was written.
        given_up: whether another job of its output took its place; it never goes on.
    """

    id: int
    plan: JobPlan
    started: datetime
    finished: bool
    done: int
    failed: int
    given_up: bool = False

    @property
    def goes_on(self) -> bool:
        """Whether it can be gone on with."""
        return not self.finished and not self.given_up


class JobStore(Protocol):
    """The journal of batch jobs."""

    def open(self, plan: JobPlan, at: datetime, *, replace: bool = False) -> Job:
        """Begin a job, or go on with the unfinished one of the same target.

        The job stays ours until `close`. What was learned, the calibration and the earlier
        job do not tell plans apart: they come from the beginning. `replace` gives an
        unfinished job of this target up; its answers stay.

        Raises:
            Locked: another process works on it.
            UsageError: there is an unfinished job with this target but another plan.
            DiskFull, DataFolderUnwritable: nothing was begun.
        """
        ...

    def freeze(self, job: int, learned: Learned) -> Job:
        """Write down what a job that has begun learned; it is never changed again.

        Raises:
            EntriesForgotten: the job is not there any more.
            DiskFull, DataFolderUnwritable: it is as it was.
        """
        ...

    def note_first(self, job: int, first: First) -> Job:
        """Write down what is known of the smaller model now, in one durable step.

        Raises:
            EntriesForgotten: the job is not there any more, or not what was found out
                before this: entries that it came from were forgotten.
            DiskFull, DataFolderUnwritable: it is as it was.
        """
        ...

    def done_among(self, job: int, positions: Sequence[int]) -> set[int]:
        """Those of some positions whose rows have an answer already."""
        ...

    def add(self, records: Sequence[Record]) -> None:
        """Store the answers of some rows in one durable step.

        A row that has an answer keeps it.

        Raises:
            EntriesForgotten: the job is not there any more; nothing was stored.
            DiskFull, DataFolderUnwritable: nothing was stored.
        """
        ...

    def records(self, job: int) -> Iterator[Record]:
        """All answers in the order of the input."""
        ...

    def least_sure(self, job: int, limit: int) -> list[Record]:
        """The answers that nobody has judged yet, from the least confidence on.

        Rows with an error, and answers without a confidence, are not among them.
        """
        ...

    def finish(self, job: int) -> None:
        """Mark the job as finished, after its output was written."""
        ...

    def strip(self, job: int) -> None:
        """Keep of a job that is over only what `measuring.bare` leaves of its answers.

        One that is not there any more has nothing left to be taken away.

        Raises:
            DiskFull, DataFolderUnwritable: it is as it was.
        """
        ...

    def close(self, job: int) -> None:
        """Let other processes work on it."""
        ...

    def all(self) -> list[Job]:
        """All jobs, newest first."""
        ...


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row of a batch's input; `error` says why it cannot be used.

    Attributes:
        cells: all that stands in it, in the order of its source's columns.
    """

    position: int
    name: str
    text: str
    error: str = ""
    cells: tuple[Cell, ...] = ()


class RowSource(Protocol):
    """The rows of an input file."""

    @property
    def path(self) -> Path:
        """Where it lies, absolute."""
        ...

    @property
    def column(self) -> str:
        """Where in a row the text is."""
        ...

    @property
    def told(self) -> str:
        """How it is read, as a sentence for people; "" where that goes without saying.

        Raises:
            InputUnreadable: the file is not there, or not of its format.
        """
        ...

    def fingerprint(self) -> str:
        """A digest of the file's content."""
        ...

    def columns(self) -> tuple[str, ...]:
        """What its columns are called, in their order.

        Raises:
            InputUnreadable: the file is not there, or not of its format.
        """
        ...

    def rows(self) -> Iterator[Row]:
        """All rows in order; may be called again.

        Raises:
            InputUnreadable: the file is not there, or not of its format.
            UsageError: it has no such column, or several of that name.
        """
        ...


class ResultSink(Protocol):
    """Where a batch's output goes; appears under its name only when complete."""

    @property
    def path(self) -> Path:
        """Where it will lie, absolute."""
        ...

    def raise_if_unwritable(self) -> None:
        """Find out before the work whether `write` would fail; leaves nothing behind.

        Raises:
            OutputUnwritable: the place cannot be written.
        """
        ...

    def occupied(self) -> bool:
        """Whether `write` would replace something; an empty file is nothing."""
        ...

    def write(self, results: Iterable[Record], source: RowSource, task: Task) -> None:
        """Write all results, then give the file its name.

        Args:
            results: in the order of the input.
            source: the rows that were answered, for an output that repeats them.
            task: what was done with them: it names the columns, even where there is no row.

        Raises:
            JobChanged: the rows are no longer those that were answered.
            OutputUnwritable: the place cannot be written.
            DiskFull: there is no room; nothing appears.
        """
        ...
