"""The shortcuts of the window: every one once, with its keys, and what was changed."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Action(StrEnum):
    """What has keys; the value is its name in the settings."""

    RUN = "run"
    STOP = "stop"
    OPEN_FILE = "open-file"
    WORK = "work"
    BATCH = "batch"
    HISTORY = "history"
    MEASURE = "measure"
    PREFERENCES = "preferences"
    FIND = "find"
    QUICK = "quick-panel"
    KEYS = "keyboard-shortcuts"
    TO_WINDOW = "to-window"
    PUT_BACK = "put-back"
    QUIT = "quit"


DEFAULTS: Mapping[Action, str] = MappingProxyType(
    {
        Action.RUN: "Ctrl+Return",
        Action.STOP: "Esc",
        Action.OPEN_FILE: "Ctrl+O",
        Action.WORK: "Ctrl+1",
        Action.BATCH: "Ctrl+2",
        Action.HISTORY: "Ctrl+3",
        Action.MEASURE: "Ctrl+4",
        Action.PREFERENCES: "Ctrl+5",
        Action.FIND: "Ctrl+F",
        Action.QUICK: "Ctrl+Shift+V",
        Action.KEYS: "Ctrl+?",
        Action.TO_WINDOW: "Ctrl+E",
        Action.PUT_BACK: "Ctrl+Z",
        Action.QUIT: "Ctrl+Q",
    }
)
"""The keys of each, as Qt spells them on every system."""

IN_THE_PANEL = frozenset({Action.TO_WINDOW, Action.PUT_BACK})
"""What is for the quick panel alone."""

GUIDE = "F1"
"""Kept for the guide."""


def read_changes(text: str) -> dict[Action, str]:
    """The keys that differ from the defaults, out of a setting; "" takes them away.

    What names no action of this version is passed over.
    """
    found = {}
    for part in text.split():
        name, equals, keys = part.partition("=")
        if equals and name in set(Action):
            found[Action(name)] = keys
    return found


def written_changes(changes: Mapping[Action, str]) -> str:
    """The form in which changes are kept."""
    return " ".join(
        f"{each}={changes[each]}"
        for each in Action
        if each in changes and changes[each] != DEFAULTS[each]
    )


def in_force(changes: Mapping[Action, str]) -> dict[Action, str]:
    """The keys of every action."""
    return {**DEFAULTS, **changes}
