"""The examples of a task: what it was taught and corrected, and what of it is shown."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from onhand.domain.history_errors import HistoryKeyless
from onhand.domain.shown_examples import marked
from onhand.domain.tasks import Example, identity

if TYPE_CHECKING:
    from datetime import datetime

    from onhand.domain.heads import Learned
    from onhand.domain.tasks import Task, WritingTask
    from onhand.services.history_ports import HistoryStore


class ShownExamples:
    """Finds them where they lie: in the task, and in the history."""

    def __init__(self, history: HistoryStore) -> None:
        self._history = history

    def known(self, task: Task, until: datetime | None = None) -> list[Example]:
        """What the task was taught and corrected before, oldest first.

        With `until` only what was there at that moment, and still is.

        Raises:
            HistoryLocked, DataDamaged: nobody can say.
        """
        with suppress(HistoryKeyless):
            return [
                *task.examples,
                *(
                    Example(text=each.text, answer=each.answer)
                    for each in self._history.corrections(identity(task))
                    if until is None or each.at <= until
                ),
            ]
        return [*task.examples]

    def shown(self, task: WritingTask, learned: Learned) -> WritingTask:
        """The task with those examples that it learned to show.

        What was forgotten or removed since is shown no more; with none of them left it is
        asked as it was before the lesson.

        Raises:
            HistoryLocked, DataDamaged: nobody can say.
        """
        found = marked(self.known(task), learned.shown) if learned.shown else ()
        return replace(task, examples=found) if found else task
