"""The worker as a command: one document in, its text out, within limits."""

from __future__ import annotations

import faulthandler
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import msgspec

from onhand.domain.errors import InputUnreadable
from onhand.sandbox import confine, end_with_parent, refuse_core_dumps
from onhand.worker.protocol import Reply, decode_order, encode

if TYPE_CHECKING:
    from onhand.domain.confinement import Confinement

MEMORY_BYTES = 1 << 30
"""The whole address space of the process, libraries included."""

NICENESS = 5


def main(path: str, order: str) -> None:
    """Print what a document says, or only what this process has given up.

    Whatever a document does to its parser ends with this process, without a line then.
    """
    sink = _claim_output()
    told = decode_order(order.encode())
    confinement = limit(told.parent, told.seconds)
    reply = Reply()
    if path and (confinement.enforced or not told.confined):
        reply = read(Path(path), own_words=told.own_words)
    reply = msgspec.structs.replace(reply, confinement=confinement)
    sink.write(encode(reply) + b"\n")
    sink.flush()


def read(path: Path, *, own_words: bool) -> Reply:
    """The text of a document, or a sentence."""
    # Nothing of the file is read before the limits stand, and no parser is loaded.
    from onhand.worker.formats.any import read_document  # noqa: PLC0415 - limits come first

    try:
        text, note = read_document(path, own_words=own_words)
    except InputUnreadable as error:
        return Reply(reason=error.detail)
    except MemoryError:
        return Reply(reason="it takes too much memory")
    except OSError as error:
        return Reply(reason=error.strerror or "it cannot be read")
    return Reply(text=text, note=note)


def limit(parent: int, seconds: int) -> Confinement:
    """Give up the network and programs, memory and time beyond a limit, and core dumps.

    Tells whether the system enforces the first two.
    """
    refuse_core_dumps()
    end_with_parent(parent)
    confinement = confine(programs=False)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with Path(os.devnull).open("w") as nowhere:
        # By the clock, on all systems, even while native code does not return.
        faulthandler.dump_traceback_later(seconds, exit=True, file=os.dup(nowhere.fileno()))
    if sys.platform == "win32":
        return confinement
    import resource  # noqa: PLC0415 - not on Windows

    os.nice(NICENESS)
    for kind, value in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, 0),
    ):
        most = resource.getrlimit(kind)[1]
        wanted = value if most == resource.RLIM_INFINITY else min(value, most)
        resource.setrlimit(kind, (wanted, most))
    return confinement


def _claim_output() -> BinaryIO:
    """Standard output for the answer alone; what parsers print goes elsewhere."""
    private = os.dup(1)
    os.dup2(2, 1)
    return os.fdopen(private, "wb")
