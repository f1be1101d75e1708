"""What it brings to let a smaller model answer where it is sure enough.

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

LEAST_TEXTS = 2 * ENOUGH
"""Texts with fewer of which nobody can say: each half has to do for a threshold."""

NEVER = 2.0
"""The threshold of a model that answers nothing."""


class Worth(StrEnum):
    """Whether a cascade pays, and why not."""

    PAYS = "pays"
    TOO_FEW = "too_few"  # texts
    NEVER_SURE = "never_sure"  # the smaller model, enough
    WORSE = "worse"  # beyond chance
    NO_TIME = "no_time"  # saved


def why_not(worth: Worth) -> str:
    """Why it does not pay, as the end of a sentence; "" where it does."""
    match worth:
        case Worth.PAYS:
            return ""
        case Worth.TOO_FEW:
            return "there are too few different rows to tell whether that pays"
        case Worth.NEVER_SURE:
            return "it is never sure enough to say the same as the larger model"
        case Worth.WORSE:
            return "fewer answers would be right"
        case Worth.NO_TIME:
            return "hardly any time would be saved"


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


@dataclass(frozen=True, kw_only=True)
class Foreseen:
    """What two models told by texts that both answered and nobody labelled.

    Attributes:
        worth: whether the smaller one should answer first; never `WORSE`.
        threshold: the least confidence with which it answers, by all of the texts.
        share: of the texts that it answers.
        agreement: share of those on which both say the same; 0 where there are none.
        seconds: that a text takes on average if it answers first.
        asked: that it takes itself.
        alone: that the larger model takes.
        texts: how many there were; 0 in a job that took all this over and read none.
    """

    worth: Worth
    threshold: float = NEVER
    share: float = 0.0
    agreement: float = 0.0
    seconds: float = 0.0
    asked: float = 0.0
    alone: float = 0.0
    texts: int = 0

    @property
    def pays(self) -> bool:
        """Whether the smaller model should answer first."""
        return self.worth is Worth.PAYS

    def saved(self, rows: int, answered: int) -> float:
        """Seconds that were saved, about; fewer than none where it cost some.

        Args:
            rows: how many were answered by either model, repeated ones left out.
            answered: how many of them by the smaller one.
        """
        # The larger one answered those of these texts too.
        spared = answered - self.share * self.texts
        return spared * self.alone - rows * self.asked


def foreseen(pairs: Sequence[tuple[Answered, Answered]], promised: float) -> Foreseen:
    """What it would bring, by the answers of the smaller and the larger model.

    Args:
        pairs: what either said of a text; there is one at least.
        promised: share of the smaller one's answers that may differ.
    """
    first = _first(pairs, promised)
    by_small = [pair for by, pair in zip(first, pairs, strict=True) if by]
    threshold = _threshold(pairs, promised)
    time = _seconds(pairs, first)
    alone = statistics.fmean(other.seconds for _, other in pairs)
    worth = _unless(len(pairs), first, (time, alone))
    return Foreseen(
        worth=Worth.NEVER_SURE if worth is Worth.PAYS and threshold >= NEVER else worth,
        threshold=threshold,
        share=len(by_small) / len(pairs),
        agreement=_agreement(by_small),
        seconds=time,
        asked=statistics.fmean(one.seconds for one, _ in pairs),
        alone=alone,
        texts=len(pairs),
    )


def cascade(small: Evaluation, large: Evaluation, promised: float) -> Cascade:
    """What two models come to that answered the same labelled texts.

    Args:
        small: the one that is asked first.
        large: the one that answers the rest.
        promised: share of the smaller one's answers that may differ.
    """
    pairs = list(zip(small.answers, large.answers, strict=True))
    first = _first(pairs, promised)
    given = [one if by else other for by, (one, other) in zip(first, pairs, strict=True)]
    by_small = [pair for by, pair in zip(first, pairs, strict=True) if by]
    time = _seconds(pairs, first)
    alone = large.accuracy, statistics.fmean(each.seconds for _, each in pairs)
    worth = _unless(len(pairs), first, (time, alone[1]))
    if worth in {Worth.PAYS, Worth.NO_TIME} and _is_worse(given, large.answers):
        worth = Worth.WORSE
    return Cascade(
        worth=worth,
        share=len(by_small) / len(pairs),
        agreement=_agreement(by_small),
        right=sum(each.is_right for each in given) / len(pairs),
        seconds=time,
        alone=alone,
    )


def _first(pairs: Sequence[tuple[Answered, Answered]], promised: float) -> list[bool]:
    """Which texts the smaller model answers, by the threshold of the other half."""
    halves = pairs[::2], pairs[1::2]
    thresholds = _threshold(halves[1], promised), _threshold(halves[0], promised)
    return [_answers(each, thresholds[at % 2]) for at, (each, _) in enumerate(pairs)]


def _seconds(pairs: Sequence[tuple[Answered, Answered]], first: Sequence[bool]) -> float:
    return statistics.fmean(
        one.seconds + (0.0 if by else other.seconds)
        for by, (one, other) in zip(first, pairs, strict=True)
    )


def _agreement(by_small: Sequence[tuple[Answered, Answered]]) -> float:
    same = sum(one.given == other.given for one, other in by_small)
    return same / len(by_small) if by_small else 0.0


def _unless(texts: int, first: Sequence[bool], seconds: tuple[float, float]) -> Worth:
    """Whether it pays, as far as one knows without labels."""
    if texts < LEAST_TEXTS:
        return Worth.TOO_FEW
    if not any(first):
        return Worth.NEVER_SURE
    return Worth.PAYS if seconds[0] <= (1 - LEAST_GAIN) * seconds[1] else Worth.NO_TIME


def _is_worse(given: Sequence[Answered], alone: Sequence[Answered]) -> bool:
    pairs = [(one.is_right, two.is_right) for one, two in zip(given, alone, strict=True)]
    lost, won = pairs.count((False, True)), pairs.count((True, False))
    return lost > won and mcnemar(lost, won) < CHANCE


def _threshold(pairs: Sequence[tuple[Answered, Answered]], promised: float) -> float:
    """The least confidence with which the smaller model answers; above 1: it never does."""
    seen = [
        Sighting(one.confidence, one.given == other.given)
        for one, other in pairs
        if one.confidence is not None and one.given is not None
    ]
    if len(seen) < ENOUGH:
        return NEVER
    curve = fitted(seen)
    most = limit(seen, curve, promised)
    sure = [each.raw for each in seen if risk(curve, each.raw, 1.0) <= most]
    return min(sure) if most > NOTHING else NEVER


def _answers(each: Answered, threshold: float) -> bool:
    sure = each.confidence is not None and each.confidence >= threshold
    return sure and each.given is not None
