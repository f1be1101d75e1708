"""Documents as text, taken apart by a child process for each."""

from __future__ import annotations

import os
from contextlib import closing
from time import perf_counter
from typing import TYPE_CHECKING

from onhand.child_process import ChildGone, ChildProcess
from onhand.domain.confinement import Confinement
from onhand.domain.documents import DOCUMENTS
from onhand.domain.errors import InputUnreadable
from onhand.domain.policy_errors import DocumentSandboxMissing
from onhand.services.reading import ReadText
from onhand.worker.protocol import Garbled, Order, Reply, decode_reply, encode

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

SECONDS = 20
"""So long may a document take, in processor time and by the clock."""

MOST_BYTES = 100_000_000
_TOO_LONG = ("SIGXCPU", "SIGKILL")


class DocumentReader:
    """Reads documents. Each call starts a process and waits for it; from any thread."""

    def __init__(
        self,
        argv: Sequence[str],
        *,
        seconds: int = SECONDS,
        confined: Callable[[], bool] = lambda: False,
    ) -> None:
        """Wire it.

        Args:
            argv: starts a child; the file and an order are added to it.
            seconds: so long may a document take.
            confined: whether nothing may be read where the system does not keep the child
                off the network.
        """
        self._argv = tuple(argv)
        self._seconds = seconds
        self._confined = confined

    def __call__(self, path: Path, *, own_words: bool = False) -> ReadText:
        """The text of a document of one of the kinds in `DOCUMENTS`.

        Of a mail only what its writer wrote in it, if `own_words`.

        Raises:
            InputUnreadable: there is none, or it takes more than the limits allow.
            DocumentSandboxMissing: it may not be read here.
        """
        _raise_if_too_large(path)
        confined = self._confined()
        begun = perf_counter()
        reply, how = self._asked(
            str(path.absolute()),
            Order(
                parent=os.getpid(),
                seconds=self._seconds,
                confined=confined,
                own_words=own_words,
            ),
        )
        if reply is None:
            late = how in _TOO_LONG or perf_counter() - begun >= self._seconds
            raise InputUnreadable(self._why(path, late=late))
        if confined and not reply.confinement.enforced:
            raise DocumentSandboxMissing(reply.confinement.reason)
        if reply.reason:
            raise InputUnreadable(reply.reason)
        return ReadText(text=reply.text, encoding="utf-8", note=reply.note)

    def confinement(self) -> Confinement:
        """What a child gives up here; starts one that reads nothing."""
        try:
            reply, how = self._asked("", Order(parent=os.getpid(), seconds=self._seconds))
        except InputUnreadable as error:
            return Confinement(reason=error.detail)
        return reply.confinement if reply else Confinement(reason=f"it ended ({how})")

    def _asked(self, path: str, order: Order) -> tuple[Reply | None, str]:
        """What a child said, None where it ended without a word; and how it ended."""
        try:
            with closing(
                ChildProcess.start([*self._argv, path, encode(order).decode()])
            ) as child:
                line = child.read_line()
                child.wait(1.0)
                how = child.exit_status
            return None if line is None else decode_reply(line), how
        except (ChildGone, Garbled) as error:
            raise InputUnreadable("it could not be taken apart") from error

    def _why(self, path: Path, *, late: bool) -> str:
        if late:
            return f"taking it apart took over {self._seconds} seconds"
        return f"it is damaged, or not {DOCUMENTS[path.suffix.lower()]} as its name says"


def _raise_if_too_large(path: Path) -> None:
    try:
        size = path.stat().st_size
    except OSError as error:
        raise InputUnreadable(error.strerror or type(error).__name__) from error
    if path.is_dir():
        raise InputUnreadable("it is a folder, not a file")
    if size > MOST_BYTES:
        raise InputUnreadable(f"it is larger than {MOST_BYTES // 1_000_000} MB")
