"""Output as a Parquet table; who makes its bytes is not known here."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Protocol

from onhand.domain.column_kinds import answer_kinds, column_kinds
from onhand.storage.result_files import OutputFile, table

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Sequence
    from pathlib import Path

    from onhand.domain.column_kinds import Cell, ColumnKind
    from onhand.domain.tasks import Task
    from onhand.services.batch_ports import RowSource
    from onhand.services.history_ports import Record


class MakeParquet(Protocol):
    """Makes the bytes of a Parquet table."""

    def __call__(
        self,
        names: Sequence[str],
        kinds: Sequence[ColumnKind],
        lines: Iterable[Sequence[Cell]],
        /,
    ) -> Generator[bytes]:
        """Piece by piece, as `lines` are taken.

        Raises:
            TableUnmade: there is nothing here that makes one.
        """
        ...


class ParquetResults(OutputFile):
    """Output as .parquet; it appears under its name only when it is complete."""

    def __init__(self, path: Path, make: MakeParquet) -> None:
        super().__init__(path)
        self._make = make

    def raise_if_unwritable(self) -> None:
        """Find out before the work whether `write` would fail; leaves nothing behind.

        Raises:
            OutputUnwritable, DiskFull: the place is the reason.
            TableUnmade: there is nothing here that makes such a table.
        """
        super().raise_if_unwritable()
        with closing(self._make((), (), ())) as pieces:
            for _ in pieces:
                pass

    def write(self, results: Iterable[Record], source: RowSource, task: Task) -> None:
        """Write the input's columns and the answers behind them.

        A column has one kind of values, so the input is read once more, before the rows.

        Raises:
            OutputUnwritable: the place cannot be written.
            DiskFull: there is no room; nothing appears.
            JobChanged: the rows are no longer those that were answered.
            TableUnmade: the table cannot be made.
        """
        own = column_kinds(len(source.columns()), (row.cells for row in source.rows()))
        self.write_table(table(results, source, task), own)

    def write_table(self, lines: Iterator[list[Cell]], own: Sequence[ColumnKind]) -> None:
        """Write a header and rows; `own` are the kinds of the columns that come first."""
        header = [str(name) for name in next(lines, [])]
        more = len(header) - len(own)
        kinds = [*own, *(answer_kinds(more) if more else [])]
        with self.replaced() as file, closing(self._make(header, kinds, lines)) as pieces:
            file.writelines(pieces)
