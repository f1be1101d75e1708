"""How a table in a text is written: what stands between its cells, and what quotes them."""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

DELIMITERS = (",", ";", "\t", "|")
"""What can stand between cells, the likeliest first."""

QUOTE = '"'

_ESCAPES = re.compile(r"\\.")
_ESCAPED = re.compile(r'\\"(?!"(?![,;\t|\r\n]|$)|[,;\t|\r\n]|$)')
_DOUBLED = re.compile(r'[^,;\t|\r\n"]""(?!"|[,;\t|\r\n]|$)')
"""A quote as a letter, as the one dialect and as the other writes it. Behind an escaped one
a cell may be closed, and nothing but the next cell follows that."""

_LOOK = 200
"""Records that are looked at."""

_NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


@dataclass(frozen=True)
class Dialect:
    """How a table is written.

    Attributes:
        delimiter: what stands between cells.
        escape: what makes a quote in a quoted cell a letter; None: the quote is doubled.
    """

    delimiter: str = ","
    escape: str | None = None

    @property
    def told(self) -> str:
        """What stands between cells, for people."""
        return f"{_NAMES[self.delimiter]} between cells"


def cells_of(record: str, dialect: Dialect) -> tuple[list[str], bool]:
    """The cells of a record, and whether its last cell is quoted and not closed."""
    feed = iter((record, ""))
    reader = csv.reader(
        feed,
        delimiter=dialect.delimiter,
        quotechar=QUOTE,
        doublequote=dialect.escape is None,
        escapechar=dialect.escape,
    )
    cells = next(reader)
    # The reader asks for more lines only where a quote is open.
    return cells, next(feed, None) is None


def dialect_of(lines: Iterable[str]) -> Dialect:
    """The dialect in which the beginning of a file makes most sense as a table.

    It is the one in which most records have as many cells as the first, and at least two;
    where several do, the one with more cells. Where none does, it is a single column.
    """
    beginning = [line for line in lines if line.strip()][:_LOOK]
    escape = "\\" if _is_escaped(beginning) else None
    best, found = (0.5, 0), Dialect(",", escape)
    for delimiter in DELIMITERS:
        dialect = Dialect(delimiter, escape)
        widths = [len(cells) for cells in _records(beginning, dialect)]
        if not widths or widths[0] < 2:
            continue
        share = Counter(widths)[widths[0]] / len(widths)
        if (round(share, 1), widths[0]) > best:
            best, found = (round(share, 1), widths[0]), dialect
    return found


def _records(lines: list[str], dialect: Dialect) -> list[list[str]]:
    records, held = [], ""
    for line in lines:
        held += line
        cells, is_open = cells_of(held, dialect)
        if not is_open:
            records.append(cells)
            held = ""
    return records


def _is_escaped(lines: list[str]) -> bool:
    """Whether quotes inside quotes are written with a backslash."""
    text = "".join(lines)
    if not _ESCAPED.search(text) or _DOUBLED.search(_ESCAPES.sub("", text)):
        return False
    return not any(_is_doubled(lines, delimiter) for delimiter in DELIMITERS)


def _is_doubled(lines: list[str], delimiter: str) -> bool:
    """Whether all of it is a table without any fault if quotes are doubled."""
    try:
        rows = [*csv.reader(lines, delimiter=delimiter, quotechar=QUOTE, strict=True)]
    except csv.Error:
        return False
    return len(rows[0]) > 1 and len({len(row) for row in rows}) == 1
