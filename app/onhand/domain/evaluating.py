"""How good a model is at a task, by labelled texts, in the terms that the field uses.

Where any number of labels may be right, an answer is right that has all of them and no
others; how far the single labels are is told apart (`label_scores.py`).
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from onhand.domain.answers import Lane
from onhand.domain.comparing import mcnemar
from onhand.domain.costs import cost
from onhand.domain.intervals import of_ratio, of_share
from onhand.domain.label_scores import (
    LabelScore,
    counted,
    label_scores,
    macro_f1,
    micro_f1,
    text_f1,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

Labelling: TypeAlias = str | tuple[str, ...]
"""A label; or any number of them, each once and in the order of the task."""

BINS = 10
"""Equal parts of the range of confidence, for the calibration error."""


@dataclass(frozen=True, kw_only=True)
class Answered:
    """A labelled text and what a model made of it.

    Attributes:
        right: its label; or all its labels, where any number may be right.
        given: the answer, likewise; None where there is none.
        confidence: 0 to 1; None where nobody can say.
        lane: what would be done with it.
        seconds: what the answer took.
        error: why there is none, as a sentence without the final stop.
    """

    right: Labelling
    given: Labelling | None
    confidence: float | None = None
    lane: Lane = Lane.CHECK
    seconds: float = 0.0
    error: str = ""

    @property
    def is_right(self) -> bool:
        """Whether the answer is the label, or has all of them; no answer is not."""
        return self.given == self.right

    @property
    def labels(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The labels that are right, and those that were given."""
        return _labels(self.right), _labels(self.given)

    @property
    def f1(self) -> float:
        """How far the labels given are those that are right; no answer is not at all."""
        return 0.0 if self.given is None else text_f1(*self.labels)


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
    def several(self) -> bool:
        """Whether any number of labels may be right."""
        return isinstance(self.answers[0].right, tuple)

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
        return label_scores([each.labels for each in self.answers])

    @property
    def macro_f1(self) -> float:
        """Mean of the labels' F1, each counting the same however rare it is."""
        return macro_f1(self.labels)

    @property
    def micro_f1(self) -> float:
        """F1 over all labels of all texts."""
        return micro_f1(self.labels)

    @cached_property
    def micro_interval(self) -> tuple[float, float]:
        """Where that probably is on other such texts, at 95 %."""
        return of_ratio(counted(*each.labels) for each in self.answers)

    @property
    def text_f1(self) -> float:
        """Mean of how far the labels of a text are right."""
        return statistics.fmean(each.f1 for each in self.answers)

    @property
    def bare(self) -> int:
        """Texts for which no label is right."""
        return sum(each.right == () for each in self.answers)

    @cached_property
    def confusion(self) -> dict[tuple[str, str], int]:
        """How often a text of one label got another or the same: (right, given).

        Nothing where any number may be right: then no label is given in place of another.
        """
        pairs = ((each.right, each.given or "") for each in self.answers)
        return dict(
            Counter(
                (right, given)
                for right, given in pairs
                if isinstance(right, str) and isinstance(given, str)
            )
        )

    @cached_property
    def interval(self) -> tuple[float, float]:
        """Where the accuracy on other such texts probably is, at 95 %."""
        return of_share(self.accuracy, len(self.answers))

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
        if isinstance(each.right, str) and not isinstance(each.given, tuple):
            return cost(self.costs, each.given or "", each.right)
        return 0.0 if each.is_right else 1.0

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


def _labels(labelling: Labelling | None) -> tuple[str, ...]:
    if labelling is None:
        return ()
    return (labelling,) if isinstance(labelling, str) else labelling


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
