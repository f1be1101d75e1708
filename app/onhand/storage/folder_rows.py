"""The files of a folder as rows: one for each, with its path in the column `file`."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from onhand.domain.documents import DOCUMENTS
from onhand.domain.errors import InputUnreadable
from onhand.services.batch_ports import Row
from onhand.services.reading import read_text
from onhand.storage.safe_files import failures_as

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from onhand.services.reading import ReadText

MOST_BYTES = 20_000_000
"""Larger files are no texts for a person."""

NO_FILE = "it is not a file"

KEPT_CHARACTERS = 30_000_000
"""Taking a document apart is slow, so that the texts of a folder are kept up to this."""


class FolderRows:
    """The rows of a folder and all folders in it, in the order of their paths.

    Files whose names begin with a dot, and what is reached through links to folders, are
    no rows.
    """

    def __init__(self, path: Path, read_document: Callable[[Path], ReadText]) -> None:
        """`read_document` gives the text of a file of the kinds in `DOCUMENTS`."""
        self._path = Path(os.path.realpath(path))
        self._read_document = read_document
        self._kept: dict[str, tuple[tuple[int, int], str, str]] = {}
        self._room = KEPT_CHARACTERS

    @property
    def path(self) -> Path:
        """Where it lies, absolute."""
        return self._path

    @property
    def column(self) -> str:
        """There is no choice."""
        return "text"

    @property
    def told(self) -> str:
        """What a row is."""
        return "Each file of the folder is a row."

    def fingerprint(self) -> str:
        """A digest of all names and contents; of a file that cannot be read, of the reason.

        Raises:
            InputUnreadable: the folder cannot be read.
        """
        digest = hashlib.sha256()
        for name in self._names():
            content = _digest(self._path / name)
            digest.update(f"{name.encode(errors='surrogateescape')!r} {content}\n".encode())
        return digest.hexdigest()

    def columns(self) -> tuple[str, ...]:
        """The one column."""
        return ("file",)

    def rows(self) -> Iterator[Row]:
        """All files in order, read as they are asked for.

        A file that is no text and no document is a row with an `error`.

        Raises:
            InputUnreadable: the folder cannot be read.
        """
        for position, name in enumerate(self._names()):
            text, error = self._text(name)
            yield Row(position=position, name=name, text=text, error=error, cells=(name,))

    def _names(self) -> list[str]:
        found: list[str] = []
        with failures_as(InputUnreadable, self._path):
            for folder, folders, files in os.walk(self._path, onerror=_raise):
                folders[:] = sorted(each for each in folders if not each.startswith("."))
                found += [
                    Path(folder, each).relative_to(self._path).as_posix()
                    for each in files
                    if not each.startswith(".")
                ]
        return sorted(found)

    def _text(self, name: str) -> tuple[str, str]:
        path = self._path / name
        try:
            state = path.stat()
        except OSError as failure:
            return "", failure.strerror or "it cannot be opened"
        if not stat.S_ISREG(state.st_mode):
            return "", NO_FILE
        stamp = (state.st_size, state.st_mtime_ns)
        if name in self._kept and self._kept[name][0] == stamp:
            return self._kept[name][1:]
        text = error = ""
        try:
            text = self._read(path, state.st_size).text
        except InputUnreadable as refused:
            error = refused.detail
        if len(text) <= self._room:
            self._room -= len(text)
            self._kept[name] = (stamp, text, error)
        return text, error

    def _read(self, path: Path, size: int) -> ReadText:
        if path.suffix.lower() in DOCUMENTS:
            return self._read_document(path)
        if size > MOST_BYTES:
            raise InputUnreadable(f"it is larger than {MOST_BYTES // 1_000_000} MB")
        with failures_as(InputUnreadable, path):
            return read_text(path.read_bytes())


def _digest(path: Path) -> str:
    """A digest of what a file holds, or why that cannot be said."""
    try:
        if not path.is_file():
            return NO_FILE  # nobody may ever write into a pipe
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as failure:
        return failure.strerror or NO_FILE


def _raise(error: OSError) -> None:
    raise error
