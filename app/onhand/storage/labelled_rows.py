"""Labelled texts in files: .jsonl with a key each for text and label, .csv with columns."""

from __future__ import annotations

import csv
import os
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from onhand.domain.errors import InputUnreadable, UsageError
from onhand.domain.tasks import Example
from onhand.storage.safe_files import failures_as

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

LABELLED_FORMATS = frozenset({".jsonl", ".ndjson", ".csv", ".tsv"})


class LabelledFile:
    """The labelled texts of a file; see `LabelledRows`."""

    def __init__(self, path: Path, columns: tuple[str, str] = ("text", "label")) -> None:
        """`columns`: those of text and label.

        Raises:
            UsageError: the format cannot be read.
        """
        self._path = Path(os.path.realpath(path))
        self._text, self._label = columns
        self._is_json = self._path.suffix.lower() in {".jsonl", ".ndjson"}
        if self._path.suffix.lower() not in LABELLED_FORMATS:
            raise UsageError(
                f"{path.name}: labelled rows are read from .jsonl, .csv and .tsv"
            )

    def examples(self) -> Iterator[Example]:
        """All rows, in order, read as they are asked for; empty lines are no rows.

        Raises:
            InputUnreadable: the file cannot be read, or a row has no text or no label;
                the message names the line.
        """
        try:
            with (
                failures_as(InputUnreadable, self._path),
                self._path.open(encoding="utf-8-sig", newline="") as file,
            ):
                yield from self._of_json(file) if self._is_json else self._of_table(file)
        except UnicodeDecodeError as error:
            raise InputUnreadable(f"{self._path} is not UTF-8") from error

    def columns(self) -> list[str]:
        """The names of the columns, or the keys of the first row that hold texts.

        Raises:
            InputUnreadable: the file cannot be read, or there is no row.
        """
        try:
            with (
                failures_as(InputUnreadable, self._path),
                self._path.open(encoding="utf-8-sig", newline="") as file,
            ):
                found = self._named(file)
        except UnicodeDecodeError as error:
            raise InputUnreadable(f"{self._path} is not UTF-8") from error
        if not found:
            raise InputUnreadable(f"{self._path} has no rows")
        return found

    def _named(self, file: TextIO) -> list[str]:
        if self._is_json:
            rows = self._objects(file)
            return [
                name
                for _, row in islice(rows, 1)
                for name, value in row.items()
                if isinstance(value, str)
            ]
        reader = self._reader(file)
        try:
            return [name for name in reader.fieldnames or () if name]
        except csv.Error as error:
            raise self._unreadable(reader.line_num, f"cannot be read: {error}") from error

    def _of_json(self, file: TextIO) -> Iterator[Example]:
        for number, row in self._objects(file):
            yield self._example(row, number)

    def _objects(self, file: TextIO) -> Iterator[tuple[int, dict[str, object]]]:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                value = msgspec.json.decode(line.encode(errors="replace"))
            except (msgspec.DecodeError, RecursionError) as error:
                raise self._unreadable(number, "is not valid JSON") from error
            if not isinstance(value, dict):
                raise self._unreadable(number, "is not a JSON object")
            yield number, value

    def _of_table(self, file: TextIO) -> Iterator[Example]:
        reader = self._reader(file)
        try:
            for row in reader:
                yield self._example(row, reader.line_num)
        except csv.Error as error:
            raise self._unreadable(reader.line_num, f"cannot be read: {error}") from error

    def _reader(self, file: TextIO) -> csv.DictReader[str]:
        delimiter = "\t" if self._path.suffix.lower() == ".tsv" else ","
        return csv.DictReader(file, delimiter=delimiter)

    def _example(self, row: dict[str, object], number: int) -> Example:
        text, label = row.get(self._text), row.get(self._label)
        for name, value in ((self._text, text), (self._label, label)):
            if not isinstance(value, str):
                raise self._unreadable(number, f"has no '{name}'")
        return Example(text=str(text), answer=str(label).strip())

    def _unreadable(self, number: int, what: str) -> InputUnreadable:
        return InputUnreadable(f"{self._path}: line {number} {what}")
