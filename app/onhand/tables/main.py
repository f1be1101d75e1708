"""The child that reads or makes a table as a command, within its limits."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NoReturn

import msgspec

from onhand.domain.errors import AppError
from onhand.sandbox import confine, end_with_parent, refuse_core_dumps
from onhand.tables.protocol import MAKE, End, Piece

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from onhand.domain.confinement import Confinement
    from onhand.tables.protocol import Made, Message

    Send = Callable[[Message | Made], None]

MEMORY_BYTES = 1 << 30
"""The whole address space of the process, libraries included."""

MORE_MEMORY_BYTES = 3 << 30
"""The same for a Parquet table, which is read and made group by group."""

NICENESS = 5


def main(path: str, parent: str, word: str) -> NoReturn:
    """Write the rows of a table; `word` is "confined" where nothing else will do.

    Rows go out as fast as they are taken. Whatever a table does to its parser ends with
    this process, without `End` then. For the path `MAKE` a table is made, of what comes in.
    """
    sink = _claim_output()
    large = path == MAKE or path.endswith(".parquet")
    confinement = _limit(int(parent), MORE_MEMORY_BYTES if large else MEMORY_BYTES)
    if word == "confined" and not confinement.enforced:
        end = End(reason=confinement.reason, unconfined=True)
        sink.write(msgspec.json.encode(end) + b"\n")
        sink.flush()
        os._exit(0)
    # Nothing of the file is read before, and no parser is loaded.
    from onhand.tables.formats import make_table, messages_of  # noqa: PLC0415 - limits first

    # Who reads may have had enough.
    with suppress(BrokenPipeError):
        if path == MAKE:
            _write(sink, partial(make_table, sys.stdin.buffer))
        else:
            _write(sink, partial(_send_all, messages_of(Path(path))))
    os._exit(0)  # a parser's threads and a closed pipe have nothing more to say


def _write(sink: BinaryIO, work: Callable[[Send], None]) -> None:
    encoder = msgspec.json.Encoder()

    def send(message: Message | Made) -> None:
        sink.write(encoder.encode(message) + b"\n")
        if isinstance(message, Piece):
            sink.flush()  # it is waited for

    try:
        work(send)
        end = End()
    except AppError as error:
        end = End(reason=error.detail)
    except MemoryError:
        end = End(reason="it takes too much memory")
    send(end)
    sink.flush()


def _send_all(messages: Iterable[Message], send: Send) -> None:
    for message in messages:
        send(message)


def _limit(parent: int, memory: int) -> Confinement:
    """Give up the network, programs, memory beyond a limit, files, and core dumps."""
    refuse_core_dumps()
    end_with_parent(parent)
    confinement = confine(programs=False)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "win32":
        return confinement
    import resource  # noqa: PLC0415 - not on Windows

    os.nice(NICENESS)
    for kind, value in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, 0),
    ):
        most = resource.getrlimit(kind)[1]
        wanted = value if most == resource.RLIM_INFINITY else min(value, most)
        resource.setrlimit(kind, (wanted, most))
    return confinement


def _claim_output() -> BinaryIO:
    """Standard output for the rows alone; what parsers print goes elsewhere."""
    private = os.dup(1)
    os.dup2(2, 1)
    return os.fdopen(private, "wb")
