"""Tables in text, .csv and .tsv: broken rows harm no others, and memory stays flat."""

from __future__ import annotations

import csv
import hashlib
import io
import os
from contextlib import contextmanager
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from onhand.domain.delimiters import cells_of
from onhand.domain.errors import InputUnreadable
from onhand.domain.export import defused
from onhand.services.finding_columns import Columns
from onhand.services.naming_rows import RowNames, only_given
from onhand.services.part_rows import whole_of
from onhand.storage.csv_text import writing_of
from onhand.storage.result_files import OutputFile, table
from onhand.storage.safe_files import failures_as

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from io import BufferedReader
    from typing import BinaryIO, TextIO

    from onhand.domain.column_kinds import Cell
    from onhand.domain.delimiters import Dialect
    from onhand.domain.tasks import Task
    from onhand.services.batch_ports import Row, RowSource
    from onhand.services.history_ports import Record
    from onhand.storage.csv_text import Writing

MOST_LINES, MOST_CHARACTERS = 2000, 1_000_000
"""A quote that is open for longer was never meant to be one."""

_OPEN = "has a quote that does not end"

WORKBOOKS = frozenset({".xlsx", ".xlsm"})
"""Inputs of spreadsheets, which take a text without a mark for one of old."""

csv.field_size_limit(8 * MOST_CHARACTERS)


class CsvRows:
    """The rows of a .csv or .tsv file; its first line names the columns."""

    def __init__(self, path: Path, column: str = "text") -> None:
        self._path = Path(os.path.realpath(path))
        self._column = column
        self._names = RowNames(lambda: (row.name for row in self._rows(only_given)))

    @property
    def path(self) -> Path:
        """Where it lies, absolute."""
        return self._path

    @property
    def column(self) -> str:
        """The column of the text, as it was asked for."""
        return self._column

    @property
    def told(self) -> str:
        """Encoding and dialect.

        Raises:
            InputUnreadable: the file cannot be read, or is no text.
        """
        return self._writing.told

    @property
    def delimiter(self) -> str:
        """What stands between cells."""
        return self._writing.dialect.delimiter

    @property
    def spreadsheet(self) -> bool:
        """Whether it was not plain UTF-8, as what spreadsheets write."""
        with self._opened() as file:
            return self._writing.encoding != "utf-8" or file.read(3) == b"\xef\xbb\xbf"

    def fingerprint(self) -> str:
        """A digest of the file's content.

        Raises:
            InputUnreadable: the file cannot be read.
        """
        with self._opened() as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def columns(self) -> tuple[str, ...]:
        """What stands in the first line.

        Raises:
            InputUnreadable: the file cannot be read, or is no text.
        """
        for _, cells, _ in self._records():
            return tuple(cells)
        return ()

    def rows(self) -> Iterator[Row]:
        """All rows in order, read as they are asked for; may be called again.

        Empty lines are no rows. A row with more cells than there are columns, and one with
        a quote that does not end, has an `error`; the last of its cells are one then, with
        the delimiter between them. Of a single column all that is in a line is the text.

        Raises:
            InputUnreadable: the file cannot be read, or is no text.
            UsageError: there is no such column, or several.
        """
        return self._rows(self._names)

    def _rows(self, called: Callable[[str, int], str]) -> Iterator[Row]:
        columns: Columns | None = None
        position = 0
        for line, cells, broken in self._records():
            if columns is None:
                columns = Columns(tuple(cells), self._column, called, self.delimiter)
                continue
            whole = len(columns.names) == 1 and not broken
            found = _joined(cells, self.delimiter) if whole else cells
            yield columns.row(position, found, broken or "", f"line {line}")
            position += 1

    def _records(self) -> Iterator[tuple[int, list[str], str]]:
        """Line, cells, and what is wrong with them; without empty lines.

        Nor with blank ones in front of the names of the columns.
        """
        is_begun = False
        with self._opened() as binary, self._as_text(binary) as text:
            lines = islice(enumerate(text, 1), int(self._writing.is_named), None)
            for line, cells, broken in _records(lines, self._writing.dialect):
                is_begun = is_begun or any(map(str.strip, cells))
                if is_begun and any(cells):
                    yield line, [_mended(cell) for cell in cells], broken

    @cached_property
    def _writing(self) -> Writing:
        with self._opened() as file:
            return writing_of(file, tabs=self._path.suffix.lower() in {".tsv", ".tab"})

    @contextmanager
    def _opened(self) -> Iterator[BufferedReader]:
        with failures_as(InputUnreadable, self._path), self._path.open("rb") as file:
            yield file

    def _as_text(self, binary: BinaryIO) -> TextIO:
        encoding = self._writing.encoding
        # Bytes that are none of the encoding come out one by one, and are mended later.
        wide = encoding.startswith(("utf-16", "utf-32"))
        odd = "replace" if wide else "surrogateescape"
        return io.TextIOWrapper(binary, encoding=encoding, errors=odd, newline="")


class CsvResults(OutputFile):
    """Output as .csv or .tsv; it appears under its name only when it is complete."""

    def write(self, results: Iterable[Record], source: RowSource, task: Task) -> None:
        """Write the input's columns and the answers behind them.

        Cells that a spreadsheet would run are defused. Cells are divided as in the input,
        where that is a .csv file too, and marked as UTF-8 where the input was made for, or
        by, a spreadsheet.

        Raises:
            OutputUnwritable: the place cannot be written.
            DiskFull: there is no room; nothing appears.
            JobChanged: the rows are no longer those that were answered.
        """
        delimiter, whole = "\t" if _has_tabs(self.path) else ",", whole_of(source)
        marked = whole.path.suffix.lower() in WORKBOOKS and not _has_tabs(self.path)
        if isinstance(whole, CsvRows) and not _has_tabs(self.path):
            marked = whole.spreadsheet
            delimiter = whole.delimiter if whole.delimiter != "\t" else ","
        with self.replaced() as file:
            self._fill(file, table(results, source, task), delimiter, marked=marked)

    def _fill(
        self, file: BinaryIO, lines: Iterable[list[Cell]], delimiter: str, *, marked: bool
    ) -> None:
        text = io.TextIOWrapper(
            file,
            encoding="utf-8-sig" if marked else "utf-8",
            errors="replace",
            newline="",
        )
        writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
        writer.writerows([written(cell) for cell in line] for line in lines)
        text.detach()


def read_records(file: BinaryIO, delimiter: str) -> Iterator[list[str]]:
    """The records of what `CsvResults` wrote, its header first."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    return csv.reader(text, delimiter=delimiter)


def written(cell: Cell) -> str:
    """A cell as it stands in a text."""
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case int() | float():
            return str(cell)
        case str():
            return defused(cell)
        case _:
            return cell.isoformat()


def _joined(cells: list[str], delimiter: str) -> list[str]:
    """The only cell of a line, in which delimiters are letters like any others."""
    while len(cells) > 1 and not cells[-1]:
        cells.pop()
    return [delimiter.join(cells)]


def _has_tabs(path: Path) -> bool:
    return path.suffix.lower() in {".tsv", ".tab"}


def _records(
    lines: Iterator[tuple[int, str]], dialect: Dialect
) -> Iterator[tuple[int, list[str], str]]:
    """Number of the first line, cells, and what is wrong with them."""
    for number, line in lines:
        held = [_clean(line) if number > 1 else _clean(line).removeprefix("\ufeff")]
        cells, broken = _parsed(held[0], dialect)
        if broken == _OPEN:
            cells, broken = _closed(held, lines, dialect)
        if broken == _OPEN:
            yield from _one_by_one(held, number, dialect)
        else:
            yield number, cells, broken


def _closed(
    held: list[str], lines: Iterator[tuple[int, str]], dialect: Dialect
) -> tuple[list[str], str]:
    """The cells of a record whose quote is open, read on until it is closed or hopeless."""
    size = len(held[0])
    cells: list[str] = []
    for _, line in lines:
        held.append(_clean(line))
        size += len(line)
        if '"' in line:
            cells, broken = _parsed("".join(held), dialect)
            if broken != _OPEN:
                return cells, broken
        if len(held) > MOST_LINES or size > MOST_CHARACTERS:
            break
    return cells, _OPEN


def _one_by_one(
    held: list[str], number: int, dialect: Dialect
) -> Iterator[tuple[int, list[str], str]]:
    """Lines after a quote that never ends: it harms the line in which it stands."""
    for at, line in enumerate(held):
        cells, broken = _parsed(line, dialect)
        yield number + at, [cell.rstrip("\r\n") for cell in cells], broken


def _parsed(record: str, dialect: Dialect) -> tuple[list[str], str]:
    """The cells of a record, and what is wrong with them."""
    try:
        cells, is_open = cells_of(record, dialect)
    except csv.Error:  # a cell beyond all limits
        return [record[:MOST_CHARACTERS]], "has a cell that is too long"
    return cells, _OPEN if is_open else ""


def _clean(line: str) -> str:
    """Without zero bytes, which `Writing` tells of."""
    return line.replace("\0", "")


def _mended(cell: str) -> str:
    """Bytes that are not of the file's encoding, as Windows-1252 has them."""
    if cell.isascii() or not any("\udc80" <= each <= "\udcff" for each in cell):
        return cell
    return "".join(_stray(each) for each in cell)


def _stray(character: str) -> str:
    if not "\udc80" <= character <= "\udcff":
        return character
    byte = bytes([ord(character) - 0xDC00])
    try:
        return byte.decode("cp1252")
    except UnicodeDecodeError:
        return byte.decode("latin-1")
