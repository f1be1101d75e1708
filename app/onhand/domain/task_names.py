"""What labels and fields may be called, so that each can be told from the others.

Output names them a line each, in cells of a table with blanks as a person types them, and
several labels in one cell. Tasks in the history may have other names: they are read as
they are, and only new ones are held to this.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from onhand.domain.errors import TaskInvalid
from onhand.domain.result_columns import BETWEEN
from onhand.domain.task_lines import shown
from onhand.domain.tasks import Classify, Extract

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onhand.domain.task_lines import Path
    from onhand.domain.tasks import Task

_BREAKING = frozenset({"Cc", "Zl", "Zp"})
"""Categories of characters that end a line or command a terminal."""


def wrong_name(task: Task) -> tuple[Path, str] | None:
    """Where in a task file a name stands that cannot be told, and what is wrong with it."""
    match task:
        case Classify(none=none, multiple=multiple):
            if wrong := _wrong(task.answers, "label") or (
                _several(task.answers) if multiple else None
            ):
                name, what = wrong
                return ("none",) if name == none else ("labels", name), what
        case Extract(fields=fields):
            if wrong := _wrong([each.name for each in fields], "field"):
                return ("fields", wrong[0]), wrong[1]
        case _:
            pass
    return None


def raise_if_misnamed(task: Task) -> None:
    """Hold a task that no file describes to the same.

    Raises:
        TaskInvalid: it has a name that cannot be told.
    """
    if wrong := wrong_name(task):
        raise TaskInvalid(wrong[1])


def _wrong(names: Sequence[str], what: str) -> tuple[str, str] | None:
    """The first name that is wrong by itself or beside another one, and why."""
    seen: dict[str, str] = {}
    for name in names:
        if any(unicodedata.category(letter) in _BREAKING for letter in name):
            return name, f"the {what} '{shown(name)}' holds a line end or control character"
        if name != name.strip():
            return name, f"the {what} '{shown(name)}' begins or ends with a blank"
        other = seen.setdefault(" ".join(name.split()), name)
        if other != name:
            plain, same = shown(name), shown(other)
            return name, f"the {what} '{plain}' is '{same}' but for its blanks"
    return None


def _several(names: Sequence[str]) -> tuple[str, str] | None:
    """The first label that reads like several others in one cell, and that it does."""
    for name in names:
        parts = [part.strip() for part in name.split(BETWEEN.strip())]
        if len(parts) > 1 and {*parts} <= {*names}:
            return name, f"the label '{shown(name)}' reads like several labels of this task"
    return None
