"""What is kept of an answer where no text may be: when, what, by which model, how long."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from onhand.domain.answers import (
    Answer,
    Classification,
    Extraction,
    Rewriting,
    Summary,
    Tagging,
)

if TYPE_CHECKING:
    from onhand.services.history_ports import Record


def bare(record: Record) -> Record:
    """The entry without text, answer, examples and the row's own name."""
    outcome = record.outcome
    return replace(
        record,
        task=replace(record.task, examples=()),
        text="",
        name="",
        error_detail="",
        correction=None,
        outcome=outcome and replace(outcome, answer=_emptied(outcome.answer), notes=()),
    )


def _emptied(answer: Answer) -> Answer:
    """An answer of the same form that says nothing."""
    match answer:
        case Classification():
            return Classification(label="", scores={})
        case Tagging():
            return Tagging(labels=(), scores={})
        case Extraction():
            return Extraction(fields={})
        case Rewriting():
            return Rewriting(text="", checks=(), edits=())
        case Summary():
            return Summary(text="", parts=())
        case _:
            assert_never(answer)
