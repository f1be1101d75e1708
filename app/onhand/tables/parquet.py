"""The rows of a Parquet table. Needs pyarrow, which is an extra."""

from __future__ import annotations

import json
import math
from datetime import date, datetime
from typing import TYPE_CHECKING

import pyarrow
from pyarrow import parquet

from onhand.domain.errors import InputUnreadable
from onhand.tables.protocol import Header, Line, Moment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from onhand.tables.protocol import Message

ROWS = 1000
"""Rows that are decoded at once."""


def rows_of_parquet(path: Path) -> Iterator[Message]:
    """The names of the columns, then the rows, each as it is asked for.

    Raises:
        InputUnreadable: it is no Parquet table.
    """
    # The pool that the system has keeps to the limit of this process.
    pyarrow.set_memory_pool(pyarrow.system_memory_pool())
    number = 0
    try:
        with parquet.ParquetFile(path) as table:
            yield Header(columns=tuple(table.schema_arrow.names))
            for batch in table.iter_batches(batch_size=ROWS, use_threads=False):
                for values in zip(
                    *[each.to_pylist() for each in batch.columns], strict=True
                ):
                    number += 1
                    yield Line(number, tuple(_cell(value) for value in values))
    except pyarrow.ArrowException as error:
        raise InputUnreadable(
            "it is damaged, or not a Parquet table as its name says"
        ) from error


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
