"""A Parquet table as bytes, which a child process makes group by group."""

from __future__ import annotations

import math
import os
import re
from contextlib import closing
from itertools import islice
from typing import TYPE_CHECKING

import msgspec

from onhand.child_process import ChildGone, ChildProcess
from onhand.domain.batch_errors import TableUnmade
from onhand.domain.column_kinds import as_kind
from onhand.tables.protocol import MAKE, Columns, End, Finish, Group, Order, Piece

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Sequence

    from onhand.domain.column_kinds import Cell, ColumnKind

ROWS = 20_000
"""Rows in a group, at most."""

CELLS = 200_000
"""Cells in a group, at most, but for a single row."""

CHARACTERS = 4_000_000
"""So many characters in a group are enough."""

_HALF_CHARACTERS = re.compile("[\ud800-\udfff]")
_ENDED = "the process that makes it has ended"


def make_parquet(
    argv: Sequence[str],
    names: Sequence[str],
    kinds: Sequence[ColumnKind],
    lines: Iterable[Sequence[Cell]],
) -> Generator[bytes]:
    """The bytes of a Parquet table, piece by piece, as `lines` are taken.

    Args:
        argv: starts a child; a mark, our number and a word are added to it.
        names: of the columns; those that occur twice get a number, the nameless one.
        kinds: of the columns.
        lines: the rows, each with a value for each column.

    Raises:
        TableUnmade: the child came to nothing.
    """
    columns = Columns(names=distinct(names), kinds=tuple(kinds))
    child = _start([*argv, MAKE, str(os.getpid()), "free"])
    with closing(_Ended(child)):
        yield _answered(child, columns)
        for group in groups(lines, kinds):
            yield _answered(child, group)
        yield _answered(child, Finish())


def distinct(names: Sequence[str]) -> tuple[str, ...]:
    """Names that differ, also for who does not tell capitals apart, and are not empty."""
    taken = {name.casefold() for name in names if name}
    seen: set[str] = set()
    found: list[str] = []
    for place, wanted in enumerate(names, 1):
        name = first = wanted or f"column_{place}"
        number = 2
        while name.casefold() in seen or (name != wanted and name.casefold() in taken):
            name, number = f"{first}_{number}", number + 1
        seen.add(name.casefold())
        found.append(name)
    return tuple(found)


def groups(lines: Iterable[Sequence[Cell]], kinds: Sequence[ColumnKind]) -> Iterator[Group]:
    """The rows as the child takes them, as they are asked for."""
    rest = iter(lines)
    most = max(1, min(ROWS, CELLS // max(1, len(kinds))))
    while rows := tuple(_some(islice(rest, most), kinds)):
        yield Group(rows=rows)


class _Ended:
    """A child that has nothing to lose: it is ended at once."""

    def __init__(self, child: ChildProcess) -> None:
        self._child = child

    def close(self) -> None:
        self._child.kill()
        self._child.close()


def _start(argv: Sequence[str]) -> ChildProcess:
    try:
        return ChildProcess.start(argv)
    except ChildGone as error:
        raise TableUnmade(str(error)) from error


def _answered(child: ChildProcess, order: Order) -> bytes:
    """What came of an order; the child reads it whole before it answers."""
    try:
        child.write_line(msgspec.json.encode(order))
        line = child.read_line()
        made: Piece | End = msgspec.json.decode(line or b"", type=Piece | End)
    except (ChildGone, msgspec.MsgspecError) as error:
        raise TableUnmade(_ENDED) from error
    if isinstance(made, End):
        raise TableUnmade(made.reason or _ENDED)
    return made.content


def _some(
    lines: Iterator[Sequence[Cell]], kinds: Sequence[ColumnKind]
) -> Iterator[tuple[str | int | float | bool | None, ...]]:
    """Rows as the child takes them, until they have enough characters."""
    characters = 0
    for line in lines:
        row = tuple(_cell(*each) for each in zip(line, kinds, strict=True))
        yield row
        characters += sum(len(cell) for cell in row if isinstance(cell, str))
        if characters >= CHARACTERS:
            return


def _cell(value: Cell, kind: ColumnKind) -> str | int | float | bool | None:
    cell = as_kind(value, kind)
    if isinstance(cell, float) and not math.isfinite(cell):
        return str(cell)  # JSON has no such numbers
    if isinstance(cell, str):
        return _HALF_CHARACTERS.sub("\N{REPLACEMENT CHARACTER}", cell)
    return cell
