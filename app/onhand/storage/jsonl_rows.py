"""JSON Lines in and out: rows that survive broken neighbours, and output that is whole."""

from __future__ import annotations

import codecs
import hashlib
import os
import stat
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from onhand.domain.errors import InputUnreadable, OutputUnwritable
from onhand.domain.output import output_object
from onhand.services.batch_ports import Row
from onhand.storage.safe_files import failures_as, replacing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from io import BufferedReader

    from onhand.services.history_ports import Record

LOOK = 65536
"""Bytes at the beginning that tell a text from anything else."""

_WIDE = {
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}


class JsonlRows:
    """The rows of a .jsonl file: objects with an `id`, which may be missing, and a text."""

    def __init__(self, path: Path, column: str = "text") -> None:
        self._path = Path(os.path.realpath(path))
        self._column = column

    @property
    def path(self) -> Path:
        """Where it lies, absolute."""
        return self._path

    @property
    def column(self) -> str:
        """The key of the text."""
        return self._column

    def fingerprint(self) -> str:
        """A digest of the file's content.

        Raises:
            InputUnreadable: the file cannot be read.
        """
        with self._opened() as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def rows(self) -> Iterator[Row]:
        """All rows in order, read as they are asked for; may be called again.

        Empty lines are no rows. A line that is broken, or has no text, is a row with
        `error`. A row without an id gets "r" and its number, from 1.

        Raises:
            InputUnreadable: the file cannot be read, or is no text in UTF-8.
        """
        with self._opened() as file:
            _raise_if_no_text(file.read(LOOK), self._path)
            file.seek(0)
            position = 0
            for number, line in enumerate(file, 1):
                content = line.removeprefix(codecs.BOM_UTF8) if number == 1 else line
                if content.strip():
                    yield _row(content, position, number, self._column)
                    position += 1

    @contextmanager
    def _opened(self) -> Iterator[BufferedReader]:
        with failures_as(InputUnreadable, self._path), self._path.open("rb") as file:
            yield file


class JsonlResults:
    """Output as .jsonl; it appears under its name only when it is complete."""

    def __init__(self, path: Path) -> None:
        # What a link points to is replaced, not the link.
        self._path = Path(os.path.realpath(path))
        digest = hashlib.sha256(os.fsencode(self._path)).hexdigest()[:16]
        # Short, whatever the length of the name; the same again after a kill.
        self._part = self._path.with_name(f".onhand-{digest}.part")

    @property
    def path(self) -> Path:
        """Where it will lie, absolute."""
        return self._path

    def raise_if_unwritable(self) -> None:
        """Find out before the work whether `write` would fail; leaves nothing behind.

        Raises:
            OutputUnwritable: the place cannot be written.
            DiskFull: there is no room at all.
        """
        with failures_as(OutputUnwritable, self._path):
            if self._path.exists() and not stat.S_ISREG(self._path.stat().st_mode):
                raise OutputUnwritable(f"{self._path} is not a file")
            self._part.unlink(missing_ok=True)
            self._part.touch(exist_ok=False)
            self._part.unlink()

    def occupied(self) -> bool:
        """Whether `write` would replace something; an empty file is nothing."""
        with failures_as(OutputUnwritable, self._path):
            return self._path.exists() and self._path.stat().st_size > 0

    def write(self, results: Iterable[Record]) -> None:
        """Write all results, then give the file its name.

        Raises:
            OutputUnwritable: the place cannot be written.
            DiskFull: there is no room; nothing appears.
        """
        encoder = msgspec.json.Encoder()
        lines = (encoder.encode(output_object(record)) + b"\n" for record in results)
        with (
            failures_as(OutputUnwritable, self._path),
            replacing(self._path, self._part, mode=0o666) as file,
        ):
            file.writelines(lines)


def _raise_if_no_text(beginning: bytes, path: Path) -> None:
    for mark, name in _WIDE.items():
        if beginning.startswith(mark):
            raise InputUnreadable(f"{path} is {name}, which JSON Lines cannot be")
    if b"\0" in beginning:
        raise InputUnreadable(f"{path} is not a text file")


def _row(line: bytes, position: int, number: int, column: str) -> Row:
    """The row of a line; `number` counts lines from 1, for people."""
    name, text, error = f"r{position + 1}", "", ""
    try:
        value = msgspec.json.decode(line)
    except UnicodeDecodeError:
        error = f"line {number} is not UTF-8"
    except (msgspec.DecodeError, RecursionError):
        error = f"line {number} is not valid JSON"
    else:
        if isinstance(value, dict):
            name = _name(value.get("id")) or name
            text, error = _text(value, column, number)
        else:
            error = f"line {number} is not a JSON object"
    return Row(position=position, name=name, text=text, error=error)


def _name(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) else ""


def _text(value: dict[object, object], column: str, number: int) -> tuple[str, str]:
    if column not in value:
        return "", f"line {number} has no '{column}'"
    text = value[column]
    if not isinstance(text, str):
        return "", f"'{column}' in line {number} is not a text"
    return text, ""
