"""Tasks, outcomes and answers as JSON that later versions can still read."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from onhand.domain.answers import (
    Answer,
    Classification,
    Extraction,
    Lane,
    Outcome,
    Receipt,
    Rewriting,
    Summary,
    Tagging,
)
from onhand.domain.errors import AppError, DataDamaged
from onhand.domain.tasks import Classify, Extract, Kind, Rewrite, Summarise, kind_of

if TYPE_CHECKING:
    from onhand.domain.tasks import AnswerData, Task

FORMAT = 1
"""The version of the JSON below. Keys may be added; none changes its meaning."""

_TASKS: dict[str, type[Task]] = {
    Kind.CLASSIFY: Classify,
    Kind.EXTRACT: Extract,
    Kind.REWRITE: Rewrite,
    Kind.SUMMARISE: Summarise,
}

_ANSWERS: dict[str, type[Answer]] = {
    "classification": Classification,
    "tagging": Tagging,
    "extraction": Extraction,
    "rewriting": Rewriting,
    "summary": Summary,
}
_ANSWER_KINDS = {shape: kind for kind, shape in _ANSWERS.items()}

_ANSWER_DATA = str | list[str] | dict[str, list[str]]

_HALF_CHARACTERS = re.compile("[\ud800-\udfff]")
Shape = TypeVar("Shape")


class _StoredTask(msgspec.Struct, kw_only=True):
    format: int
    kind: str
    task: msgspec.Raw


class _StoredOutcome(msgspec.Struct, kw_only=True):
    format: int
    kind: str
    answer: msgspec.Raw
    confidence: float | None
    lane: str
    model: str
    device: str
    seconds: float
    read: float
    route: str = "local"
    notes: tuple[str, ...] = ()
    raw: float | None = None
    judged: int = 0
    promised: float = 0.0
    lanes: dict[str, Lane] = {}
    taught: int = 0
    receipt: Receipt | None = None


def storable(text: str) -> str:
    """The text with halves of characters, which have no UTF-8, replaced one by one."""
    return _HALF_CHARACTERS.sub("\N{REPLACEMENT CHARACTER}", text)


def encode_time(at: datetime) -> str:
    """A moment as text that sorts by time."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def decode_time(text: str) -> datetime:
    """The moment that `encode_time` wrote, in UTC.

    Raises:
        DataDamaged: it is none.
    """
    try:
        return datetime.fromisoformat(text)
    except (TypeError, ValueError) as error:
        raise DataDamaged("a time in the history cannot be read") from error


def encode_task(task: Task) -> str:
    """A task as JSON."""
    return _json({"format": FORMAT, "kind": kind_of(task), "task": task})


@lru_cache(maxsize=64)
def decode_task(text: str) -> Task:
    """The task that `encode_task` wrote; keys of later versions are passed over.

    Raises:
        DataDamaged: it is none.
    """
    stored = _decode(text, _StoredTask)
    task: Task = _decode(stored.task, _of_kind(_TASKS, stored.kind))
    return task


def encode_outcome(outcome: Outcome) -> str:
    """An outcome as JSON."""
    kind = _ANSWER_KINDS[type(outcome.answer)]
    return _json({"format": FORMAT, "kind": kind, **msgspec.to_builtins(outcome)})


def decode_outcome(text: str) -> Outcome:
    """The outcome that `encode_outcome` wrote; keys of later versions are passed over.

    Raises:
        DataDamaged: it is none.
    """
    stored = _decode(text, _StoredOutcome)
    try:
        lane = Lane(stored.lane)
    except ValueError as error:
        raise DataDamaged(f"the history has an unknown lane, {stored.lane}") from error
    return Outcome(
        answer=_decode(stored.answer, _of_kind(_ANSWERS, stored.kind)),
        confidence=stored.confidence,
        lane=lane,
        model=stored.model,
        device=stored.device,
        seconds=stored.seconds,
        read=stored.read,
        route=stored.route,
        notes=stored.notes,
        raw=stored.raw,
        judged=stored.judged,
        promised=stored.promised,
        lanes=stored.lanes,
        taught=stored.taught,
        receipt=stored.receipt,
    )


def encode_answer(answer: AnswerData) -> str:
    """A right answer, as a user gives it, as JSON."""
    return _json(answer)


def decode_answer(text: str) -> AnswerData:
    """The answer that `encode_answer` wrote.

    Raises:
        DataDamaged: it is none.
    """
    answer: AnswerData = _decode(text, _ANSWER_DATA)
    return answer


def _json(value: object) -> str:
    try:
        return msgspec.json.encode(value).decode()
    except UnicodeEncodeError:
        return storable(json.dumps(msgspec.to_builtins(value), ensure_ascii=False))


def _decode(data: str | msgspec.Raw, shape: Any) -> Any:  # noqa: ANN401 - any JSON shape
    try:
        return msgspec.json.decode(data, type=shape)
    except (msgspec.MsgspecError, AppError, RecursionError) as error:
        raise DataDamaged("an entry of the history cannot be read") from error


def _of_kind(shapes: dict[str, type[Shape]], kind: str) -> type[Shape]:
    if kind not in shapes:
        raise DataDamaged(f"the history has an unknown kind of entry, {kind}")
    return shapes[kind]
