"""The net helper as a command: fetches one file for whoever started it, and ends."""

from __future__ import annotations

import os
import signal
import sys
from types import MappingProxyType
from typing import TYPE_CHECKING, BinaryIO

from onhand.net.server import Server
from onhand.sandbox import refuse_core_dumps

if TYPE_CHECKING:
    from collections.abc import Mapping

LIBRARY_SETTINGS: Mapping[str, str] = MappingProxyType(
    {
        "HF_HUB_DISABLE_IMPLICIT_TOKEN": "1",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HUB_DISABLE_UPDATE_CHECK": "1",
        "HF_HUB_DISABLE_XET": "1",
    }
)
"""What the Hub's library must not do by itself: it reads this when it is loaded."""

TOKENS = ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN")
"""Models are fetched without a name; nobody needs to know whose machine this is."""


def main() -> None:
    """Serve until the file is here or standard input closes."""
    refuse_core_dumps()
    sink = _claim_output()
    # Ctrl+C is for the parent, which stops this process in order.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ.update(LIBRARY_SETTINGS)
    for name in TOKENS:
        os.environ.pop(name, None)
    Server(sys.stdin.buffer, sink).run()


def _claim_output() -> BinaryIO:
    """Standard output for the protocol alone; what libraries print goes elsewhere."""
    private = os.dup(1)
    os.dup2(2, 1)
    return os.fdopen(private, "wb")
