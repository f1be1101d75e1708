"""A Parquet table, made group by group, by the Rust libraries of the Arrow project."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast

from arro3.core import Array, DataType, Field, RecordBatch, RecordBatchReader, Schema
from arro3.io import write_parquet

from onhand.domain.batch_errors import TableUnmade
from onhand.domain.column_kinds import ColumnKind
from onhand.tables.protocol import Columns, Finish, Group, Piece

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import IO

    from typing_extensions import Buffer

    from onhand.tables.protocol import Order

LARGEST_GROUP = 5000
"""Rows of a group in the file at most: one is held until it is whole."""

_TYPES: Mapping[ColumnKind, DataType] = MappingProxyType(
    {
        ColumnKind.EMPTY: DataType.string(),
        ColumnKind.TRUTH: DataType.bool(),
        ColumnKind.WHOLE: DataType.int64(),
        ColumnKind.NUMBER: DataType.float64(),
        ColumnKind.DAY: DataType.date32(),
        ColumnKind.MOMENT: DataType.timestamp("us"),
        ColumnKind.INSTANT: DataType.timestamp("us", tz="UTC"),
        ColumnKind.TEXT: DataType.string(),
    }
)
_COUNTED: Mapping[ColumnKind, DataType] = MappingProxyType(
    {
        ColumnKind.DAY: DataType.int32(),
        ColumnKind.MOMENT: DataType.int64(),
        ColumnKind.INSTANT: DataType.int64(),
    }
)
"""The numbers that stand for times: arrays are made of these alone."""

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - times without a zone are counted from here


def write_table(orders: Iterator[Order], send: Callable[[Piece], None]) -> None:
    """Make a table as orders come; a piece is sent for each, as soon as it was followed.

    Raises:
        TableUnmade: they do not begin with `Columns`, or end before `Finish`.
    """
    columns = next(orders, None)
    if not isinstance(columns, Columns):
        raise TableUnmade("it has no columns")
    sink = _Sink()
    coming = _Batches(columns, orders, lambda: send(Piece(sink.taken())))
    reader = RecordBatchReader.from_batches(
        coming.schema,
        cast("Sequence[RecordBatch]", iter(coming)),  # batches are taken one by one
    )
    write_parquet(
        reader,
        cast("IO[bytes]", sink),  # written, never sought
        compression="snappy",
        max_row_group_size=LARGEST_GROUP,
    )
    if not coming.whole:
        raise TableUnmade("its rows ended early")
    send(Piece(sink.taken()))


class _Batches:
    """The groups of rows, each as the writer asks for it.

    Attributes:
        whole: whether they came to their end.
    """

    def __init__(
        self, columns: Columns, orders: Iterator[Order], followed: Callable[[], None]
    ) -> None:
        self._kinds = [ColumnKind(kind) for kind in columns.kinds]
        types = [_TYPES[kind] for kind in self._kinds]
        self.schema = Schema([*map(Field, columns.names, types)])
        self.whole = False
        self._orders = orders
        self._followed = followed

    def __iter__(self) -> Iterator[RecordBatch]:
        self._followed()
        for order in self._orders:
            match order:
                case Group(rows=rows):
                    yield self._batch(rows)
                    self._followed()
                case Finish():
                    self.whole = True
                    return
                case Columns():
                    return

    def _batch(self, rows: Sequence[Sequence[object]]) -> RecordBatch:
        columns = zip(zip(*rows, strict=True), self._kinds, strict=True)
        arrays = [_array(column, kind) for column, kind in columns]
        return RecordBatch.from_arrays(arrays, schema=self.schema)


class _Sink(io.RawIOBase):
    """A file for the writer, of which nothing stays here; it goes forward alone."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []

    def write(self, piece: Buffer) -> int:
        """Take bytes."""
        self._pieces.append(bytes(piece))
        return len(self._pieces[-1])

    def taken(self) -> bytes:
        """What was written since the last time."""
        taken = b"".join(self._pieces)
        self._pieces.clear()
        return taken


def _array(column: Sequence[Any], kind: ColumnKind) -> Array:
    match kind:
        case ColumnKind.NUMBER:
            values = [None if each is None else float(each) for each in column]
        case ColumnKind.DAY:
            values = [None if each is None else _days(each) for each in column]
        case ColumnKind.MOMENT | ColumnKind.INSTANT:
            values = [None if each is None else _microseconds(each) for each in column]
        case _:
            return Array([*column], type=_TYPES[kind])
    made = Array(values, type=_COUNTED.get(kind, _TYPES[kind]))
    return made.cast(_TYPES[kind])


def _days(iso: str) -> int:
    return (date.fromisoformat(iso) - _EPOCH.date()).days


def _microseconds(iso: str) -> int:
    at = datetime.fromisoformat(iso)
    if at.tzinfo is not None:
        at = at.astimezone(UTC).replace(tzinfo=None)
    return (at - _EPOCH) // timedelta(microseconds=1)
