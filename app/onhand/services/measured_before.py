"""Measurements kept in the history, to be compared over time."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

from onhand.domain.history_errors import HistoryKeyless
from onhand.domain.measured import Measured, measured, sample_of
from onhand.domain.tasks import identity, version

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onhand.domain.evaluating import Evaluation
    from onhand.domain.tasks import Example, Task
    from onhand.services.ports import Clock, SettingsStore


class MeasurementStore(Protocol):
    """Measurements by the identity of their task."""

    def add(self, task_id: str, found: Sequence[Measured]) -> None:
        """Keep some, all or none.

        Raises:
            HistoryLocked, HistoryKeyless, DiskFull: none is kept.
        """
        ...

    def of(self, task_id: str) -> list[Measured]:
        """All of a task, oldest first.

        Raises:
            HistoryLocked, HistoryKeyless, DataDamaged: nobody can say.
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
        """Keep the figures; False where there is no place for them.

        Raises:
            HistoryLocked, DiskFull: they cannot be kept now.
        """
        if not self._settings.load().keep_history:
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
