"""Writing what a measurement found into a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from onhand.domain.errors import OutputUnwritable, UsageError
from onhand.domain.evaluation_page import evaluation_page

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from onhand.domain.evaluating import Evaluation
    from onhand.domain.tasks import Task
    from onhand.services.ports import Clock

FORMATS = frozenset({".html", ".htm"})


class WritePage(Protocol):
    """Writes a page, whole or not at all."""

    def __call__(self, page: str, path: Path, *, replace: bool) -> None:
        """Write it.

        Raises:
            OutputUnwritable: it cannot be, or there is a file that shall stay.
            DiskFull: there is no room for it.
        """
        ...


class ReportEvaluation:
    """Writes reports; they hold no text that was measured."""

    def __init__(
        self, *, write: WritePage, is_there: Callable[[Path], bool], clock: Clock
    ) -> None:
        self._write = write
        self._is_there = is_there
        self._clock = clock

    def raise_if_unfit(self, path: Path, *, replace: bool = False) -> None:
        """See before a long run that the report can go there.

        Raises:
            UsageError: it is no .html file.
            OutputUnwritable: there is a file already.
        """
        if path.suffix.lower() not in FORMATS:
            raise UsageError(f"{path.name}: a report is an .html file")
        if not replace and self._is_there(path):
            raise OutputUnwritable(f"{path} is there already")

    def __call__(
        self,
        task: Task,
        found: Sequence[Evaluation],
        bar: float,
        path: Path,
        *,
        replace: bool = False,
    ) -> None:
        """Write the report of a measurement.

        Raises:
            UsageError: it is no .html file.
            OutputUnwritable, DiskFull: it cannot be written.
        """
        self.raise_if_unfit(path, replace=replace)
        at = f"{self._clock.now().astimezone():%Y-%m-%d %H:%M}"
        page = evaluation_page(task.name or "Labels", found, bar, at)
        self._write(page, path, replace=replace)
