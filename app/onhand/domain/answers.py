"""Answers: what a task returns for one text.

Offsets count Unicode code points of the given text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias


class Lane(StrEnum):
    """What to do with an answer: accept it, look at it, or take it for too hard."""

    SURE = "sure"
    CHECK = "check"
    HARD = "hard"


@dataclass(frozen=True, kw_only=True)
class Classification:
    """One label; `scores` are probabilities over all answers and sum to 1."""

    label: str
    scores: Mapping[str, float]


@dataclass(frozen=True, kw_only=True)
class Tagging:
    """Any number of labels; `scores` are the probabilities of each label by itself."""

    labels: tuple[str, ...]
    scores: Mapping[str, float]


@dataclass(frozen=True, kw_only=True)
class Value:
    """One value of a field.

    Attributes:
        text: what stands at `start:end`; where it was inferred, both are None.
        confidence: 0 to 1.
        value: the text in a normal form, a date as YYYY-MM-DD, say; or just the text.
    """

    text: str
    start: int | None
    end: int | None
    confidence: float
    value: str
    inferred: bool = False


@dataclass(frozen=True, kw_only=True)
class Extraction:
    """The values found for every field of the task; none is an empty tuple.

    Attributes:
        fields: the values, by field.
        sure: how sure the model was of a field, be it of the best value or that there is
            none, 0 to 1; nothing in answers from before that was kept.
    """

    fields: Mapping[str, tuple[Value, ...]]
    sure: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Check:
    """Whether a written text is as it should be; `detail` says what is not, or was lost."""

    name: str
    ok: bool
    detail: str = ""


@dataclass(frozen=True, kw_only=True)
class Edit:
    """Replace `start:end` of the given text by `text`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, kw_only=True)
class Rewriting:
    """A text written anew; applying all `edits` to the given text yields `text`.

    Attributes:
        language: the one in which the checks read the given text; "" where it is unknown.
    """

    text: str
    checks: tuple[Check, ...]
    edits: tuple[Edit, ...]
    language: str = ""


@dataclass(frozen=True, kw_only=True)
class SummaryPart:
    """Which part of the given text (`start:end`) a sentence of the summary comes from."""

    sentence: int
    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Summary:
    """A shorter text and where its sentences come from."""

    text: str
    parts: tuple[SummaryPart, ...]
    checks: tuple[Check, ...] = ()


Answer: TypeAlias = Classification | Tagging | Extraction | Rewriting | Summary


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What was sent to a cloud model for an answer.

    Attributes:
        provider: what the user calls it.
        host: where it went.
        digest: SHA-256 of the body that was shown and sent.
        sent, received: bytes.
        masks: so many placeholders stood in it.
        cost: in millionths of a US dollar; None where nobody can say.
        exact: whether the provider told the tokens; the cost is the most it can be else.
    """

    provider: str
    host: str
    digest: str
    sent: int
    received: int
    masks: int = 0
    cost: int | None = None
    exact: bool = False


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """An answer and how it came about.

    Attributes:
        confidence: probability that the answer is right; None where we cannot say.
        raw: what the model made of that, before answers that the user judged were taken
            into account; None where they never were.
        judged: how many such answers there were; see `domain/calibration.py`.
        promised: share of the answers called sure that may be wrong; 0 where the answer
            is older than such promises.
        model: id of the model, or its file name.
        device: where it ran, for example "cpu".
        seconds: time spent on this text; in a batch its share of the decoding.
        read: share of the text that the model saw, 0 to 1.
        notes: sentences that a reader of the answer should see.
        lanes: of an extraction, what to do with each field; empty where nobody can say.
        taught: how many labelled texts the answer comes from, beside the model.
        route: "local", or "cloud".
        receipt: what was sent, where it comes from a cloud model.
    """

    answer: Answer
    confidence: float | None
    lane: Lane
    model: str
    device: str
    seconds: float
    read: float
    route: str = "local"
    notes: tuple[str, ...] = ()
    raw: float | None = None
    judged: int = 0
    promised: float = 0.0
    lanes: Mapping[str, Lane] = field(default_factory=dict)
    taught: int = 0
    receipt: Receipt | None = None


def plain(answer: Answer) -> str:
    """An answer as one line or text that a person reads in a list."""
    match answer:
        case Classification(label=label):
            return label
        case Tagging(labels=labels):
            return ", ".join(labels)
        case Extraction(fields=fields):
            found = [
                f"{name}: {' | '.join(value.text for value in values)}"
                for name, values in fields.items()
                if values
            ]
            return "; ".join(found)
        case Rewriting(text=text) | Summary(text=text):
            return text
