"""A table as messages, or made of them; each library is loaded when it is needed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import msgspec

from onhand.domain.batch_errors import TableUnmade
from onhand.domain.errors import InputUnreadable
from onhand.tables.protocol import Columns, Finish, Group, Order, Piece

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

    from onhand.tables.protocol import Message

_ENCRYPTED = b"\xd0\xcf\x11\xe0"


def messages_of(path: Path) -> Iterator[Message]:
    """The header and the rows of a table.

    Raises:
        InputUnreadable: there is none in this file, or none that can be read here.
        Whatever its parser raises: it is damaged.
    """
    try:
        with path.open("rb") as file:
            beginning = file.read(4)
    except OSError as error:
        raise InputUnreadable(error.strerror or "it cannot be opened") from error
    if beginning == _ENCRYPTED:
        raise InputUnreadable("it is protected by a password, or an .xls of old")
    if path.suffix.lower() == ".parquet":
        yield from _parquet(path)
    else:
        # openpyxl loads numpy where there is one, for cells that nobody gives it here.
        sys.modules.setdefault("numpy", None)  # type: ignore[arg-type]
        from onhand.tables.workbook import rows_of_workbook  # noqa: PLC0415 - slow

        yield from rows_of_workbook(path)


def pieces_of(source: BinaryIO) -> Iterator[Piece]:
    """A Parquet table of the columns and rows that come in: a piece for each message.

    Raises:
        TableUnmade: pyarrow is missing.
    """
    try:
        from onhand.tables.parquet_making import ParquetMaker  # noqa: PLC0415 - optional
    except ImportError as error:
        raise TableUnmade(
            "writing .parquet needs pyarrow: pip install 'onhand[parquet]'; an installed"
            " package has no room for it, so write .csv there"
        ) from error
    decoder = msgspec.json.Decoder(Order)
    maker: ParquetMaker | None = None
    while line := source.readline():
        match decoder.decode(line):
            case Columns() as columns:
                maker = ParquetMaker(columns)
            case Group() as group if maker is not None:
                maker.add(group)
            case Finish() if maker is not None:
                maker.finish()
        yield Piece(maker.taken() if maker is not None else b"")


def _parquet(path: Path) -> Iterator[Message]:
    try:
        from onhand.tables.parquet import rows_of_parquet  # noqa: PLC0415 - optional
    except ImportError as error:
        raise InputUnreadable(
            "reading .parquet needs pyarrow: pip install 'onhand[parquet]'; an installed"
            " package has no room for it, so save the table as .csv there"
        ) from error
    yield from rows_of_parquet(path)
