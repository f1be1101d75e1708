"""A table of any known kind as messages; each parser is loaded when it is needed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from onhand.domain.errors import InputUnreadable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

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
        from onhand.tables.parquet import rows_of_parquet  # noqa: PLC0415 - slow

        yield from rows_of_parquet(path)
    else:
        # openpyxl loads numpy where there is one, for cells that nobody gives it here.
        sys.modules.setdefault("numpy", None)  # type: ignore[arg-type]
        from onhand.tables.workbook import rows_of_workbook  # noqa: PLC0415 - slow

        yield from rows_of_workbook(path)
