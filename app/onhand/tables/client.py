"""The rows of workbooks and Parquet tables, as a child process reads them."""

from __future__ import annotations

import hashlib
import os
from contextlib import closing
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from onhand.child_process import ChildGone, ChildProcess
from onhand.domain.errors import InputUnreadable
from onhand.domain.policy_errors import DocumentSandboxMissing
from onhand.services.finding_columns import Columns
from onhand.services.naming_rows import RowNames, only_given
from onhand.tables.protocol import TABLES, End, Header, Line, Message, Moment

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from onhand.domain.column_kinds import Cell
    from onhand.services.batch_ports import Row


class TableRows:
    """The rows of a table; each pass over them starts a child, which is ended with it."""

    def __init__(
        self,
        argv: Sequence[str],
        path: Path,
        column: str = "text",
        *,
        confined: bool = False,
    ) -> None:
        """Nothing is opened yet.

        Args:
            argv: starts a child; the file, our number and a word are added to it.
            path: the file.
            column: where the text is.
            confined: whether nothing may be read where the system does not keep the child
                off the network.
        """
        self._argv = tuple(argv)
        self._word = "confined" if confined else "free"
        self._path = Path(os.path.realpath(path))
        self._column = column
        self._names = RowNames(lambda: (row.name for row in self._rows(only_given)))

    @property
    def path(self) -> Path:
        """Where it lies, absolute."""
        return self._path

    @property
    def column(self) -> str:
        """The column of the text, as it was asked for."""
        return self._column

    @property
    def told(self) -> str:
        """From which sheet.

        Raises:
            InputUnreadable: the file cannot be read, or is no such table.
        """
        return self._header.told

    def fingerprint(self) -> str:
        """A digest of the file's content.

        Raises:
            InputUnreadable: the file cannot be read.
        """
        try:
            with self._path.open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise InputUnreadable(f"{self._path}: {error.strerror or error}") from error

    def columns(self) -> tuple[str, ...]:
        """What its columns are called.

        Raises:
            InputUnreadable: the file cannot be read, or is no such table.
        """
        return self._header.columns

    def rows(self) -> Generator[Row]:
        """All rows in order, read as they are asked for; may be called again.

        Raises:
            InputUnreadable: the file cannot be read, or is no such table.
            UsageError: there is no such column, or several.
        """
        return self._rows(self._names)

    def _rows(self, called: Callable[[str, int], str]) -> Generator[Row]:
        columns: Columns | None = None
        position = 0
        with closing(self._messages()) as messages:
            for message in messages:
                match message:
                    case Header(columns=names):
                        columns = Columns(names, self._column, called)
                    case Line(number=number, cells=cells) if columns is not None:
                        found = [_cell(cell) for cell in cells]
                        yield columns.row(position, found, "", f"line {number}")
                        position += 1

    @cached_property
    def _header(self) -> Header:
        with closing(self._messages()) as messages:
            for message in messages:
                if isinstance(message, Header):
                    return message
        raise InputUnreadable(f"{self._path}: it has no columns")

    def _messages(self) -> Generator[Message]:
        decoder = msgspec.json.Decoder(Message)
        argv = [*self._argv, str(self._path), str(os.getpid()), self._word]
        kind = TABLES.get(self._path.suffix.lower(), "a table")
        damaged = f"{self._path}: it is damaged, or not {kind} as its name says"
        try:
            with closing(_Quick(ChildProcess.start(argv))) as child:
                while (line := child.read_line()) is not None:
                    message = decoder.decode(line)
                    if isinstance(message, End):
                        if message.unconfined:
                            raise DocumentSandboxMissing(message.reason)
                        _raise_if_early(message, self._path)
                        return
                    yield message
        except (ChildGone, msgspec.MsgspecError) as error:
            raise InputUnreadable(damaged) from error
        raise InputUnreadable(damaged)


class _Quick:
    """A child that has nothing to lose: it is ended at once."""

    def __init__(self, child: ChildProcess) -> None:
        self._child = child
        self.read_line = child.read_line

    def close(self) -> None:
        self._child.kill()
        self._child.close()


def _raise_if_early(end: End, path: Path) -> None:
    if end.reason:
        raise InputUnreadable(f"{path}: {end.reason}")


def _cell(cell: str | int | float | bool | Moment | None) -> Cell:
    if not isinstance(cell, Moment):
        return cell
    # A day alone would be read as its midnight as well.
    for kind in (date, datetime):
        try:
            return kind.fromisoformat(cell.at)
        except ValueError:
            continue
    return cell.at
