"""Whose decoded prefix may be kept on the disk, where it holds the words of a task."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from onhand.domain.prompting import prompt_of

if TYPE_CHECKING:
    from onhand.domain.tasks import Task
    from onhand.services.ports import Engine, PrefixStore


class Prefixes:
    """Tells the engine, before it is asked about a task, what it may keep of it."""

    def __init__(self, store: PrefixStore, engine: Engine) -> None:
        self._store = store
        self._engine = engine

    def allow(self, task: Task, *, keep: bool) -> None:
        """Let the engine use what was kept, and keep this task's prefix if it may be.

        From now on the engine answers with the task's adapter, if it has one.

        What else is asked in the course of an answer is not kept, only the very prompt that
        depends on the task alone. The examples of a task are texts of the user; what is
        kept of them is encrypted with the key of the history and forgotten with it.

        Args:
            task: what will be asked about next.
            keep: whether the user wants something kept.
        """
        self._engine.use_adapter(Path(task.adapter) if task.adapter else None)
        lasting = prompt_of(task) if keep else None
        self._engine.use_cache(self._store.cache(lasting))
