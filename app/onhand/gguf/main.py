"""The reader as a command: one path in, one line of JSON out, within limits."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from onhand.domain.errors import ModelUnusable
from onhand.domain.messages import encode
from onhand.gguf.protocol import Reply
from onhand.gguf.reader import read_header
from onhand.sandbox import confine, refuse_core_dumps

MEMORY_BYTES = 1 << 30
SECONDS = 10


def main(path: str) -> None:
    """Print what the header of a file says; what may die of it is this process alone."""
    limit()
    sys.stdout.buffer.write(encode(reply(Path(path))) + b"\n")
    sys.stdout.buffer.flush()


def reply(path: Path) -> Reply:
    """The header, or a sentence."""
    try:
        return Reply(header=read_header(path))
    except ModelUnusable as error:
        return Reply(reason=error.detail)
    except OSError as error:
        return Reply(reason=error.strerror or "it cannot be read")
    except MemoryError:
        return Reply(reason="its header takes too much memory")


def limit() -> None:
    """Give up the network, programs, core dumps, and memory and time beyond a limit."""
    refuse_core_dumps()
    confine(programs=False)
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - not on every system

    for kind, value in (
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_AS, MEMORY_BYTES),
    ):
        _, most = resource.getrlimit(kind)
        wanted = value if most == resource.RLIM_INFINITY else min(value, most)
        resource.setrlimit(kind, (wanted, most))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(5)
