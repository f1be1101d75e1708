"""The rows of a workbook's first visible sheet with anything on it."""

from __future__ import annotations

import math
import re
from datetime import date, datetime, time
from typing import TYPE_CHECKING
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from onhand.domain.errors import InputUnreadable
from onhand.tables.protocol import Header, Line, Moment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

    from onhand.tables.protocol import Message

MOST_CHARACTERS = 1_000_000
"""Far more than the 32,767 that Excel keeps to."""

_ESCAPED = re.compile("_x(00(?:0[1-9A-Fa-f]|1[0-9A-Fa-f]|5[Ff]))_")
"""What spreadsheets write for characters that XML cannot hold, or would not keep."""


def rows_of_workbook(path: Path) -> Iterator[Message]:
    """The first line as header, then the rows, each as it is asked for.

    A formula counts as what it gave when the workbook was saved. Empty lines are no rows.

    Raises:
        InputUnreadable: it is no workbook, or has nothing on it.
    """
    try:
        book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
        # What nobody sees is read where there is nothing else.
        sheets = sorted(book.worksheets, key=lambda each: each.sheet_state != "visible")
    except (InvalidFileException, BadZipFile, KeyError, ValueError, SyntaxError) as error:
        raise InputUnreadable(
            "it is damaged, or not a workbook as its name says"
        ) from error
    for sheet in sheets:
        lines = _lines(sheet)
        first = next(lines, None)
        if first is None:
            continue
        told = f"Read from the sheet '{sheet.title}'."
        if len(sheets) > 1:
            told = f"Read from the sheet '{sheet.title}', one of {len(sheets)}."
        yield Header(columns=tuple(map(_name, first.cells)), told=told)
        yield from lines
        return
    raise InputUnreadable("there is nothing on any of its sheets")


def _lines(sheet: ReadOnlyWorksheet) -> Iterator[Line]:
    # What a sheet says of its size is often wrong.
    sheet.reset_dimensions()
    try:
        for number, values in enumerate(sheet.iter_rows(values_only=True), 1):
            cells = [_cell(value) for value in values]
            if any(isinstance(cell, str) and len(cell) > MOST_CHARACTERS for cell in cells):
                raise InputUnreadable(f"a cell in line {number} holds too much for a cell")
            while cells and cells[-1] is None:
                del cells[-1]
            if cells:
                yield Line(number, tuple(cells))
    except (BadZipFile, EOFError, KeyError, ValueError, SyntaxError, OSError) as error:
        raise InputUnreadable(f"its sheet '{sheet.title}' is damaged") from error


def _name(cell: str | int | float | bool | Moment | None) -> str:
    """What a column is called; one of days has a day as its name."""
    if isinstance(cell, Moment):
        return cell.at.removesuffix("T00:00:00")
    return "" if cell is None else str(cell)


def _cell(value: object) -> str | int | float | bool | Moment | None:
    match value:
        case None | "":
            return None
        case int():
            return value
        case float() if math.isfinite(value):
            return value
        case datetime() | date() | time():
            return Moment(value.isoformat())
        case _:
            return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), str(value))
