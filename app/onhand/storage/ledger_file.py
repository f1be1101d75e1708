"""The ledger: every connection that was attempted, in a file that only grows."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import msgspec

from onhand.domain.errors import DataFolderUnwritable
from onhand.domain.fetching import Attempt
from onhand.storage.safe_files import failures_as, private_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_FLAGS = os.O_CREAT | os.O_WRONLY | os.O_APPEND | getattr(os, "O_BINARY", 0)


class LedgerFile:
    """The ledger port over JSON lines. Several processes may write into one."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, attempt: Attempt) -> None:
        """Write down an attempt, or what became of one with the same id.

        Raises:
            DiskFull, DataFolderUnwritable: it cannot be; so it must not be made.
        """
        private_folder(self._path.parent)
        with failures_as(DataFolderUnwritable, self._path):
            descriptor = os.open(self._path, _FLAGS, 0o600)
            try:
                # In one piece, behind whatever a power cut may have torn.
                os.write(descriptor, b"\n" + msgspec.json.encode(attempt) + b"\n")
            finally:
                os.close(descriptor)

    def attempts(self) -> list[Attempt]:
        """All of them, oldest first, each as it is now; unreadable lines are left out.

        Raises:
            DataFolderUnwritable: the file is there and cannot be read.
        """
        return list({attempt.id: attempt for attempt in self._lines()}.values())

    def _lines(self) -> Iterator[Attempt]:
        with failures_as(DataFolderUnwritable, self._path):
            data = self._path.read_bytes() if self._path.exists() else b""
        decoder = msgspec.json.Decoder(Attempt)
        for line in data.split(b"\n"):
            try:
                yield decoder.decode(line)
            except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
                continue
