"""What tasks were taught, in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.domain.tasks import version

if TYPE_CHECKING:
    from datetime import datetime

    from onhand.domain.errors import AppError
    from onhand.domain.tasks import Task
    from onhand.domain.teaching import Taught


class FakeHeads:
    """Heads in memory; raises `failing`, once it is set."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, str], list[Taught]] = {}
        self.marks: dict[tuple[str, str], datetime] = {}
        self.failing: AppError | None = None

    def load(self, task: Task, model: str) -> Taught | None:
        """The newest one."""
        if self.failing is not None:
            raise self.failing
        lessons = self.known.get((version(task), model))
        return lessons[-1] if lessons else None

    def save(self, task: Task, model: str, taught: Taught) -> None:
        """Put it on top."""
        self._of(task, model).append(taught)

    def undo(self, task: Task, model: str, at: datetime | None) -> bool:
        """Take the newest one off."""
        lessons = self._of(task, model)
        if lessons and at is not None:
            self.marks[version(task), model] = at
        return bool(lessons and lessons.pop())

    def pass_over(self, task: Task, model: str, at: datetime) -> None:
        """Remember that."""
        if self.failing is not None:
            raise self.failing
        self.marks[version(task), model] = at

    def undone(self, task: Task, model: str) -> datetime | None:
        """When that was."""
        if self.failing is not None:
            raise self.failing
        return self.marks.get((version(task), model))

    def _of(self, task: Task, model: str) -> list[Taught]:
        if self.failing is not None:
            raise self.failing
        return self.known.setdefault((version(task), model), [])
