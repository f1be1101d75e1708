"""The engine as a command: serves on standard input and output with llama.cpp."""

from __future__ import annotations

import os
import signal
import sys
import threading
from typing import BinaryIO

from onhand.domain.faults import quiet_faults
from onhand.engine.server import Server
from onhand.sandbox import confine, refuse_core_dumps

NICENESS = 5
"""How far below other programs the engine runs (POSIX)."""

SPINS = 1000
"""So often does a thread look for the others before it sleeps (GCC's OpenMP).

Its own default looks for milliseconds: on two cores, one of them busy with another program,
the starter model then reads at 0.7 of the speed. To sleep at once costs two thirds of the
writing on a quiet machine. `tests/benchmarks/waiting.py` prints both.
"""


def main() -> None:
    """Serve until standard input closes; does not return, the process ends."""
    # Before anything is read: neither a model nor a text can undo it any more.
    refuse_core_dumps()
    confinement = confine()
    sink = claim_output()
    behave()
    from onhand.engine.llama.runtime import LlamaRuntime  # noqa: PLC0415 - output must be ours first

    Server(LlamaRuntime(), sys.stdin.buffer, sink, confinement).run()


def claim_output() -> BinaryIO:
    """Standard output for the protocol alone; what native code prints goes elsewhere."""
    private = os.dup(1)
    os.dup2(2, 1)
    return os.fdopen(private, "wb")


def behave() -> None:
    """Run below other programs, and leave Ctrl+C to the parent, which cancels in order.

    What goes wrong is told to standard error without what it was about.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    tell = quiet_faults()
    threading.excepthook = lambda found: tell(
        found.exc_type, found.exc_value, found.exc_traceback
    )
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    # OpenMP reads this when it is loaded.
    os.environ.setdefault("GOMP_SPINCOUNT", str(SPINS))
    # So does the linear algebra that heads are fitted with. Its threads wait by spinning,
    # which made a fit of four seconds one of a minute beside other work.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
