"""Documents as text, taken apart by a child process for each."""

from __future__ import annotations

import os
from contextlib import closing
from time import perf_counter
from typing import TYPE_CHECKING

import msgspec

from onhand.child_process import ChildGone, ChildProcess
from onhand.domain.documents import DOCUMENTS
from onhand.domain.errors import InputUnreadable
from onhand.services.reading import ReadText
from onhand.worker.protocol import Reply

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SECONDS = 20
"""So long may a document take, in processor time and by the clock."""

MOST_BYTES = 100_000_000
_TOO_LONG = ("SIGXCPU", "SIGKILL")


class DocumentReader:
    """Reads documents. Each call starts a process and waits for it; from any thread."""

    def __init__(self, argv: Sequence[str], *, seconds: int = SECONDS) -> None:
        """`argv` starts a child; file, parent and limit are added to it."""
        self._argv = tuple(argv)
        self._seconds = seconds

    def __call__(self, path: Path) -> ReadText:
        """The text of a document of one of the kinds in `DOCUMENTS`.

        Raises:
            InputUnreadable: there is none, or it takes more than the limits allow.
        """
        _raise_if_too_large(path)
        begun = perf_counter()
        more = (str(path.absolute()), str(os.getpid()), str(self._seconds))
        try:
            with closing(ChildProcess.start([*self._argv, *more])) as child:
                line = child.read_line()
                child.wait(1.0)
                how = child.exit_status
        except ChildGone as error:
            raise InputUnreadable("it could not be taken apart") from error
        if line is None:
            late = how in _TOO_LONG or perf_counter() - begun >= self._seconds
            raise InputUnreadable(self._why(path, late=late))
        return _text(line)

    def _why(self, path: Path, *, late: bool) -> str:
        if late:
            return f"taking it apart took over {self._seconds} seconds"
        return f"it is damaged, or not {DOCUMENTS[path.suffix.lower()]} as its name says"


def _raise_if_too_large(path: Path) -> None:
    try:
        size = path.stat().st_size
    except OSError as error:
        raise InputUnreadable(error.strerror or type(error).__name__) from error
    if size > MOST_BYTES:
        raise InputUnreadable(f"it is larger than {MOST_BYTES // 1_000_000} MB")


def _text(line: bytes) -> ReadText:
    try:
        reply = msgspec.json.decode(line, type=Reply)
    except msgspec.MsgspecError as error:
        raise InputUnreadable("it could not be taken apart") from error
    if reply.reason:
        raise InputUnreadable(reply.reason)
    return ReadText(text=reply.text, encoding="utf-8", note=reply.note)
