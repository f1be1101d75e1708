"""The history as the use cases see it: every answer, and what the user said of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from onhand.domain.answers import Lane, Outcome
from onhand.domain.tasks import AnswerData, Kind, Task

if TYPE_CHECKING:
    from onhand.domain.priors import Prior
    from onhand.domain.task_samples import Sample, Seen
    from onhand.domain.tasks import Example


@dataclass(frozen=True, kw_only=True)
class Record:
    """One answer in the history.

    Attributes:
        id: number of the row; 0 before it is stored.
        task_id: identity of the task, which corrections belong to.
        correction: the right answer as the user gave it, or None.
        job: number of the batch job it belongs to, or None.
        row: position in the batch's input, from 0.
        name: the row's own id in the batch's input.
        outcome: None when it failed; then `error` is the error's code.
    """

    at: datetime
    task: Task
    task_id: str
    task_version: str
    text: str
    outcome: Outcome | None
    error: str | None = None
    error_detail: str = ""
    id: int = 0
    correction: AnswerData | None = None
    pinned: bool = False
    job: int | None = None
    row: int = 0
    name: str = ""

    @property
    def bare(self) -> bool:
        """Whether only its figures were kept: neither its text nor its answer."""
        return self.outcome is not None and not self.text


@dataclass(frozen=True, kw_only=True)
class Narrowed:
    """Which entries are wanted, of those that hold the words; None: any.

    Attributes:
        since: none from before this moment.
        until: none from this moment on.
    """

    task_id: str | None = None
    lane: Lane | None = None
    model: str | None = None
    since: datetime | None = None
    until: datetime | None = None


ANY = Narrowed()


@dataclass(frozen=True, kw_only=True)
class Occurring:
    """What there is to choose from in a history.

    Attributes:
        tasks: their identities, and the tasks as they were last.
        models: ids, in order.
    """

    tasks: Mapping[str, Task]
    models: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Correction:
    """An example that the user gave by correcting an answer, or by a labelled row.

    Attributes:
        id: its number among all of them; 0 where it has none.
        record: the entry that was corrected; None where it was a labelled row.
    """

    task_id: str
    text: str
    answer: AnswerData
    at: datetime
    id: int = 0
    record: int | None = None


class HistoryStore(Protocol):
    """Every answer, and what the user said of it. All methods on one thread at a time."""

    def add(self, record: Record) -> int:
        """Store an answer durably; returns its number.

        Raises:
            DiskFull: nothing was stored.
            DataFolderUnwritable: nothing was stored.
        """
        ...

    def get(self, record_id: int) -> Record:
        """One answer.

        Raises:
            RecordUnknown: there is none of this number.
        """
        ...

    def search(
        self,
        words: str,
        *,
        kind: Kind | None,
        limit: int,
        before: int | None,
        only: Narrowed = ANY,
    ) -> list[Record]:
        """Answers whose text, answer or task name holds all words, newest first.

        `before` pages on: only entries with smaller numbers.
        """
        ...

    def occurring(self) -> Occurring:
        """The tasks and models that its entries have."""
        ...

    def correct(self, record_id: int, answer: AnswerData, at: datetime) -> None:
        """Keep the right answer with the entry and as an example of its task."""
        ...

    def pin(self, record_id: int, *, pinned: bool) -> None:
        """Keep an entry at hand, for comparing models."""
        ...

    def teach(self, task_id: str, examples: Sequence[Example], at: datetime) -> None:
        """Keep labelled texts as examples of a task, all or none.

        A text that is an example of the task already gets the new answer.

        Raises:
            DiskFull, DataFolderUnwritable: nothing was kept.
        """
        ...

    def corrections(self, task_id: str) -> list[Correction]:
        """What the user corrected in a task and taught it, oldest first."""
        ...

    def unteach(self, task_id: str, numbers: Sequence[int]) -> int:
        """Remove some of these by their numbers; tells how many there were.

        An entry that was corrected is as it was before that.

        Raises:
            DiskFull, DataFolderUnwritable: all are as they were.
        """
        ...

    def corrected(self, limit: int) -> list[Record]:
        """The entries that the user has corrected, of all tasks, newest first."""
        ...

    def pinned(self, limit: int) -> list[Record]:
        """The entries that the user keeps at hand, newest first."""
        ...

    def judged(self, task_id: str, task_version: str, limit: int) -> list[Record]:
        """The answers of a task's version that the user has corrected, newest first."""
        ...


class DraftStore(Protocol):
    """The text that is being typed, and that no crash shall take."""

    def load(self) -> str:
        """The text that was being typed; "" where there is none."""
        ...

    def save(self, text: str, at: datetime) -> None:
        """Keep it in place of the one before; "" removes that.

        Raises:
            DiskFull, DataFolderUnwritable: it is as it was.
        """
        ...


class SampleStore(Protocol):
    """What is remembered of tasks to learn from without labels."""

    def load(self, task_version: str, model: str) -> Sample | None:
        """That of a task with a model, with its texts; None where nothing is known."""
        ...

    def begin(self, task_version: str, model: str, sample: Sample) -> None:
        """Keep one without texts, in place of an earlier one and its texts.

        Raises:
            DiskFull, DataFolderUnwritable: it is as it was.
        """
        ...

    def add(self, task_version: str, model: str, seen: Seen) -> None:
        """Keep one more text of it; the oldest goes where there are too many.

        Raises:
            DiskFull, DataFolderUnwritable: it is as it was.
        """
        ...


class PriorStore(Protocol):
    """What models say of tasks' labels whatever the text is."""

    def load(self, task_version: str, model: str) -> Prior | None:
        """The prior of a task with a model; None where nothing is known."""
        ...

    def save(self, task_version: str, model: str, prior: Prior, mark: str) -> None:
        """Keep it, unless something was forgotten since the mark was that.

        Raises:
            DiskFull, DataFolderUnwritable: it is as it was.
        """
        ...

    def mark(self) -> str:
        """What is another one whenever texts were forgotten, by whatever process."""
        ...
