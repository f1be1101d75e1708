"""How good a model is at a task, by labelled texts, in the terms that the field uses.

Labels are those that are right or given somewhere, as scikit-learn takes them where nobody
names any, and a score that nothing counts for is 0.
"""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from onhand.domain.answers import Lane
from onhand.domain.comparing import mcnemar
from onhand.domain.costs import cost

if TYPE_CHECKING:
    from collections.abc import Sequence

BINS = 10
"""Equal parts of the range of confidence, for the calibration error."""

NORMAL = statistics.NormalDist().inv_cdf(0.975)
"""So many standard deviations hold 95 % of a normal distribution."""


@dataclass(frozen=True, kw_only=True)
class Answered:
    """A labelled text and what a model made of it.

    Attributes:
        right: its label.
        given: the answer; None where there is none.
        confidence: 0 to 1; None where nobody can say.
        lane: what would be done with it.
        seconds: what the answer took.
        error: why there is none, as a sentence without the final stop.
    """

    right: str
    given: str | None
    confidence: float | None = None
    lane: Lane = Lane.CHECK
    seconds: float = 0.0
    error: str = ""

    @property
    def is_right(self) -> bool:
        """Whether the answer is the label; no answer is not."""
        return self.given == self.right


@dataclass(frozen=True, kw_only=True)
class LabelScore:
    """How one label fares: shares from 0 to 1, and how many texts have it."""

    label: str
    precision: float
    recall: float
    f1: float
    texts: int


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
        share: of all texts.
        wrong: share of them that is.
        cost: what one of them costs on average.
    """

    share: float
    wrong: float
    cost: float


@dataclass(frozen=True)
class Evaluation:
    """What a model made of some labelled texts; there is one text at least.

    Attributes:
        model: its id.
        title: its name for people.
        bytes: size of its file.
        memory: bytes that it takes with its context.
        answers: a text each, in the order of the texts.
        taught: how many labelled texts the answers come from, beside the model.
        seen: how many of these texts were among those, which flatters it.
        costs: what wrong answers cost; nothing where the task says nothing.
    """

    model: str
    title: str
    bytes: int
    memory: int
    answers: tuple[Answered, ...]
    taught: int = 0
    seen: int = 0
    costs: Mapping[str, float] = field(default_factory=dict)

    @property
    def right(self) -> int:
        """Texts that were answered rightly."""
        return sum(each.is_right for each in self.answers)

    @property
    def accuracy(self) -> float:
        """Share of the texts that were answered rightly."""
        return self.right / len(self.answers)

    @property
    def failed(self) -> int:
        """Texts without an answer."""
        return sum(each.given is None for each in self.answers)

    @property
    def mean_cost(self) -> float:
        """What an answer costs on average; none costs as much as a usual mistake."""
        return statistics.fmean(map(self._cost, self.answers))

    @cached_property
    def labels(self) -> tuple[LabelScore, ...]:
        """Every label that is right or given somewhere, in the order of the alphabet."""
        right = Counter(each.right for each in self.answers)
        given = Counter(each.given for each in self.answers if each.given is not None)
        hits = Counter(each.right for each in self.answers if each.is_right)
        return tuple(
            LabelScore(
                label=label,
                precision=_share(hits[label], given[label]),
                recall=_share(hits[label], right[label]),
                f1=_share(2 * hits[label], given[label] + right[label]),
                texts=right[label],
            )
            for label in sorted(right | given)
        )

    @property
    def macro_f1(self) -> float:
        """Mean of the labels' F1, each counting the same however rare it is."""
        return statistics.fmean(each.f1 for each in self.labels)

    @cached_property
    def confusion(self) -> dict[tuple[str, str], int]:
        """How often a text of one label got another or the same: (right, given)."""
        pairs = ((each.right, each.given or "") for each in self.answers)
        return dict(Counter(pairs))

    @cached_property
    def interval(self) -> tuple[float, float]:
        """Where the accuracy on other such texts probably is, at 95 %.

        The score interval (Wilson 1927). Drawing the same texts again and again, which the
        bootstrap does, says "100 % to 100 %" of twelve right answers out of twelve.
        """
        size, accuracy = len(self.answers), self.accuracy
        spread = NORMAL**2 / size
        middle = (accuracy + spread / 2) / (1 + spread)
        half = (
            NORMAL
            / (1 + spread)
            * math.sqrt(accuracy * (1 - accuracy) / size + spread / (4 * size))
        )
        return max(0.0, min(accuracy, middle - half)), min(
            1.0, max(accuracy, middle + half)
        )

    @cached_property
    def reliability(self) -> tuple[Bin, ...]:
        """Answers by how sure they looked; parts without any are left out."""
        parts: dict[int, list[Answered]] = {}
        for each in self.answers:
            if each.confidence is not None and each.given is not None:
                part = min(int(each.confidence * BINS), BINS - 1)
                parts.setdefault(part, []).append(each)
        return tuple(
            Bin(
                confidence=statistics.fmean(each.confidence or 0.0 for each in parts[part]),
                right=statistics.fmean(each.is_right for each in parts[part]),
                answers=len(parts[part]),
            )
            for part in sorted(parts)
        )

    @property
    def calibration_error(self) -> float | None:
        """Expected calibration error (Naeini et al. 2015); None without confidences."""
        rated = sum(each.answers for each in self.reliability)
        if not rated:
            return None
        return sum(
            abs(each.right - each.confidence) * each.answers / rated
            for each in self.reliability
        )

    def kept(self, threshold: float) -> Kept:
        """What becomes of the texts whose answer is at least so sure."""
        return self._kept(
            [each for each in self.answers if (each.confidence or 0.0) >= threshold]
        )

    @cached_property
    def sure(self) -> Kept:
        """What becomes of those that would be accepted unseen."""
        return self._kept([each for each in self.answers if each.lane is Lane.SURE])

    def _kept(self, some: Sequence[Answered]) -> Kept:
        wrong = sum(not each.is_right for each in some)
        return Kept(
            share=len(some) / len(self.answers),
            wrong=_share(wrong, len(some)),
            cost=sum(map(self._cost, some)) / max(1, len(some)),
        )

    def _cost(self, each: Answered) -> float:
        return cost(self.costs, each.given or "", each.right)

    def seconds(self, share: float) -> float:
        """Seconds a text that this share of the answers takes at most."""
        taken = sorted(each.seconds for each in self.answers if each.given is not None)
        return taken[min(int(share * len(taken)), len(taken) - 1)] if taken else 0.0


def smallest_that_clears(
    evaluations: Sequence[Evaluation], bar: float
) -> Evaluation | None:
    """The model with the smallest file whose accuracy is at least the bar, if any is."""
    clearing = [each for each in evaluations if each.accuracy >= bar]
    return min(clearing, key=lambda each: each.bytes, default=None)


def difference(first: Evaluation, second: Evaluation) -> float:
    """How probable the difference of two models on the same texts is by chance alone."""
    pairs = list(zip(first.answers, second.answers, strict=True))
    return mcnemar(
        sum(one.is_right and not other.is_right for one, other in pairs),
        sum(other.is_right and not one.is_right for one, other in pairs),
    )


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
