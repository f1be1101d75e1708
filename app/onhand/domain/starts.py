"""What a start of the program with a window asks for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

TASKS = frozenset({".toml", ".onhandtask"})
"""Endings of task files; file managers know the second as ours."""

PACK = ".onhandpack"


class Entrance(StrEnum):
    """What shall be shown."""

    WINDOW = "window"
    QUICK = "quick"


@dataclass(frozen=True, kw_only=True)
class Start:
    """What a start asks for, whether it opens the window or hands this to a running one.

    Attributes:
        file: the absolute path of a file to open; "" for none.
        private: keep nothing of what is done next.
        token: what the desktop gave the start so that its window may come to the front.
    """

    entrance: Entrance = Entrance.WINDOW
    file: str = ""
    private: bool = False
    token: str = ""
