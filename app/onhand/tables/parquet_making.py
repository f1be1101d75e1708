"""A Parquet table, made group by group. Needs pyarrow, which is an extra."""

from __future__ import annotations

from datetime import date, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pyarrow
from pyarrow import parquet

from onhand.domain.column_kinds import ColumnKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from onhand.tables.protocol import Columns, Group

_TYPES: Mapping[ColumnKind, pyarrow.DataType] = MappingProxyType(
    {
        ColumnKind.EMPTY: pyarrow.string(),
        ColumnKind.TRUTH: pyarrow.bool_(),
        ColumnKind.WHOLE: pyarrow.int64(),
        ColumnKind.NUMBER: pyarrow.float64(),
        ColumnKind.DAY: pyarrow.date32(),
        ColumnKind.MOMENT: pyarrow.timestamp("us"),
        ColumnKind.INSTANT: pyarrow.timestamp("us", tz="UTC"),
        ColumnKind.TEXT: pyarrow.string(),
    }
)
_READ: Mapping[ColumnKind, Callable[[Any], object]] = MappingProxyType(
    {
        ColumnKind.NUMBER: float,  # what is not finite comes as a text
        ColumnKind.DAY: date.fromisoformat,
        ColumnKind.MOMENT: datetime.fromisoformat,
        ColumnKind.INSTANT: datetime.fromisoformat,
    }
)


class ParquetMaker:
    """Makes one table; its bytes are handed out as they come to be."""

    def __init__(self, columns: Columns) -> None:
        # The pool that the system has keeps to the limit of this process.
        pyarrow.set_memory_pool(pyarrow.system_memory_pool())
        self._kinds = [ColumnKind(kind) for kind in columns.kinds]
        types = [_TYPES[kind] for kind in self._kinds]
        self._schema = pyarrow.schema([*zip(columns.names, types, strict=True)])
        self._sink = _Sink()
        self._writer = parquet.ParquetWriter(self._sink, self._schema)

    def add(self, group: Group) -> None:
        """Add rows."""
        columns = [*zip(*group.rows, strict=True)]
        arrays = [
            pyarrow.array(_values(column, kind), type=field.type)
            for column, kind, field in zip(columns, self._kinds, self._schema, strict=True)
        ]
        self._writer.write_table(pyarrow.table(arrays, schema=self._schema))

    def finish(self) -> None:
        """Add what stands at the end of a file."""
        self._writer.close()

    def taken(self) -> bytes:
        """What came to be since the last time."""
        return self._sink.taken()


class _Sink:
    """A file for pyarrow, of which nothing stays here."""

    closed = False

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._length = 0

    def write(self, piece: bytes) -> int:
        """Take bytes."""
        taken = bytes(piece)
        self._pieces.append(taken)
        self._length += len(taken)
        return len(taken)

    def tell(self) -> int:
        """How much there was."""
        return self._length

    def flush(self) -> None:
        """Nothing waits."""

    def close(self) -> None:
        """Nothing is open."""

    def taken(self) -> bytes:
        """What was written since the last time."""
        taken = b"".join(self._pieces)
        self._pieces.clear()
        return taken


def _values(column: Sequence[object], kind: ColumnKind) -> Sequence[object]:
    read = _READ.get(kind)
    if read is None:
        return column
    return [None if value is None else read(value) for value in column]
