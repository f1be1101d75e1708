"""Measurements kept in the history, to be compared over time."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

from onhand.domain.errors import UsageError
from onhand.domain.history_errors import HistoryKeyless
from onhand.domain.measured import Measured, measured, sample_of
from onhand.domain.measured_change import Change
from onhand.domain.tasks import identity, version

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onhand.domain.evaluating import Evaluation
    from onhand.domain.tasks import Example, Task
    from onhand.services.ports import Clock, SettingsStore


PAIR = 2


class MeasurementStore(Protocol):
    """Measurements by the identity of their task."""

    def add(self, task_id: str, found: Sequence[Measured]) -> None:
        """Keep some, all or none.

        Raises:
            HistoryLocked, HistoryKeyless, DiskFull: none is kept.
        """
        ...

    def of(self, task_id: str) -> list[Measured]:
        """All of a task, oldest first, with their numbers.

        Raises:
            HistoryLocked, HistoryKeyless, DataDamaged: nobody can say.
        """
        ...

    def remove(self, task_id: str, number: int) -> bool:
        """Remove one of a task; False where there is none of this number.

        Raises:
            HistoryLocked, HistoryKeyless, DiskFull: it stays.
        """
        ...


class MeasuredBefore:
    """Keeps what was measured, where anything is kept, and tells it."""

    def __init__(
        self, *, store: MeasurementStore, settings: SettingsStore, clock: Clock
    ) -> None:
        self._store = store
        self._settings = settings
        self._clock = clock

    def keep(
        self, task: Task, labelled: Sequence[Example], found: Sequence[Evaluation]
    ) -> bool:
        """Keep the figures; False where they may not stay, or there is no place for them.

        They do not stay where only the figures of answers do: these are of labelled rows.

        Raises:
            HistoryLocked, DiskFull: they cannot be kept now.
        """
        if not self._settings.load().keeps_texts:
            return False
        sample, at = sample_of(labelled), self._clock.now()
        rows = [measured(each, version(task), sample, at) for each in found]
        try:
            self._store.add(identity(task), rows)
        except HistoryKeyless:
            return False
        return True

    def of(self, task: Task) -> list[Measured]:
        """What was measured of a task, oldest first.

        Raises:
            HistoryLocked, DataDamaged: nobody can say.
        """
        with suppress(HistoryKeyless):
            return self._store.of(identity(task))
        return []

    def remove(self, task: Task, number: int) -> None:
        """Remove one of a task.

        Raises:
            UsageError: there is none of this number.
            HistoryLocked, DataDamaged, DiskFull: it stays.
        """
        known = {each.id for each in self.of(task)}
        if number not in known or not self._store.remove(identity(task), number):
            raise UsageError(f"there is no measurement {number} of this task")

    def change(self, task: Task, numbers: Sequence[int]) -> Change:
        """What is different between two of a task.

        Raises:
            UsageError: these are not two numbers of measurements of the task.
            HistoryLocked, DataDamaged: nobody can say.
        """
        known = {each.id: each for each in self.of(task)}
        for number in numbers:
            if number not in known:
                raise UsageError(f"there is no measurement {number} of this task")
        if len(set(numbers)) != PAIR:
            raise UsageError("two different measurements can be compared")
        one, other = (known[number] for number in numbers)
        return Change.between(one, other)
