"""How good a model is at a task, by labelled texts, in the terms that the field uses.

Where any number of labels may be right, an answer is right that has all of them and no
others; how far the single labels are is told apart (`label_scores.py`). The values of
fields are counted likewise, but a bar is about their F1, and what is accepted or looked at
is not the answer to a text but each field of it. Of a text that is written, a bar is about
the share of its words that can stay; it is right where all can.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

from onhand.domain.answers import Lane
from onhand.domain.costs import cost
from onhand.domain.field_values import FieldValue
from onhand.domain.intervals import of_ratio, of_share
from onhand.domain.label_scores import (
    LabelScore,
    Parts,
    counted,
    label_scores,
    macro_f1,
    micro_f1,
    text_f1,
)
from onhand.domain.label_sets import STEPS
from onhand.domain.reliability import (
    Bin,
    Judged,
    Kept,
    calibration_error,
    kept_as_sure,
    kept_from,
    reliability,
)

Labelling: TypeAlias = str | tuple[str, ...] | tuple[FieldValue, ...]
"""A label; any number of them, each once and in the order of the task; values; a text."""


@dataclass(frozen=True, kw_only=True)
class Answered:
    """A labelled text and what a model made of it.

    Attributes:
        right: its label; all its labels, where any number may be right; or its values.
        given: the answer, likewise; None where there is none.
        confidence: 0 to 1; None where nobody can say.
        lane: what would be done with it.
        seconds: what the answer took.
        error: why there is none, as a sentence without the final stop.
        fields: how each field of the task fares; nothing where there are labels.
        stays: of a written text, the share of words that people would not have to change,
            none where there is no text; None where nothing is written.
    """

    right: Labelling
    given: Labelling | None
    confidence: float | None = None
    lane: Lane = Lane.CHECK
    seconds: float = 0.0
    error: str = ""
    fields: tuple[Judged, ...] = ()
    stays: float | None = None

    @property
    def is_right(self) -> bool:
        """Whether the answer is the label, or has all that is right; no answer is not."""
        return self.given == self.right

    @property
    def labels(self) -> tuple[Parts, Parts]:
        """The labels, or the values, that are right, and those that were given."""
        return _labels(self.right), _labels(self.given)

    @property
    def f1(self) -> float:
        """How far what is given is what is right; no answer is not at all."""
        return 0.0 if self.given is None else text_f1(*self.labels)


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
        fields: the names of the fields that were looked for, in the order of the task;
            nothing where labels were chosen.
    """

    model: str
    title: str
    bytes: int
    memory: int
    answers: tuple[Answered, ...]
    taught: int = 0
    seen: int = 0
    costs: Mapping[str, float] = field(default_factory=dict)
    fields: tuple[str, ...] = ()

    @property
    def several(self) -> bool:
        """Whether any number of labels, or of values, may be right."""
        return isinstance(self.answers[0].right, tuple)

    @property
    def written(self) -> bool:
        """Whether texts were written."""
        return self.answers[0].stays is not None

    @property
    def score(self) -> float:
        """What a bar is about: the accuracy; of fields, F1 over all values.

        Of written texts the mean share of their words that can stay.
        """
        if self.written:
            return statistics.fmean(each.stays or 0.0 for each in self.answers)
        return self.micro_f1 if self.fields else self.accuracy

    @cached_property
    def score_interval(self) -> tuple[float, float]:
        """Where that probably is on other such texts, at 95 %."""
        if self.written:
            return of_ratio((_steps(each), STEPS) for each in self.answers)
        return self.micro_interval if self.fields else self.interval

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
        """Every label that is right or given somewhere, in the order of the alphabet.

        Or every field that has a value somewhere, in the order of the task. Nothing where
        texts are written.
        """
        if self.written:
            return ()
        pairs = [each.labels for each in self.answers]
        if not self.fields:
            return label_scores(pairs)
        found = {each.label: each for each in label_scores(pairs, name=_field_of)}
        return tuple(found[name] for name in self.fields if name in found)

    @property
    def macro_f1(self) -> float:
        """Mean of their F1, each counting the same however rare it is."""
        return macro_f1(self.labels)

    @property
    def micro_f1(self) -> float:
        """F1 over all labels, or values, of all texts."""
        return micro_f1(self.labels)

    @cached_property
    def micro_interval(self) -> tuple[float, float]:
        """Where that probably is on other such texts, at 95 %."""
        return of_ratio(counted(*each.labels) for each in self.answers)

    @property
    def text_f1(self) -> float:
        """Mean of how far the labels, or values, of a text are right."""
        return statistics.fmean(each.f1 for each in self.answers)

    @property
    def bare(self) -> int:
        """Texts for which no label is right, or that have no value."""
        return sum(each.right == () for each in self.answers)

    @cached_property
    def confusion(self) -> dict[tuple[str, str], int]:
        """How often a text of one label got another or the same: (right, given).

        Nothing where any number may be right: then no label is given in place of another.
        """
        if self.written:
            return {}
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
    def judged(self) -> tuple[Judged, ...]:
        """What is accepted or looked at by itself: the answers, or all fields of them."""
        if self.fields:
            return tuple(part for each in self.answers for part in each.fields)
        return tuple(
            Judged(
                is_right=each.is_right,
                confidence=each.confidence,
                lane=each.lane,
                answered=each.given is not None,
                cost=self._cost(each),
            )
            for each in self.answers
        )

    @cached_property
    def reliability(self) -> tuple[Bin, ...]:
        """What was judged by how sure it looked; parts without any are left out."""
        return reliability(self.judged)

    @property
    def calibration_error(self) -> float | None:
        """Expected calibration error (Naeini et al. 2015); None without confidences."""
        return calibration_error(self.reliability)

    def kept(self, threshold: float) -> Kept:
        """What becomes of what is at least so sure."""
        return kept_from(self.judged, threshold)

    @cached_property
    def sure(self) -> Kept:
        """What becomes of what would be accepted unseen."""
        return kept_as_sure(self.judged)

    def _cost(self, each: Answered) -> float:
        if isinstance(each.right, str) and not isinstance(each.given, tuple):
            return cost(self.costs, each.given or "", each.right)
        return 0.0 if each.is_right else 1.0

    def seconds(self, share: float) -> float:
        """Seconds a text that this share of the answers takes at most."""
        taken = sorted(each.seconds for each in self.answers if each.given is not None)
        return taken[min(int(share * len(taken)), len(taken) - 1)] if taken else 0.0


def _steps(each: Answered) -> int:
    return round(STEPS * (each.stays or 0.0))


def _labels(labelling: Labelling | None) -> Parts:
    if labelling is None:
        return ()
    return (labelling,) if isinstance(labelling, str) else labelling


def _field_of(part: object) -> str:
    return part.field if isinstance(part, FieldValue) else ""
