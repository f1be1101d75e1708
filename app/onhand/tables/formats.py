"""A table as messages, or made of them; each library is loaded when it is needed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import msgspec

from onhand.domain.errors import InputUnreadable
from onhand.tables.protocol import Order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import BinaryIO

    from onhand.tables.protocol import Message, Piece

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
        from onhand.tables.parquet import rows_of_parquet  # noqa: PLC0415 - slow

        yield from rows_of_parquet(path)
    else:
        # openpyxl loads numpy where there is one, for cells that nobody gives it here.
        sys.modules.setdefault("numpy", None)  # type: ignore[arg-type]
        from onhand.tables.workbook import rows_of_workbook  # noqa: PLC0415 - slow

        yield from rows_of_workbook(path)


def make_table(source: BinaryIO, send: Callable[[Piece], None]) -> None:
    """Make a Parquet table of the columns and rows that come in; send a piece for each.

    Raises:
        TableUnmade: what came is not all of a table.
    """
    from onhand.tables.parquet_making import write_table  # noqa: PLC0415 - slow

    write_table(map(msgspec.json.Decoder(Order).decode, source), send)
