"""Which column of a table holds the text, and rows as its lines make them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from onhand.domain.errors import UsageError
from onhand.services.batch_ports import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from onhand.domain.column_kinds import Cell

_BY_NUMBER = re.compile("#([0-9]{1,5})")
_SHOWN = 30


def column_at(columns: Sequence[str], wanted: str) -> int:
    """The place of a column: by its name, without regard to case, or as "#3".

    Raises:
        UsageError: there is none, or several.
    """
    number = _BY_NUMBER.fullmatch(wanted)
    if number and wanted not in columns and 1 <= int(number[1]) <= len(columns):
        return int(number[1]) - 1
    for like in (str, _folded):
        places = [at for at, name in enumerate(columns) if like(name) == like(wanted)]
        if len(places) == 1:
            return places[0]
        if places:
            options = " or ".join(f"#{at + 1}" for at in places)
            raise UsageError(
                f"{len(places)} columns are called '{wanted}'; name one by its place,"
                f" {options}"
            )
    raise no_column(columns, wanted)


def no_column(columns: Sequence[str], wanted: str) -> UsageError:
    """That there is no such column, and which ones there are."""
    named = ", ".join(f"'{name}'" for name in columns[:_SHOWN]) or "none"
    return UsageError(f"there is no column '{wanted}'; there are {named}")


class Columns:
    """The columns of a table, and which of them matter."""

    def __init__(
        self,
        names: tuple[str, ...],
        wanted: str,
        called: Callable[[str, int], str],
        between: str = "\t",
    ) -> None:
        """Find the text.

        Args:
            names: what they are called.
            wanted: the one with the text; see `column_at`.
            called: names a row by its id, or "", and its place; see `RowNames`.
            between: what stands between cells, also where there are too many of them.

        Raises:
            UsageError: there is no such column, or several.
        """
        self.names = names
        self._called = called
        self._between = between
        self._text = column_at(names, wanted)
        ids = [at for at, name in enumerate(names) if _folded(name) == "id"]
        self._id = ids[0] if len(ids) == 1 else None

    def row(self, position: int, cells: Sequence[Cell], broken: str, where: str) -> Row:
        """The row of some cells.

        Args:
            position: its place among the rows, from 0.
            cells: what stands in it; what is missing at the end is empty.
            broken: what is wrong with it, or "".
            where: the line, for people.
        """
        width = len(self.names)
        cells = [*cells, *[None] * (width - len(cells))]
        if any(_filled(cell) for cell in cells[width:]):
            broken = broken or f"has {len(cells)} cells instead of {width}"
            # Nothing is lost: what has no column of its own goes into the last one.
            while not _filled(cells[-1]):
                cells.pop()
            rest = self._between.join(as_text(cell) for cell in cells[width - 1 :])
            cells = [*cells[: width - 1], rest]
        return Row(
            position=position,
            name=self._name(position, cells),
            text="" if broken else as_text(cells[self._text]),
            error=f"{where} {broken}" if broken else "",
            cells=tuple(cells[:width]),
        )

    def _name(self, position: int, cells: Sequence[Cell]) -> str:
        if self._id is None:
            return f"r{position + 1}"
        return self._called(as_text(cells[self._id]), position)


def as_text(cell: Cell) -> str:
    """What stands in a cell, as a text; a whole number without its decimals."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell if isinstance(cell, str) else str(cell)


def _filled(cell: Cell) -> bool:
    return cell is not None and cell != ""


def _folded(name: str) -> str:
    return name.strip().casefold()
