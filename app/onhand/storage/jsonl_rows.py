"""JSON Lines in and out: rows that survive broken neighbours, and output that is whole."""

from __future__ import annotations

import codecs
import hashlib
import os
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from onhand.domain.errors import InputUnreadable
from onhand.domain.output import output_object
from onhand.services.batch_ports import Row
from onhand.services.finding_columns import no_column
from onhand.services.naming_rows import RowNames
from onhand.storage.result_files import OutputFile
from onhand.storage.safe_files import failures_as

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from io import BufferedReader

    from onhand.domain.column_kinds import Cell
    from onhand.domain.tasks import Task
    from onhand.services.batch_ports import RowSource
    from onhand.services.history_ports import Record

LOOK = 65536
"""Bytes at the beginning that tell a text from anything else."""

MOST_KEYS = 2000
"""So many columns may a table have that is made of objects."""

_WIDE = {
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}


class _WithId(msgspec.Struct):
    id: msgspec.Raw = msgspec.Raw(b"null")


_WITH_ID = msgspec.json.Decoder(_WithId)


class JsonlRows:
    """The rows of a .jsonl file: objects with an `id`, which may be missing, and a text."""

    def __init__(self, path: Path, column: str = "text") -> None:
        self._path = Path(os.path.realpath(path))
        self._column = column
        self._keys: tuple[str, ...] | None = None
        self._names = RowNames(self._ids)

    @property
    def path(self) -> Path:
        """Where it lies, absolute."""
        return self._path

    @property
    def column(self) -> str:
        """The key of the text."""
        return self._column

    @property
    def told(self) -> str:
        """It is read as it always is."""
        return ""

    def fingerprint(self) -> str:
        """A digest of the file's content.

        Raises:
            InputUnreadable: the file cannot be read.
        """
        with self._opened() as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def columns(self) -> tuple[str, ...]:
        """The keys of all objects, in the order in which they first appear.

        Raises:
            InputUnreadable: the file cannot be read, or has too many.
        """
        if self._keys is None:
            found: dict[str, None] = {}
            with self._opened() as file:
                for line in file:
                    value = _decoded(line.removeprefix(codecs.BOM_UTF8))
                    if isinstance(value, dict):
                        found.update(dict.fromkeys(value))
                    if len(found) > MOST_KEYS:
                        told = f"its rows have more than {MOST_KEYS} keys"
                        raise InputUnreadable(f"{self._path}: {told}")
            self._keys = tuple(found)
        return self._keys

    def rows(self) -> Iterator[Row]:
        """All rows in order, read as they are asked for; may be called again.

        Empty lines are no rows. A line that is broken, or has no text, is a row with
        `error`. An id that is no text is its name as it is written; one that is missing,
        null or empty is made, see `RowNames`.

        Raises:
            InputUnreadable: the file cannot be read, or is no text in UTF-8.
            UsageError: no row has this key, which is found out behind the last one.
        """
        lacking = 0
        with self._opened() as file:
            _raise_if_no_text(file.read(LOOK), self._path)
            file.seek(0)
            position = 0
            for number, line in enumerate(file, 1):
                content = line.removeprefix(codecs.BOM_UTF8) if number == 1 else line
                if content.strip():
                    row = _row(content, position, number, self._column)
                    row = replace(row, name=self._names(row.name, position))
                    if self._keys is not None:  # who wants cells has asked for columns
                        row = replace(row, cells=_cells(content, self._keys))
                    lacking += row.error == _without(self._column, number)
                    yield row
                    position += 1
        if position and lacking == position:
            raise no_column(self.columns(), self._column)

    def _ids(self) -> Iterator[str]:
        """The ids that are texts; no other looks like a name that is made."""
        with self._opened() as file:
            for line in file:
                value = _decoded(_written_id(line.removeprefix(codecs.BOM_UTF8)))
                if isinstance(value, str):
                    yield value

    @contextmanager
    def _opened(self) -> Iterator[BufferedReader]:
        with failures_as(InputUnreadable, self._path), self._path.open("rb") as file:
            yield file


class JsonlResults(OutputFile):
    """Output as .jsonl; it appears under its name only when it is complete."""

    def write(
        self,
        results: Iterable[Record],
        _source: RowSource | None = None,
        _task: Task | None = None,
    ) -> None:
        """Write all results, then give the file its name.

        Raises:
            OutputUnwritable: the place cannot be written.
            DiskFull: there is no room; nothing appears.
        """
        encoder = msgspec.json.Encoder()
        lines = (encoder.encode(output_object(record)) + b"\n" for record in results)
        with self.replaced() as file:
            file.writelines(lines)


def _raise_if_no_text(beginning: bytes, path: Path) -> None:
    for mark, name in _WIDE.items():
        if beginning.startswith(mark):
            raise InputUnreadable(f"{path} is {name}, which JSON Lines cannot be")
    if b"\0" in beginning:
        raise InputUnreadable(f"{path} is not a text file")


def _row(line: bytes, position: int, number: int, column: str) -> Row:
    """The row of a line, named if it has an id; `number` counts lines, for people."""
    name, text, error = "", "", ""
    try:
        value = msgspec.json.decode(line)
    except UnicodeDecodeError:
        error = f"line {number} is not UTF-8"
    except (msgspec.DecodeError, RecursionError):
        error = f"line {number} is not valid JSON"
    else:
        if isinstance(value, dict):
            name = _name(value.get("id"), line)
            text, error = _text(value, column, number)
        else:
            error = f"line {number} is not a JSON object"
    return Row(position=position, name=name, text=text, error=error)


def _name(value: object, line: bytes) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return _written_id(line).decode()


def _written_id(line: bytes) -> bytes:
    """What stands under `id`, letter by letter: a number may be written in many ways."""
    try:
        return bytes(_WITH_ID.decode(line).id)
    except (ValueError, RecursionError):
        return b"null"


def _text(value: dict[object, object], column: str, number: int) -> tuple[str, str]:
    if column not in value:
        return "", _without(column, number)
    text = value[column]
    if not isinstance(text, str):
        return "", f"'{column}' in line {number} is not a text"
    return text, ""


def _without(column: str, number: int) -> str:
    return f"line {number} has no '{column}'"


def _decoded(line: bytes) -> object:
    try:
        return msgspec.json.decode(line)
    except (ValueError, RecursionError):
        return None


def _cells(line: bytes, keys: Sequence[str]) -> tuple[Cell, ...]:
    """The values under some keys; what is not a single value stays as it is in JSON."""
    value = _decoded(line)
    if not isinstance(value, dict):
        return ()
    return tuple(_cell(value.get(key)) for key in keys)


def _cell(value: object) -> Cell:
    if value is None or isinstance(value, str | int | float):
        return value
    return msgspec.json.encode(value).decode()
