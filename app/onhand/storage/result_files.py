"""Outputs of a batch that appear under their names only when they are complete."""

from __future__ import annotations

import hashlib
import os
import stat
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from onhand.domain.errors import JobChanged, OutputUnwritable
from onhand.domain.result_columns import result_cells, result_columns
from onhand.storage.safe_files import failures_as, replacing
from onhand.storage.stored_json import storable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import BinaryIO

    from onhand.domain.column_kinds import Cell
    from onhand.domain.tasks import Task
    from onhand.services.batch_ports import Row, RowSource
    from onhand.services.history_ports import Record


class OutputFile:
    """The place of an output: looked at before the work, written behind it."""

    def __init__(self, path: Path) -> None:
        # What a link points to is replaced, not the link.
        self._path = Path(os.path.realpath(path))
        digest = hashlib.sha256(os.fsencode(self._path)).hexdigest()[:16]
        # Short, whatever the length of the name; the same again after a kill.
        self._part = self._path.with_name(f".onhand-{digest}.part")

    @property
    def path(self) -> Path:
        """Where it will lie, absolute."""
        return self._path

    def raise_if_unwritable(self) -> None:
        """Find out before the work whether `write` would fail; leaves nothing behind.

        Raises:
            OutputUnwritable: the place cannot be written, or another program holds the
                file.
            DiskFull: there is no room at all.
        """
        with failures_as(OutputUnwritable, self._path):
            if self._path.exists() and not stat.S_ISREG(self._path.stat().st_mode):
                raise OutputUnwritable(f"{self._path} is not a file")
            self._part.unlink(missing_ok=True)
            self._part.touch(exist_ok=False)
            self._part.unlink()
            if os.name == "nt" and self._path.exists():
                # A spreadsheet that has it open lets nobody write, and nobody replace it.
                with self._path.open("r+b"):
                    pass

    def occupied(self) -> bool:
        """Whether `write` would replace something; an empty file is nothing."""
        with failures_as(OutputUnwritable, self._path):
            return self._path.exists() and self._path.stat().st_size > 0

    @contextmanager
    def replaced(self) -> Iterator[BinaryIO]:
        """The file that takes the place when the block is done without a failure.

        Who may read what lies there already may read it as well, and nobody else.

        Raises:
            OutputUnwritable: the place cannot be written.
            DiskFull: there is no room; nothing appears.
        """
        with failures_as(OutputUnwritable, self._path):
            kept = self._permissions()
            mode = 0o666 if kept is None else kept
            with replacing(self._path, self._part, mode=mode) as file:
                if kept is not None:
                    # The user's mask narrows new files; some file systems have one mode.
                    with suppress(OSError):
                        self._part.chmod(kept)
                yield file

    def _permissions(self) -> int | None:
        """Those of the file that lies there; None where there is none, or none are kept."""
        if os.name != "posix" or not self._path.exists():
            return None
        return stat.S_IMODE(self._path.stat().st_mode)


def table(results: Iterable[Record], source: RowSource, task: Task) -> Iterator[list[Cell]]:
    """The lines of a table: its header, then each row of the input with its answer.

    Raises:
        JobChanged: the rows are no longer those that were answered.
    """
    columns = source.columns()
    yield [*columns, *result_columns(task, columns)]
    rows = iter(source.rows())
    for record in results:
        row = _row_of(record, rows)
        cells = (*row.cells, *[None] * (len(columns) - len(row.cells)))
        yield [*cells[: len(columns)], *result_cells(record)]


def _row_of(record: Record, rows: Iterator[Row]) -> Row:
    for row in rows:
        if row.position == record.row:
            # A journal of figures alone has no texts.
            if record.text and storable(row.text) != storable(record.text):
                break
            return row
    raise JobChanged("the input was changed while it was read")
