"""Labelled texts in files: which columns hold them, and what a cell of labels says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from onhand.domain.result_columns import BETWEEN
from onhand.domain.tasks import Classify

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onhand.domain.tasks import Example, Task

TEXTS = ("text", "message", "body", "content", "sentence", "question", "description")
LABELS = (
    "label",
    "labels",
    "tags",
    "category",
    "class",
    "target",
    "intent",
    "topic",
    "queue",
    "answer",
)
LABEL = LABELS[0]
"""The column of the label where none is named."""

WRITTEN = (
    "rewritten",
    "rewrite",
    "corrected",
    "summary",
    "text_2",  # what a batch calls it where the input has a column "text"
    *LABELS,
    "reference",
)
"""What a column is called that holds a text as it should be written."""


def written_column(names: Sequence[str]) -> str:
    """The column of what should be written; "" where none could be it."""
    return _first(names, WRITTEN)


def guessed_columns(names: Sequence[str]) -> tuple[str, str]:
    """The columns of text and label; "" where there is none that could be it."""
    label = _first(names, LABELS)
    text = _first(names, TEXTS)
    text = text or next((each for each in names if each != label), "")
    label = label or next((each for each in names if each != text), "")
    return text, label


def is_multiple(task: Task) -> bool:
    """Whether any number of labels may be right."""
    return isinstance(task, Classify) and task.multiple


def labels_in(task: Classify, cell: str) -> list[str]:
    """The labels that a cell names, each once, where any number may be right.

    It may name one, or several as the output of a batch does, or hold a list in JSON. What
    the task does not know is given as it stands. An empty cell names none.
    """
    cell = cell.strip()
    if cell in task.answers:
        return [cell]
    try:
        listed = msgspec.json.decode(cell, type=list[str])
    except (msgspec.MsgspecError, RecursionError):
        listed = cell.split(BETWEEN.strip())
    return [*dict.fromkeys(each.strip() for each in listed if each.strip())]


def labels_of(example: Example) -> frozenset[str]:
    """The labels that a text was given; one, or any number of them."""
    answer = example.answer
    return frozenset([answer] if isinstance(answer, str) else answer)


def _first(names: Sequence[str], wanted: Sequence[str]) -> str:
    plain = {each.strip().casefold(): each for each in reversed(names)}
    return next((plain[each] for each in wanted if each in plain), "")
