"""An answer as cells of a table, behind the columns of the input."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

import msgspec

from onhand.domain.answers import (
    Answer,
    Classification,
    Extraction,
    Rewriting,
    Summary,
    Tagging,
)
from onhand.domain.errors import AppError
from onhand.domain.tasks import Classify, Extract, Rewrite, Summarise, Task

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onhand.domain.output import Answered

ABOUT = ("confidence", "lane", "route", "model", "seconds", "error")
"""What is told of every answer, in this order."""

BETWEEN = "; "
"""What stands between several labels, or several values of a field."""


def result_columns(task: Task, columns: Sequence[str]) -> tuple[str, ...]:
    """What the columns of an answer are called, where the input has these columns.

    A name that is taken gets a number.
    """
    taken = {name.casefold() for name in columns}
    given: list[str] = []
    for wanted in (*_answer_columns(task), *ABOUT):
        name, number = wanted, 2
        while name.casefold() in taken:
            name, number = f"{wanted}_{number}", number + 1
        taken.add(name.casefold())
        given.append(name)
    return tuple(given)


def result_cells(answered: Answered) -> tuple[str | float | None, ...]:
    """The cells of an answer under `result_columns`."""
    outcome = answered.outcome
    if outcome is None:
        empty = len(_answer_columns(answered.task)) + len(ABOUT) - 1
        return (*[None] * empty, _error(answered.error, answered.error_detail))
    return (
        *_answer_cells(outcome.answer, answered.task),
        None if outcome.confidence is None else round(outcome.confidence, 6),
        str(outcome.lane),
        outcome.route,
        outcome.model,
        round(outcome.seconds, 6),
        None,
    )


def cell_of(labels: Sequence[str]) -> str:
    """A cell that names these labels, as `labels_in` reads it."""
    if any(BETWEEN.strip() in each for each in labels):
        return msgspec.json.encode(labels).decode()
    return BETWEEN.join(labels)


def _answer_columns(task: Task) -> tuple[str, ...]:
    match task:
        case Classify():
            return ("label",)
        case Extract(fields=fields):
            return tuple(field.name for field in fields)
        case Rewrite() | Summarise():
            return ("text",)
        case _:
            assert_never(task)


def _answer_cells(answer: Answer, task: Task) -> tuple[str, ...]:
    match answer:
        case Classification(label=label):
            return (label,)
        case Tagging(labels=labels):
            return (cell_of(labels),)
        case Extraction(fields=fields):
            return tuple(
                BETWEEN.join(value.text for value in fields.get(name, ()))
                for name in _answer_columns(task)
            )
        case Rewriting(text=text) | Summary(text=text):
            return (text,)
        case _:
            assert_never(answer)


def _error(code: str | None, detail: str) -> str | None:
    return None if code is None else f"{code}: {AppError.from_code(code, detail)}"
