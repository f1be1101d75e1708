"""Writing what a measurement found into a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from onhand.domain.drawing import svg
from onhand.domain.errors import OutputUnwritable, UsageError
from onhand.domain.evaluation_page import evaluation_page
from onhand.domain.plots import Sheet, learning_curve

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from onhand.domain.evaluating import Evaluation
    from onhand.domain.learning_curve import Curve
    from onhand.domain.tasks import Task
    from onhand.services.ports import Clock

FORMATS = frozenset({".html", ".htm"})
DRAWINGS = frozenset({".svg"})


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

    def raise_if_unfit(
        self, path: Path, *, replace: bool = False, formats: frozenset[str] = FORMATS
    ) -> None:
        """See before a long run that the report, or the plot, can go there.

        Raises:
            UsageError: it has another format.
            OutputUnwritable: there is a file already.
        """
        if path.suffix.lower() not in formats:
            known = " or ".join(sorted(formats, reverse=True))
            raise UsageError(f"{path.name}: this is written into a file {known}")
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

    def curve(self, task: Task, curve: Curve, path: Path) -> None:
        """Draw a learning curve into a new .svg file.

        Raises:
            UsageError: it has another format.
            OutputUnwritable, DiskFull: it cannot be written.
        """
        self.raise_if_unfit(path, formats=DRAWINGS)
        sheet = Sheet(width=640, height=360, em=13, x="labelled texts", y="right")
        title = f"{task.name or 'Labels'}: learning curve"
        drawn = svg(learning_curve(curve, sheet), title, alone=True)
        self._write(drawn, path, replace=False)
