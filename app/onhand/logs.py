"""Logs: what the program says of itself, capped, local, without what the user wrote."""

from __future__ import annotations

import faulthandler
import logging
import os
from contextlib import suppress
from typing import IO, TYPE_CHECKING

from onhand.domain.errors import AppError
from onhand.domain.faults import described
from onhand.domain.progress import Cancelled

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

LOG_LIMIT = 1_000_000
"""A log that would grow beyond so many bytes is put behind those before it."""

LOGS = 5
"""So many are kept, the one that is written among them."""

MOST_LINES = 2000
"""Of the end of each log so many lines are read for a report."""


class Log:
    """Lets the program's loggers write to a file while it is open, and tells it of bugs.

    Where the file cannot be written nothing is logged, and nothing else happens.
    """

    def __init__(self, folder: Path) -> None:
        self._logger = logging.getLogger("onhand")
        self._handler = _CappedHandler(folder / "onhand.log", encoding="utf-8", delay=True)
        form = "%(asctime)s %(levelname)s %(name)s %(message)s"
        self._handler.setFormatter(logging.Formatter(form))

    def __enter__(self) -> Log:
        self._logger.setLevel(logging.INFO)
        self._logger.propagate = False
        self._logger.addHandler(self._handler)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if isinstance(error, Exception) and not isinstance(error, AppError | Cancelled):
            self._logger.error("%s", described(error))
        self._logger.removeHandler(self._handler)
        self._handler.close()


class CrashFile:
    """Takes where the program was when native code ends it; without any values.

    It lies beside the logs, goes nowhere else, and is not there where nothing crashed.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / "crash.log"
        self._file: IO[bytes] | None = None

    def __enter__(self) -> CrashFile:
        with suppress(OSError):
            grown = self._path.exists() and self._path.stat().st_size > LOG_LIMIT
            self._file = self._path.open("wb" if grown else "ab")
            faulthandler.enable(self._file)
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is None:
            return
        faulthandler.disable()
        self._file.close()
        with suppress(OSError):
            if self._path.stat().st_size == 0:
                self._path.unlink()


class _CappedHandler(logging.FileHandler):
    """Logs to a file and those behind it, or to nowhere if it cannot be written."""

    def emit(self, record: logging.LogRecord) -> None:
        with suppress(OSError):
            if self._is_full():
                self._make_room()
            super().emit(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the base's name
        """A log that cannot be written must not disturb the work."""

    def _is_full(self) -> bool:
        try:
            return os.stat(self.baseFilename).st_size > LOG_LIMIT  # noqa: PTH116 - a string
        except OSError:
            return False

    def _make_room(self) -> None:
        self.close()
        names = [self.baseFilename]
        names += [f"{self.baseFilename}.{number}" for number in range(1, LOGS)]
        for older, newer in zip(reversed(names), reversed(names[:-1]), strict=False):
            with suppress(FileNotFoundError):
                os.replace(newer, older)  # noqa: PTH105 - strings


def log_lines(folder: Path) -> Mapping[str, Sequence[str]]:
    """The last lines of each log, by its name; what cannot be read is left out."""
    found = {}
    for path in sorted(folder.glob("*.log*")) if folder.is_dir() else ():
        with suppress(OSError):
            text = path.read_bytes().decode("utf-8", errors="replace")
            found[path.name] = text.splitlines()[-MOST_LINES:]
    return found
