"""How often what looks so sure is right, and what becomes of it behind a threshold."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

from onhand.domain.answers import Lane

if TYPE_CHECKING:
    from collections.abc import Sequence

BINS = 10
"""Equal parts of the range of confidence, for the calibration error."""


@dataclass(frozen=True, kw_only=True)
class Judged:
    """Something that is accepted or looked at by itself: an answer, or a field of one.

    Attributes:
        is_right: whether it is as it should be; what has no answer is not.
        confidence: 0 to 1; None where nobody can say.
        lane: what would be done with it.
        answered: whether there is an answer.
        cost: what it costs to take it.
    """

    is_right: bool
    confidence: float | None = None
    lane: Lane = Lane.CHECK
    answered: bool = True
    cost: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Bin:
    """Answers that looked about equally sure.

    Attributes:
        confidence: their mean.
        right: share of them that is right.
        answers: how many there are.
    """

    confidence: float
    right: float
    answers: int


@dataclass(frozen=True, kw_only=True)
class Kept:
    """Answers that are accepted unseen.

    Attributes:
        share: of all.
        wrong: share of them that is.
        cost: what one of them costs on average.
    """

    share: float
    wrong: float
    cost: float


def reliability(judged: Sequence[Judged]) -> tuple[Bin, ...]:
    """Answers by how sure they looked; parts without any are left out."""
    parts: dict[int, list[tuple[float, bool]]] = {}
    for each in judged:
        if each.confidence is not None and each.answered:
            part = min(int(each.confidence * BINS), BINS - 1)
            parts.setdefault(part, []).append((each.confidence, each.is_right))
    return tuple(
        Bin(
            confidence=statistics.fmean(sure for sure, _ in parts[part]),
            right=statistics.fmean(right for _, right in parts[part]),
            answers=len(parts[part]),
        )
        for part in sorted(parts)
    )


def calibration_error(bins: Sequence[Bin]) -> float | None:
    """Expected calibration error (Naeini et al. 2015); None where nothing was rated."""
    rated = sum(each.answers for each in bins)
    if not rated:
        return None
    return sum(abs(each.right - each.confidence) * each.answers / rated for each in bins)


def kept_from(judged: Sequence[Judged], threshold: float) -> Kept:
    """What becomes of those that are at least so sure."""
    return _kept(judged, [each for each in judged if (each.confidence or 0.0) >= threshold])


def kept_as_sure(judged: Sequence[Judged]) -> Kept:
    """What becomes of those that would be accepted unseen."""
    return _kept(judged, [each for each in judged if each.lane is Lane.SURE])


def _kept(judged: Sequence[Judged], some: Sequence[Judged]) -> Kept:
    taken = max(1, len(some))
    return Kept(
        share=len(some) / len(judged),
        wrong=sum(not each.is_right for each in some) / taken,
        cost=sum(each.cost for each in some) / taken,
    )
