"""The JSON object of an answer: the same from a single text and from a batch."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Protocol

from onhand.domain.answers import (
    Answer,
    Classification,
    Extraction,
    Rewriting,
    Summary,
    Tagging,
    Value,
)
from onhand.domain.errors import AppError
from onhand.domain.tasks import kind_of

if TYPE_CHECKING:
    from onhand.domain.answers import Check, Outcome
    from onhand.domain.tasks import Task

SCHEMA = 1
"""Raised when a key goes or changes its meaning; not when one is added."""


class Answered(Protocol):
    """What is told of an answer; a record of the history has it all."""

    @property
    def id(self) -> int:
        """Number in the history, 0 where it was not kept."""
        ...

    @property
    def name(self) -> str:
        """The row's own id in the input, or "" for a single text."""
        ...

    @property
    def task(self) -> Task:
        """What was asked."""
        ...

    @property
    def outcome(self) -> Outcome | None:
        """The answer, or None when it failed."""
        ...

    @property
    def error(self) -> str | None:
        """The code of the failure."""
        ...

    @property
    def error_detail(self) -> str:
        """What the failure's title leaves open."""
        ...


def output_object(answered: Answered) -> dict[str, Any]:
    """The object that `--json` and a batch write; only values that JSON knows.

    `id` is the row's own or, for a text that was kept, "r" and its number in the history;
    else None. Where there is no answer, all that describes one is None. `lanes` (of each
    field) and `notes` are there where there are any, `receipt` where a cloud model
    answered.
    """
    outcome = answered.outcome
    told: dict[str, Any] = {
        "schema": SCHEMA,
        "id": answered.name or (f"r{answered.id}" if answered.id else None),
        "kind": str(kind_of(answered.task)),
        "answer": _answer(outcome.answer) if outcome else None,
        "confidence": outcome.confidence if outcome else None,
        "lane": str(outcome.lane) if outcome else None,
        "route": outcome.route if outcome else None,
        "model": outcome.model if outcome else None,
        "device": outcome.device if outcome else None,
        "seconds": outcome.seconds if outcome else None,
        "read": outcome.read if outcome else None,
        "error": error_object(answered.error, answered.error_detail),
    }
    if outcome and outcome.lanes:
        told["lanes"] = {name: str(lane) for name, lane in outcome.lanes.items()}
    if outcome and outcome.notes:
        told["notes"] = list(outcome.notes)
    if outcome and outcome.receipt:
        told["receipt"] = asdict(outcome.receipt)
    return told


def error_object(code: str | None, detail: str) -> dict[str, str] | None:
    """A failure as it is told: the title holds the detail; None where nothing failed."""
    if code is None:
        return None
    error = AppError.from_code(code, detail)
    return {"code": code, "title": str(error), "hint": error.hint}


def _answer(answer: Answer) -> dict[str, Any]:
    match answer:
        case Classification(label=label, scores=scores):
            return {"label": label, "scores": dict(scores)}
        case Tagging(labels=labels, scores=scores):
            return {"labels": list(labels), "scores": dict(scores)}
        case Extraction(fields=fields):
            return {
                "fields": {name: [_value(each) for each in fields[name]] for name in fields}
            }
        case Rewriting(text=text, checks=checks, edits=edits):
            return {
                "text": text,
                "checks": _checks(checks),
                "edits": [
                    {"start": each.start, "end": each.end, "text": each.text}
                    for each in edits
                ],
            }
        case Summary(text=text, parts=parts, checks=checks):
            told: dict[str, Any] = {
                "text": text,
                "parts": [
                    {"sentence": each.sentence, "start": each.start, "end": each.end}
                    for each in parts
                ],
            }
            if checks:
                told["checks"] = _checks(checks)
            return told


def _checks(checks: tuple[Check, ...]) -> list[dict[str, Any]]:
    return [{"name": each.name, "ok": each.ok, "detail": each.detail} for each in checks]


def _value(value: Value) -> dict[str, Any]:
    told: dict[str, Any] = {
        "text": value.text,
        "start": value.start,
        "end": value.end,
        "confidence": value.confidence,
        "value": value.value,
    }
    if value.inferred:
        told["inferred"] = True
    return told
