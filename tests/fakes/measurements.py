"""Measurements in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from onhand.domain.measured import Measured

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onhand.domain.errors import AppError


TINY = Measured(
    at="2026-03-04T05:06:00+00:00",
    model="tiny:q8_0",
    version="v1",
    sample="0123456789",
    texts=100,
    right=60,
    low=0.5,
    high=0.69,
    macro_f1=0.6,
    ece=None,
    seconds=0.25,
)
"""A measurement of a small model."""


class FakeMeasurements:
    """Measurements in memory; raises `failing`, once it is set."""

    def __init__(self) -> None:
        self.known: dict[str, list[Measured]] = {}
        self.failing: AppError | None = None
        self._count = 0

    def add(self, task_id: str, found: Sequence[Measured]) -> None:
        """Keep them."""
        if self.failing is not None:
            raise self.failing
        kept = self.known.setdefault(task_id, [])
        for each in found:
            self._count += 1
            kept.append(msgspec.structs.replace(each, id=self._count))

    def of(self, task_id: str) -> list[Measured]:
        """All of a task."""
        if self.failing is not None:
            raise self.failing
        return [*self.known.get(task_id, [])]

    def remove(self, task_id: str, number: int) -> bool:
        """Remove one."""
        if self.failing is not None:
            raise self.failing
        kept = self.known.get(task_id, [])
        left = [each for each in kept if each.id != number]
        self.known[task_id] = left
        return len(left) < len(kept)
