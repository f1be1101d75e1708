"""Which field gets which value: every place in a text serves one field at most.

Fields compete. The value that is most clearly better than leaving its field empty goes
first; a field whose place was taken gets its next best value.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

Place = tuple[int, int]

DOUBT = 1.5
"""By how much (natural log) a value must be more probable than that there is none."""

SEVERAL = 1.0
"""The same for one of several values, which share the probability of being said next."""

FORMED = -2.5
"""The same for one of several that can hardly be anything else, such as a mail address.

What is wanted of these is rarely left out, and small models say "none" too readily: with
the 0.5B model 8 of 19 phone numbers and 3 of 5 mail addresses of public rows lay below
`DOUBT` and none below this; of what looked like one and was none 1 of 2 lay below `DOUBT`.
"""

FURTHER = 2.0
"""So much less probable than a field's best value may its further values be."""

EVEN = 0.5
"""How sure it is at most that there is no value, where it may be one that nobody saw."""


@dataclass(frozen=True)
class Candidate:
    """A value of a field and every place where it stands; `logprob` of writing just it."""

    places: tuple[Place, ...]
    logprob: float


@dataclass(frozen=True, kw_only=True)
class Contest:
    """The candidates of one field.

    Attributes:
        absent: log-probability that there is none.
        most: how many values the field may get.
        required: whether its best value is taken even if absence is more probable.
        hidden: whether the text may have a value that is no candidate.
        doubt: by how much (natural log) a value must be more probable than absence.
        further: so much less probable than the best value may further values be.
    """

    candidates: tuple[Candidate, ...]
    absent: float
    most: int = 1
    required: bool = False
    hidden: bool = False
    doubt: float = DOUBT
    further: float = FURTHER


@dataclass(frozen=True)
class Won:
    """A place that a field got, and its probability among all that the field could be."""

    place: Place
    confidence: float


def assign(contests: Sequence[Contest]) -> list[list[Won]]:
    """The values of every field, in the order of the text."""
    bids = sorted(
        (
            (candidate.logprob - contest.absent, -index, candidate)
            for index, contest in enumerate(contests)
            for candidate in contest.candidates
            if contest.required or candidate.logprob > contest.absent + contest.doubt
        ),
        key=lambda bid: bid[:2],
        reverse=True,
    )
    taken: list[Place] = []
    won: list[list[Won]] = [[] for _ in contests]
    best: dict[int, float] = {}
    for margin, negative, candidate in bids:
        index = -negative
        place = _free_place(candidate, taken)
        if place is None or len(won[index]) >= contests[index].most:
            continue
        if margin < best.setdefault(index, margin) - contests[index].further:
            continue
        taken.append(place)
        won[index].append(Won(place, _share(candidate.logprob, contests[index])))
    return [sorted(each, key=lambda each: each.place) for each in won]


def confidence_absent(contest: Contest) -> float:
    """How probable it is that a field has no value, among all that it could be."""
    if not contest.candidates:
        return EVEN if contest.required or contest.hidden else 1.0
    return _share(contest.absent, contest)


def _share(logprob: float, contest: Contest) -> float:
    every = [each.logprob for each in contest.candidates]
    if not contest.required:
        every.append(contest.absent)
    top = max(every)
    return math.exp(logprob - top) / sum(math.exp(each - top) for each in every)


def _free_place(candidate: Candidate, taken: Sequence[Place]) -> Place | None:
    for start, end in candidate.places:
        if not any(
            start < other_end and other_start < end for other_start, other_end in taken
        ):
            return start, end
    return None
