"""Correcting an answer: kept with the entry, and as an example of its task."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from onhand.domain.errors import UsageError
from onhand.domain.history_errors import HistoryKeyless
from onhand.domain.tasks import (
    AnswerData,
    Classify,
    Extract,
    Rewrite,
    Summarise,
    Task,
    identity,
)
from onhand.domain.verdicts import as_correction

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onhand.services.history_ports import Correction, HistoryStore, Record
    from onhand.services.ports import Clock, PrefixStore


class Correct:
    """Takes the right answer for an entry of the history."""

    def __init__(
        self, *, history: HistoryStore, prefixes: PrefixStore, clock: Clock
    ) -> None:
        self._history = history
        self._prefixes = prefixes
        self._clock = clock

    def __call__(self, record_id: int, answer: AnswerData) -> Record:
        """Store the right answer; returns the entry as it is now.

        Raises:
            RecordUnknown: there is no such entry.
            UsageError: the answer does not fit the task.
        """
        raise_if_unfit(self._whole(record_id).task, answer)
        self._history.correct(record_id, answer, self._clock.now())
        return self._history.get(record_id)

    def confirm(self, record_id: int) -> Record:
        """Store that the answer of an entry is right; returns the entry as it is now.

        Raises:
            RecordUnknown: there is no such entry.
            UsageError: it has no answer.
        """
        outcome = self._whole(record_id).outcome
        if outcome is None:
            raise UsageError(f"r{record_id} has no answer that could be right")
        answer = as_correction(outcome.answer)
        self._history.correct(record_id, answer, self._clock.now())
        return self._history.get(record_id)

    def examples(self, task: Task) -> list[Correction]:
        """What was corrected in a task and taught it, newest first.

        Raises:
            HistoryLocked, DataDamaged: nobody can say.
        """
        try:
            return self._history.corrections(identity(task))[::-1]
        except HistoryKeyless:
            return []

    def remove(self, task: Task, numbers: Sequence[int]) -> int:
        """Remove some of those by their numbers; returns how many there were.

        What was learned from them stays until the next lesson, which goes without them; but
        their texts are shown to no model any more, nor kept where they were.

        Raises:
            UsageError: there is none of these.
            HistoryLocked, DiskFull, DataFolderUnwritable: all are as they were.
        """
        removed = self._history.unteach(identity(task), numbers)
        if not removed:
            raise UsageError("the task has no such example")
        self._prefixes.forget()  # some may hold what was shown
        return removed

    def _whole(self, record_id: int) -> Record:
        record = self._history.get(record_id)
        if record.bare:
            raise UsageError(f"of r{record_id} only figures were kept")
        return record


def raise_if_unfit(task: Task, answer: AnswerData) -> None:
    """Raise `UsageError` if this cannot be an answer of the task."""
    match task:
        case Classify(multiple=False):
            fits = isinstance(answer, str) and answer in task.answers
            must = f"be one of {', '.join(task.answers)}"
        case Classify():
            fits = isinstance(answer, list) and set(answer) <= set(task.answers)
            must = f"be labels out of {', '.join(task.answers)}"
        case Extract(fields=fields):
            names = {field.name for field in fields}
            fits = isinstance(answer, dict) and set(answer) <= names
            must = f"give values for {', '.join(sorted(names))}"
        case Rewrite() | Summarise():
            fits = isinstance(answer, str) and bool(answer.strip())
            must = "be a text"
        case _:
            assert_never(task)
    if not fits:
        raise UsageError(f"the answer must {must}")
