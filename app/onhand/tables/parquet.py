"""The rows of a Parquet table, by the Rust libraries of the Arrow project."""

from __future__ import annotations

import json
import math
import os
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from arro3.core import DataType
from arro3.io import read_parquet

from onhand.tables.protocol import Header, Line, Moment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from arro3.core import Array

    from onhand.tables.protocol import Message


def rows_of_parquet(path: Path) -> Iterator[Message]:
    """The names of the columns, then the rows, each as it is asked for.

    A damaged file ends this process or raises what is no `Exception`: the parser gives up.
    """
    _keep_quiet()
    number = 0
    # An open file and no path: it would take an address of the network for a path as well.
    with path.open("rb") as file:
        table = read_parquet(file)
        yield Header(columns=tuple(table.schema.names))
        for batch in table:
            columns = [_values(batch.column(place)) for place in range(batch.num_columns)]
            for values in zip(*columns, strict=True):
                number += 1
                yield Line(number, tuple(_cell(value) for value in values))


def _keep_quiet() -> None:
    """Whatever the parser says when it gives up, pieces of the table among it, is lost."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)


def _values(column: Array) -> list[object]:
    kind = column.type
    if kind.tz is None or kind.time_unit is None:
        return [column[place].as_py() for place in range(len(column))]
    # The names of zones need a table that not every system has; moments are those of UTC.
    plain = column.cast(DataType.timestamp(kind.time_unit))
    found = [plain[place].as_py() for place in range(len(plain))]
    return [None if each is None else each.replace(tzinfo=UTC) for each in found]


def _cell(value: object) -> str | int | float | bool | Moment | None:
    match value:
        case None | str() | int():
            return value
        case float() if math.isfinite(value):
            return value
        case datetime() | date():
            return Moment(value.isoformat())
        case list() | dict():
            return json.dumps(value, ensure_ascii=False, default=str)
        case _:
            return (
                value.decode(errors="replace") if isinstance(value, bytes) else str(value)
            )
