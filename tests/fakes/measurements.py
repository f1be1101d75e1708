"""Measurements in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onhand.domain.errors import AppError
    from onhand.domain.measured import Measured


class FakeMeasurements:
    """Measurements in memory; raises `failing`, once it is set."""

    def __init__(self) -> None:
        self.known: dict[str, list[Measured]] = {}
        self.failing: AppError | None = None

    def add(self, task_id: str, found: Sequence[Measured]) -> None:
        """Keep them."""
        if self.failing is not None:
            raise self.failing
        self.known.setdefault(task_id, []).extend(found)

    def of(self, task_id: str) -> list[Measured]:
        """All of a task."""
        if self.failing is not None:
            raise self.failing
        return [*self.known.get(task_id, [])]
