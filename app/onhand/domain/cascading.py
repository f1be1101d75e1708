"""What it would bring to let a smaller model answer where it is sure enough.

The threshold follows from how often both models give the same answer, by the rule of
`domain/guarantee.py`: of what the smaller one answers at most so many answers may differ
from those of the larger one. For each half of the texts it is found on the other half, so
the figures hold for texts that chose nothing. No labels are needed for that; where there
are some, they tell whether the answers are as often right.
"""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from onhand.domain.calibration import ENOUGH
from onhand.domain.comparing import CHANCE, mcnemar
from onhand.domain.guarantee import NOTHING, limit, risk
from onhand.domain.logistic_curve import Sighting, fitted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onhand.domain.evaluating import Answered, Evaluation

LEAST_GAIN = 0.1
"""Share of the time that must be saved, or it is not worth a second model in memory."""


class Worth(StrEnum):
    """Whether a cascade pays, and why not."""

    PAYS = "pays"
    TOO_FEW = "too_few"  # texts
    NEVER_SURE = "never_sure"  # the smaller model, enough
    WORSE = "worse"  # beyond chance
    NO_TIME = "no_time"  # saved


@dataclass(frozen=True, kw_only=True)
class Cascade:
    """Two models, the smaller one first.

    Attributes:
        worth: whether it pays.
        share: of the texts that the smaller one answers.
        agreement: share of those on which both say the same; 0 where there are none.
        right: share of all texts that is answered rightly.
        seconds: that a text takes on average.
        alone: the same with the larger model alone: rightly, seconds.
    """

    worth: Worth
    share: float = 0.0
    agreement: float = 0.0
    right: float
    seconds: float
    alone: tuple[float, float]


def cascade(small: Evaluation, large: Evaluation, promised: float) -> Cascade:
    """What two models come to that answered the same texts.

    Args:
        small: the one that is asked first.
        large: the one that answers the rest.
        promised: share of the smaller one's answers that may differ.
    """
    pairs = list(zip(small.answers, large.answers, strict=True))
    halves = pairs[::2], pairs[1::2]
    thresholds = _threshold(halves[1], promised), _threshold(halves[0], promised)
    first = [_answers(each, thresholds[at % 2]) for at, (each, _) in enumerate(pairs)]
    given = [one if by else other for by, (one, other) in zip(first, pairs, strict=True)]
    by_small = [pair for by, pair in zip(first, pairs, strict=True) if by]
    same = sum(one.given == other.given for one, other in by_small)
    time = statistics.fmean(
        one.seconds + (0.0 if by else other.seconds)
        for by, (one, other) in zip(first, pairs, strict=True)
    )
    alone = large.accuracy, statistics.fmean(each.seconds for _, each in pairs)
    return Cascade(
        worth=_worth(given, [other for _, other in pairs], first, (time, alone[1])),
        share=len(by_small) / len(pairs),
        agreement=same / len(by_small) if by_small else 0.0,
        right=sum(each.is_right for each in given) / len(pairs),
        seconds=time,
        alone=alone,
    )


def _worth(
    given: Sequence[Answered],
    alone: Sequence[Answered],
    first: Sequence[bool],
    seconds: tuple[float, float],
) -> Worth:
    if len(given) < 2 * ENOUGH:
        return Worth.TOO_FEW
    if not any(first):
        return Worth.NEVER_SURE
    pairs = [(one.is_right, two.is_right) for one, two in zip(given, alone, strict=True)]
    lost, won = pairs.count((False, True)), pairs.count((True, False))
    if lost > won and mcnemar(lost, won) < CHANCE:
        return Worth.WORSE
    return Worth.PAYS if seconds[0] <= (1 - LEAST_GAIN) * seconds[1] else Worth.NO_TIME


def _threshold(pairs: Sequence[tuple[Answered, Answered]], promised: float) -> float:
    """The least confidence with which the smaller model answers; above 1: it never does."""
    seen = [
        Sighting(one.confidence, one.given == other.given)
        for one, other in pairs
        if one.confidence is not None and one.given is not None
    ]
    if len(seen) < ENOUGH:
        return 2.0
    curve = fitted(seen)
    most = limit(seen, curve, promised)
    sure = [each.raw for each in seen if risk(curve, each.raw, 1.0) <= most]
    return min(sure) if most > NOTHING else 2.0


def _answers(each: Answered, threshold: float) -> bool:
    sure = each.confidence is not None and each.confidence >= threshold
    return sure and each.given is not None
