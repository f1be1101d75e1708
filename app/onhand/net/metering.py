"""Whether the connection is metered, as the system's network service knows it."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from onhand.child_process import ChildGone, ChildProcess

if TYPE_CHECKING:
    from collections.abc import Sequence

NETWORK_MANAGER = (
    *("busctl", "--system", "--timeout=2", "get-property"),
    "org.freedesktop.NetworkManager",
    "/org/freedesktop/NetworkManager",
    "org.freedesktop.NetworkManager",
    "Metered",
)
"""Asks NetworkManager on Linux; other systems do not tell programs without a helper."""

ANSWERS = {"u 1": True, "u 2": False, "u 3": True, "u 4": False}
"""NMMetered: yes, no, and the service's guesses at both; 0 is that it does not know."""


class SystemMetering:
    """The metering port over a command that prints what the system knows."""

    def __init__(self, argv: Sequence[str] = NETWORK_MANAGER) -> None:
        self._argv = argv

    def is_metered(self) -> bool | None:
        """Whether bytes are counted; None where the system does not say."""
        program = shutil.which(self._argv[0])
        if program is None:
            return None
        try:
            child = ChildProcess.start([program, *self._argv[1:]])
        except ChildGone:
            return None
        try:
            line = child.read_line() or b""
        finally:
            child.close()
        return ANSWERS.get(line.decode(errors="replace").strip())
