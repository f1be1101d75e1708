"""What teaching needs from outside: a place for what was learned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from onhand.domain.tasks import Task
    from onhand.domain.teaching import Taught


class HeadStore(Protocol):
    """What tasks were taught, by version of the task and id of the model."""

    def load(self, task: Task, model: str) -> Taught | None:
        """What a task answers with now; None where nothing was taught, or all undone.

        Raises:
            HistoryLocked, DataDamaged: nobody can say.
        """
        ...

    def save(self, task: Task, model: str, taught: Taught) -> None:
        """Answer with this from now on; what was before stays for `undo`.

        Raises:
            HistoryLocked, DiskFull, DataFolderUnwritable: it is as it was.
        """
        ...

    def undo(self, task: Task, model: str, at: datetime | None) -> bool:
        """Answer as before the last lesson; False where there was none.

        `at` is remembered as the moment when it was undone; None: nothing is.

        Raises:
            HistoryLocked, DataFolderUnwritable: it is as it was.
        """
        ...

    def pass_over(self, task: Task, model: str, at: datetime) -> None:
        """Remember when a lesson came to nothing, as if one had been undone then.

        Raises:
            HistoryLocked, DiskFull, DataFolderUnwritable: it is as it was.
        """
        ...

    def undone(self, task: Task, model: str) -> datetime | None:
        """When a lesson was undone or came to nothing last, as far as that is remembered.

        Raises:
            HistoryLocked, DataDamaged: nobody can say.
        """
        ...
