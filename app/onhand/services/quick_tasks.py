"""Which tasks the quick panel offers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.domain.tasks import identity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from onhand.domain.tasks import Task
    from onhand.services.history_ports import HistoryStore, Record

MOST = 9
"""As many as there are keys for them."""

_LOOKED_AT = 60
"""Entries of the history that are looked through for tasks."""

_LONGEST = 60


def used_tasks(history: HistoryStore) -> list[Task]:
    """The tasks of pinned entries, then those that were used last; none twice.

    Raises:
        HistoryLocked, DataDamaged: nobody can tell.
    """
    entries: list[Record] = [
        *history.pinned(_LOOKED_AT),
        *history.search("", kind=None, limit=_LOOKED_AT, before=None),
    ]
    found: dict[str, Task] = {}
    for entry in entries:
        found.setdefault(entry.task_id, entry.task)
    return list(found.values())


def offered(
    used: Iterable[Task], named: Iterable[tuple[str, Task]]
) -> list[tuple[str, Task]]:
    """At most nine tasks with names: those used, then the others in their order.

    A task that is kept under a name is offered as it is now, not as it was then.
    """
    by_identity = {identity(task): (name, task) for name, task in named}
    found: dict[str, tuple[str, Task]] = {}
    for task in used:
        key = identity(task)
        found.setdefault(key, by_identity.get(key) or (_named(task), task))
    for key, entry in by_identity.items():
        found.setdefault(key, entry)
    return list(found.values())[:MOST]


def _named(task: Task) -> str:
    """A name for a task that has none: its instruction, as far as there is room."""
    words = " ".join((task.name or task.instruction).split())
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"
