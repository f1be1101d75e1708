"""Which kind of values a column holds, for formats whose columns have one kind each."""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from onhand.domain.result_columns import ABOUT

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Cell: TypeAlias = str | int | float | bool | date | None
"""What a cell of a table holds."""

_LARGEST = 2**63 - 1
_EXACT = 2**53
"""Whole numbers up to here are what they were when they become fractions."""


class ColumnKind(StrEnum):
    """What all values of a column are, but for those that are missing."""

    EMPTY = "empty"
    TRUTH = "truth"
    WHOLE = "whole"
    NUMBER = "number"
    DAY = "day"
    MOMENT = "moment"
    INSTANT = "instant"
    """A moment of a known zone."""
    TEXT = "text"


class _Sort(StrEnum):
    """What a single value is."""

    TRUTH = "truth"
    WHOLE = "whole"
    LARGE = "large"
    NUMBER = "number"
    NO_NUMBER = "no number"
    """What tables of other programs have among numbers; it is read as a text."""
    DAY = "day"
    MOMENT = "moment"
    INSTANT = "instant"
    TEXT = "text"


_KINDS = (
    (frozenset[_Sort](), ColumnKind.EMPTY),
    (frozenset({_Sort.TRUTH}), ColumnKind.TRUTH),
    (frozenset({_Sort.WHOLE, _Sort.LARGE}), ColumnKind.WHOLE),
    (frozenset({_Sort.DAY}), ColumnKind.DAY),
    (frozenset({_Sort.MOMENT}), ColumnKind.MOMENT),
    (frozenset({_Sort.INSTANT}), ColumnKind.INSTANT),
)


def column_kinds(width: int, lines: Iterable[Sequence[Cell]]) -> list[ColumnKind]:
    """The kinds of so many columns; what is mixed, or unlike any other, is text."""
    found: list[set[_Sort]] = [set() for _ in range(width)]
    for line in lines:
        for sorts, value in zip(found, line, strict=False):
            if value is not None and _Sort.TEXT not in sorts:
                sorts.add(_sort(value))
    return [_kind(sorts) for sorts in found]


def answer_kinds(count: int) -> list[ColumnKind]:
    """The kinds of the columns of an answer; see `result_columns`."""
    numbers = {"confidence", "seconds"}
    about = [ColumnKind.NUMBER if name in numbers else ColumnKind.TEXT for name in ABOUT]
    return [*[ColumnKind.TEXT] * (count - len(about)), *about]


def as_kind(value: Cell, kind: ColumnKind) -> str | int | float | bool | None:
    """A value as a column of that kind takes it: days and moments in ISO 8601."""
    if value is None:
        return None
    match kind:
        case ColumnKind.TEXT:
            return as_text(value)
        case ColumnKind.NUMBER if not isinstance(value, date):
            return float(value)
        case ColumnKind.INSTANT if isinstance(value, datetime):
            return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def as_text(value: Cell) -> str:
    """A value among texts."""
    match value:
        case None:
            return ""
        case date():
            return value.isoformat()
        case float() if value.is_integer() and abs(value) <= _EXACT:
            return str(int(value))
        case _:
            return str(value)


def _sort(value: Cell) -> _Sort:
    match value:
        case bool():
            return _Sort.TRUTH
        case float():
            return _Sort.NUMBER
        case int() | date():
            return _sort_of_ordered(value)
        case "nan" | "inf" | "-inf":
            return _Sort.NO_NUMBER
        case _:
            return _Sort.TEXT


def _sort_of_ordered(value: int | date) -> _Sort:
    match value:
        case int() if abs(value) <= _EXACT:
            return _Sort.WHOLE
        case int():
            return _Sort.LARGE if abs(value) <= _LARGEST else _Sort.TEXT
        case datetime():
            return _Sort.INSTANT if value.tzinfo else _Sort.MOMENT
        case _:
            return _Sort.DAY


def _kind(sorts: set[_Sort]) -> ColumnKind:
    for known, kind in _KINDS:
        if sorts <= known:
            return kind
    numbers = {_Sort.WHOLE, _Sort.NUMBER, _Sort.NO_NUMBER}
    if _Sort.NUMBER in sorts and sorts <= numbers:
        return ColumnKind.NUMBER
    return ColumnKind.TEXT
