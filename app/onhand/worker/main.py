"""The worker as a command: one document in, its text out, within limits."""

from __future__ import annotations

import faulthandler
import os
import signal
import sys
from pathlib import Path
from typing import BinaryIO

import msgspec

from onhand.domain.errors import InputUnreadable
from onhand.sandbox import confine, end_with_parent, refuse_core_dumps
from onhand.worker.protocol import Reply

MEMORY_BYTES = 1 << 30
"""The whole address space of the process, libraries included."""

NICENESS = 5


def main(path: str, parent: str, seconds: str) -> None:
    """Print what a document says.

    Whatever a document does to its parser ends with this process, without a line then.
    """
    sink = _claim_output()
    limit(int(parent), int(seconds))
    # Nothing of the file is read before, and no parser is loaded.
    from onhand.worker.formats.any import read_document  # noqa: PLC0415 - limits come first

    try:
        text, note = read_document(Path(path))
        reply = Reply(text=text, note=note)
    except InputUnreadable as error:
        reply = Reply(reason=error.detail)
    except MemoryError:
        reply = Reply(reason="it takes too much memory")
    except OSError as error:
        reply = Reply(reason=error.strerror or "it cannot be read")
    sink.write(msgspec.json.encode(reply) + b"\n")
    sink.flush()


def limit(parent: int, seconds: int) -> None:
    """Give up the network, memory beyond a limit, time beyond a limit, and core dumps."""
    refuse_core_dumps()
    end_with_parent(parent)
    confine()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with Path(os.devnull).open("w") as nowhere:
        # By the clock, on all systems, even while native code does not return.
        faulthandler.dump_traceback_later(seconds, exit=True, file=os.dup(nowhere.fileno()))
    if sys.platform == "win32":
        return
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


def _claim_output() -> BinaryIO:
    """Standard output for the answer alone; what parsers print goes elsewhere."""
    private = os.dup(1)
    os.dup2(2, 1)
    return os.fdopen(private, "wb")
