"""What a text offers for each field, and the values that win.

What a small model would write next is one value, the first or the weightiest. So where a
field may have several, it is asked about a sentence or two at a time (decision 070).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from onhand.domain.answers import Extraction, Value
from onhand.domain.assigning import (
    DOUBT,
    FORMED,
    SEVERAL,
    Candidate,
    Contest,
    Won,
    assign,
    confidence_absent,
)
from onhand.domain.candidates import normal_value
from onhand.domain.tasks import Field, FieldType

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from onhand.domain.primitives import Span
    from onhand.domain.tasks import Extract

MOST_VALUES = 20
"""Values at most that a field with `many` gets from a piece of the text."""

NEVER = -1e9
"""Log-probability of what cannot be."""

_BY_FORM = (FieldType.EMAIL, FieldType.PHONE, FieldType.URL)
"""What is recognised by its form, and rarely taken for what it is not."""


@dataclass(frozen=True)
class Look:
    """What a part of a text offers for a field.

    Attributes:
        body: the part.
        start: where it begins in the text, in code points.
        contest: with places in the part.
    """

    field: Field
    body: str
    start: int
    contest: Contest


@dataclass(frozen=True)
class Extracted:
    """The fields, and how sure the least sure of them is, 0 to 1; notes as in `Outcome`."""

    answer: Extraction
    confidence: float
    notes: tuple[str, ...] = ()


def is_apart(field: Field) -> bool:
    """Whether a field is asked about short pieces; a value over lines would be cut."""
    return field.many and not field.multiline


def extracted(task: Extract, text: str, looks: Iterable[Look]) -> Extracted:
    """The values that won, of all looks together."""
    read: dict[Field, list[Contest]] = {field: [] for field in task.fields}
    for look in looks:
        read[look.field].append(_moved(look.contest, look.start))
    contests = {
        field: _apart(field, each) if is_apart(field) else [_merged(field, text, each)]
        for field, each in read.items()
    }
    held = [(field, each) for field, group in contests.items() for each in group]
    found: dict[str, list[Value]] = {field.name: [] for field in contests}
    notes: list[str] = []
    for (field, _), won in zip(held, assign([each for _, each in held]), strict=True):
        found[field.name] += (_value(field, text, each) for each in won)
        if field.many and len(won) >= MOST_VALUES:
            notes.append(f"{field.name}: there may be more values than are told.")
    fields = {name: _together(values) for name, values in found.items()}
    sure = {
        field.name: max(
            (each.confidence for each in fields[field.name]),
            default=min(map(confidence_absent, group)),
        )
        for field, group in contests.items()
    }
    answer = Extraction(fields=fields, sure=sure)
    return Extracted(answer, min(sure.values()), tuple(dict.fromkeys(notes)))


def _together(values: Iterable[Value]) -> tuple[Value, ...]:
    """Each value once, as sure as where it is surest, in the order of the text."""
    best: dict[str, Value] = {}
    for each in values:
        words = " ".join(each.text.split())
        if words not in best or each.confidence > best[words].confidence:
            best[words] = each
    return tuple(best.values())


def as_candidate(span: Span) -> Candidate:
    """A value that the engine found."""
    return Candidate(span.places, span.logprob)


def _moved(contest: Contest, offset: int) -> Contest:
    """The contest of a part as one of the whole text."""
    candidates = tuple(
        Candidate(
            tuple((start + offset, end + offset) for start, end in each.places),
            each.logprob,
        )
        for each in contest.candidates
    )
    return replace(contest, candidates=candidates)


def _merged(field: Field, text: str, contests: Sequence[Contest]) -> Contest:
    """The contests of all parts as one: a value stands against the absence in its own part.

    Several parts compare by how far a value is above absence there; the same value in
    several parts is one, as far above absence as where it is furthest.
    """
    if len(contests) == 1:
        absent, candidates = contests[0].absent, contests[0].candidates
    else:
        absent = 0.0
        candidates = _joined(
            text,
            [
                Candidate(each.places, each.logprob - contest.absent)
                for contest in contests
                for each in contest.candidates
            ],
        )
    return Contest(
        candidates=candidates,
        absent=NEVER if field.required else absent,
        most=MOST_VALUES if field.many else 1,
        required=field.required,
        hidden=any(each.hidden for each in contests),
        doubt=contests[0].doubt,
        further=contests[0].further,
    )


def _apart(field: Field, contests: Sequence[Contest]) -> list[Contest]:
    """The contests of short pieces, each by itself; one must have what is required."""
    several = [replace(each, most=MOST_VALUES) for each in contests]
    if field.required:
        best = max(range(len(several)), key=lambda number: _margin(several[number]))
        several[best] = replace(several[best], absent=NEVER, required=True)
    return several


def doubt_of(field: Field) -> float:
    """By how much (natural log) a value must be above absence before it is told."""
    if not is_apart(field):
        return DOUBT
    return FORMED if field.type in _BY_FORM else SEVERAL


def _margin(contest: Contest) -> float:
    """How far the best value of a piece is above absence there."""
    best = max((each.logprob for each in contest.candidates), default=NEVER)
    return best - contest.absent


def _joined(text: str, candidates: list[Candidate]) -> tuple[Candidate, ...]:
    """One candidate for each value, with all its places, those of the best first."""
    same: dict[str, list[Candidate]] = {}
    for each in sorted(candidates, key=lambda each: -each.logprob):
        words = " ".join(text[slice(*each.places[0])].split())
        same.setdefault(words, []).append(each)
    return tuple(
        Candidate(
            tuple(dict.fromkeys(place for one in each for place in one.places)),
            each[0].logprob,
        )
        for each in same.values()
    )


def _value(field: Field, text: str, won: Won) -> Value:
    start, end = won.place
    found = text[start:end]
    return Value(
        text=found,
        start=start,
        end=end,
        confidence=won.confidence,
        value=normal_value(field, found),
    )
