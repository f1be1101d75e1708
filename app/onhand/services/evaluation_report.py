"""Writing what a measurement found into a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from onhand.domain.drawing import Drawing, svg
from onhand.domain.errors import OutputUnwritable, UsageError
from onhand.domain.evaluation_drawing import evaluation_drawing
from onhand.domain.evaluation_page import evaluation_page
from onhand.domain.evaluation_tables import evaluation_tables
from onhand.domain.evaluation_words import terms_for
from onhand.domain.plots import Sheet, learning_curve

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from onhand.domain.evaluating import Evaluation
    from onhand.domain.evaluation_tables import NamedTable
    from onhand.domain.learning_curve import Curve
    from onhand.domain.tasks import Task
    from onhand.services.ports import Clock

FORMATS = frozenset({".html", ".htm", ".svg", ".png", ".xlsx"})
DRAWINGS = frozenset({".svg"})
_PICTURE = ".png"
_NOTHING = Drawing(width=1, height=1, em=1, shapes=())


class WriteFile(Protocol):
    """Writes a file, whole or not at all."""

    def __call__(self, content: bytes, path: Path, *, replace: bool) -> None:
        """Write it.

        Raises:
            OutputUnwritable: it cannot be, or there is a file that shall stay.
            DiskFull: there is no room for it.
        """
        ...


class ReportEvaluation:
    """Writes reports; they hold no text that was measured."""

    def __init__(
        self,
        *,
        write: WriteFile,
        is_there: Callable[[Path], bool],
        clock: Clock,
        picture: Callable[[Drawing], bytes],
        workbook: Callable[[Sequence[NamedTable]], bytes],
    ) -> None:
        """Wire it.

        Args:
            write: writes files.
            is_there: whether there is one; raises `OutputUnwritable` or `DiskFull` where
                none can be put.
            clock: dates the report.
            picture: a drawing as PNG; may raise `SystemLibraryMissing`.
            workbook: tables as the sheets of an .xlsx file.
        """
        self._write = write
        self._is_there = is_there
        self._clock = clock
        self._picture = picture
        self._workbook = workbook

    def raise_if_unfit(
        self, path: Path, *, replace: bool = False, formats: frozenset[str] = FORMATS
    ) -> None:
        """See before a long run that the report, or the plot, can go there.

        Raises:
            UsageError: it has another format.
            OutputUnwritable, DiskFull: there is a file already, or none can be put there.
            SystemLibraryMissing: this system cannot draw pictures.
        """
        if path.suffix.lower() not in formats:
            known = ", ".join(sorted(formats))
            raise UsageError(f"{path.name}: this is written into a file {known}")
        if not replace and self._is_there(path):
            raise OutputUnwritable(f"{path} is there already")
        if path.suffix.lower() == _PICTURE:
            self._picture(_NOTHING)

    def __call__(
        self,
        task: Task,
        found: Sequence[Evaluation],
        bar: float,
        path: Path,
        *,
        replace: bool = False,
    ) -> None:
        """Write the report of a measurement: a page, its plots, or its figures as tables.

        Raises:
            UsageError: it has another format.
            OutputUnwritable, DiskFull: it cannot be written.
            SystemLibraryMissing: this system cannot draw pictures.
        """
        self.raise_if_unfit(path, replace=replace)
        content = self._content(task.name or "Labels", found, bar, path.suffix.lower())
        self._write(content, path, replace=replace)

    def _content(
        self, name: str, found: Sequence[Evaluation], bar: float, suffix: str
    ) -> bytes:
        at = f"{self._clock.now().astimezone():%Y-%m-%d %H:%M}"
        match suffix:
            case ".xlsx":
                return self._workbook(evaluation_tables(found, bar))
            case ".png":
                return self._picture(evaluation_drawing(name, found, bar, at))
            case ".svg":
                drawn = evaluation_drawing(name, found, bar, at)
                return svg(drawn, f"{name}: measured", alone=True).encode()
            case _:
                return evaluation_page(name, found, bar, at).encode()

    def curve(self, task: Task, curve: Curve, path: Path) -> None:
        """Draw a learning curve into a new .svg file.

        Raises:
            UsageError: it has another format.
            OutputUnwritable, DiskFull: it cannot be written.
        """
        self.raise_if_unfit(path, formats=DRAWINGS)
        right = terms_for(task).right
        sheet = Sheet(width=640, height=360, em=13, x="labelled texts", y=right)
        title = f"{task.name or 'Labels'}: learning curve"
        drawn = svg(learning_curve(curve, sheet), title, alone=True)
        self._write(drawn.encode(), path, replace=False)
