"""Choosing a field's values by what people showed to be right, beside what the model says.

Each span that may be the value has a score: a weight for the model's own evidence, and one
for each feature of its form and place. That no span is right has the score 0; the scores
are logits of a choice among these (conditional logit, McFadden 1974). Where a field may
have several values, each span stands against 0 by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from onhand.domain.assigning import Candidate, Contest
from onhand.domain.candidates import normal_value
from onhand.domain.field_anchors import Anchor
from onhand.domain.field_candidates import choices_of
from onhand.domain.field_features import features_of
from onhand.domain.tasks import FieldType

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from onhand.domain.contests import Look
    from onhand.domain.field_candidates import Choice
    from onhand.domain.tasks import Field

FARTHEST = 15.0
"""Where the model's own evidence is cut off, either way (natural log)."""

RATHER = -0.7
"""A value is told from these odds on (natural log): one in three. What people correct are
more often values that were left out than wrong ones; with 0, 20 receipts raised F1 on
others from .66 to .77, with this to .79."""

ALL = 1e9
"""How much less probable than the best one further values may be: any of them stands for
itself."""


@dataclass(frozen=True)
class FieldWeights:
    """What was learned of a field.

    Attributes:
        own: weight of the model's own evidence.
        bias: what every span counts.
        weights: by feature; one that is missing counts nothing.
        anchors: what stood around values that were shown.
    """

    own: float
    bias: float
    weights: Mapping[int, float]
    anchors: frozenset[Anchor] = frozenset()

    def score(self, text: str, choice: Choice) -> float:
        """How much better a span is than none (natural log)."""
        found = sum(self.weights.get(each, 0.0) for each in features_of(text, choice))
        return self.own * own_margin(choice) + self.bias + found


def own_margin(choice: Choice) -> float:
    """The model's own evidence, as weights are fitted to it."""
    return max(-FARTHEST, min(FARTHEST, choice.margin))


def weighted(field: Field, text: str, contest: Contest, weights: FieldWeights) -> Contest:
    """A contest as people taught it to be decided."""
    choices = choices_of(field, text, contest, weights.anchors)
    return decided(contest, choices, [weights.score(text, each) for each in choices])


def as_taught(look: Look, taught: Mapping[str, FieldWeights]) -> Look:
    """A look whose contest is decided as people taught its field, if they did."""
    weights = taught.get(look.field.name)
    if weights is None:
        return look
    return replace(look, contest=weighted(look.field, look.body, look.contest, weights))


def decided(
    contest: Contest, choices: Iterable[Choice], scores: Iterable[float]
) -> Contest:
    """A contest with other candidates, each with its score over absence."""
    candidates = [
        Candidate(each.places, score) for each, score in zip(choices, scores, strict=True)
    ]
    return Contest(
        candidates=tuple(sorted(candidates, key=lambda each: -each.logprob)),
        absent=0.0,
        hidden=contest.hidden,
        doubt=RATHER,
        further=ALL,
    )


def is_one_of(field: Field, value: str, right: Sequence[str]) -> bool:
    """Whether a value is one of those that people called right; only its form aside."""
    plain = {_plain(each) for each in right}
    if _plain(value) in plain:
        return True
    return _meant(field, value) in {_meant(field, each) for each in right}


def _meant(field: Field, value: str) -> str:
    """Its normal form; of a number without zeros at its end, which tables leave out."""
    normal = normal_value(field, value)
    if field.type not in {FieldType.AMOUNT, FieldType.NUMBER}:
        return normal
    number, _, unit = normal.partition(" ")
    try:
        return f"{Decimal(number).normalize()} {unit}"
    except InvalidOperation:
        return normal


def _plain(value: str) -> str:
    return " ".join(value.split()).casefold()
