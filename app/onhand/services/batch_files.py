"""Opening the inputs and outputs of batches by their paths."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from onhand.services.batch_ports import ResultSink, RowSource
from onhand.services.part_rows import Part, PartRows


class Merge(Protocol):
    """Puts the outputs of parts together under a path."""

    def __call__(self, target: Path, parts: Sequence[Path], /, *, replace: bool) -> int:
        """Tell how many rows there are, now in the order of the input.

        With `replace`, what is there is replaced; a part never is.

        Raises:
            PartsUnfit, OutputExists, UsageError, InputUnreadable, OutputUnwritable,
                DiskFull: nothing appears.
        """
        ...


@dataclass(frozen=True, kw_only=True)
class BatchFiles:
    """What opens them.

    Attributes:
        open_rows: the rows of an input, by its path and the column with the text; raises
            `UsageError` for a format that cannot be read.
        open_results: an output, by its path; likewise.
        open_part: the output of a part, which can be merged with the others.
        merge: puts the outputs of parts together under a path, and tells how many rows
            there are.
    """

    open_rows: Callable[[Path, str], RowSource]
    open_results: Callable[[Path], ResultSink]
    open_part: Callable[[ResultSink, PartRows], ResultSink]
    merge: Merge

    def opened(
        self, source: Path, column: str, target: Path, part: str = ""
    ) -> tuple[RowSource, ResultSink]:
        """Input and output of a batch, or of a part of it, as in "3/8".

        Raises:
            UsageError: a format cannot be read or written, or there is no such part.
        """
        rows, sink = self.rows(source, column, part), self.open_results(target)
        return rows, self.open_part(sink, rows) if isinstance(rows, PartRows) else sink

    def rows(self, source: Path, column: str, part: str = "") -> RowSource:
        """The input of a batch alone, or a part of it.

        Raises:
            UsageError: the format cannot be read, or there is no such part.
        """
        rows = self.open_rows(source, column)
        return PartRows(rows, Part.read(part)) if part else rows
