"""What the child that reads a table writes, and what one that makes a table is told.

A reader writes a header, a line for each row, and an end. A maker is told the columns, then
groups of rows, and answers each message with the bytes of the file that came of it.
"""

from __future__ import annotations

import msgspec

TABLES = {".xlsx": "a workbook", ".xlsm": "a workbook", ".parquet": "a Parquet table"}
"""What can be read, by the ending of a file's name."""


class Moment(msgspec.Struct, frozen=True):
    """A date or a time; `at` is in ISO 8601."""

    at: str


class Header(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """The names of the columns.

    Attributes:
        told: how the table is read, as a sentence for people.
    """

    columns: tuple[str, ...]
    told: str = ""


class Line(msgspec.Struct, frozen=True, tag=True):
    """One row; `number` is that of its line, from 1."""

    number: int
    cells: tuple[str | int | float | bool | Moment | None, ...]


class End(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """There is nothing more.

    Attributes:
        reason: why, if that was not meant to be.
        unconfined: whether nothing was read because the system does not confine the child.
    """

    reason: str = ""
    unconfined: bool = False


Message = Header | Line | End


MAKE = "-"
"""Stands for the file on the command line of a child that makes a table."""


class Columns(msgspec.Struct, frozen=True, tag=True):
    """The names and kinds of the columns of a table to be made."""

    names: tuple[str, ...]
    kinds: tuple[str, ...]


class Group(msgspec.Struct, frozen=True, tag=True):
    """Rows of it; days and moments are in ISO 8601."""

    rows: tuple[tuple[str | int | float | bool | None, ...], ...]


class Finish(msgspec.Struct, frozen=True, tag=True):
    """There are no more rows."""


class Piece(msgspec.Struct, frozen=True, tag=True):
    """Bytes of the file, behind those before."""

    content: bytes


Order = Columns | Group | Finish
Made = Piece | End
