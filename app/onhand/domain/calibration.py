"""How probable it is that an answer is right.

What a model says of its answer is no such probability. As long as the user has judged few
answers, it is only made flatter or steeper, by a temperature that was measured for the
model (temperature scaling, Guo et al. 2017, arXiv 1706.04599). That differs much from task
to task, so no answer is `sure` then. From `ENOUGH` judged answers on, a logistic curve
through them says how often answers that looked so probable were right (Platt 1999), for
all kinds of tasks alike.

The curve is drawn to the one that changes nothing, by a normal prior over its slope and
height, so that 30 answers do no harm: on ten public sets their mean log loss for further
ones is 0.661 with the starter model and 0.642 with the 0.5B model; 0.673 and 0.638 without
a curve, 0.665 and 0.676 by their mere share (`tests/benchmarks/calibration.py`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from onhand.domain.answers import (
    Classification,
    Extraction,
    Lane,
    Rewriting,
    Summary,
    Tagging,
)
from onhand.domain.belonging import sureness
from onhand.domain.costs import cheapest, costs_of, stake
from onhand.domain.field_sureness import field_sureness, found_curve
from onhand.domain.guarantee import NOTHING, least, limit
from onhand.domain.logistic_curve import Curve, fitted
from onhand.domain.tasks import Extract

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onhand.domain.answers import Outcome
    from onhand.domain.logistic_curve import Sighting
    from onhand.domain.tasks import Task

ENOUGH = 30
"""Judged answers from which on they say more than the model's usual error."""

PROMISED = 0.05
"""Share of the answers called sure that may be wrong, unless the settings say otherwise."""

HARD = 0.5
"""Below this an answer is more probably wrong than right."""

FAILED = 0.5
"""What a check that failed leaves of how sure a text that was written looks."""

TEMPERATURES: Mapping[str, float] = {
    "smollm2-135m": 1.6,
    "qwen2.5-coder-0.5b": 0.75,
    "qwen2.5-coder-1.5b": 1.35,
}
"""By the id of a model: `tests/benchmarks/calibration.py` on training rows of public sets.

80 rows of ten sets for the first, 48 of the same for the second, 20 of six for the third.
From set to set the best temperature goes from 0.5 to more than 5.
"""

USUAL_TEMPERATURE = 1.2
"""Of a model that was never measured: the geometric mean of those that were."""

_NEAR = 1e-9


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """From how sure a model is of an answer to how probable it is that it is right.

    Attributes:
        judged: how many judged answers it comes from; with less than `ENOUGH` it changes
            nothing, and no answer is `sure`.
        slope: of the logistic curve over the logit of what the model says; never negative.
        height: of that curve.
        promised: share of the answers called `sure` that may be wrong; what costs more
            than a usual mistake counts as often.
        fields: the same for each field of an extraction, as far as it is known.
        limit: how probable it is at most that a `sure` answer is wrong, times what that
            would count; 0: none is sure.
    """

    judged: int = 0
    slope: float = 1.0
    height: float = 0.0
    promised: float = PROMISED
    limit: float = NOTHING
    fields: Mapping[str, Calibration] = field(default_factory=dict)

    def confidence(self, raw: float) -> float:
        """The probability that an answer is right of which the model is so sure.

        What the model says itself while too few answers were judged.
        """
        if self.judged < ENOUGH:
            return raw
        return Curve(self.slope, self.height)(raw)

    def lane(self, confidence: float | None, stake: float = 1.0) -> Lane:
        """What to do with an answer of this confidence, which counts `stake` if wrong."""
        if confidence is None or self.judged < ENOUGH:
            return Lane.CHECK
        if (1 - confidence) * stake <= self.limit + _NEAR and self.limit > NOTHING:
            return Lane.SURE
        return Lane.HARD if confidence < HARD else Lane.CHECK


UNJUDGED = Calibration()
"""Of a task with no judged answer."""


def uncalibrated(_task: Task, _model: str) -> Calibration:
    """That nothing is known of a task with a model."""
    return UNJUDGED


def promised_by(task: Task, usual: int, *, fixed: bool) -> float:
    """Share of a task's answers called sure that may be wrong.

    Args:
        task: may promise something of its own.
        usual: what the settings say, in 100.
        fixed: whether an organisation says so; then a task may only promise less.
    """
    own = usual if task.promised_error is None else task.promised_error
    return (min(own, usual) if fixed else own) / 100


def enough(promised: float) -> int:
    """Judged answers with fewer of which none is called sure."""
    return max(ENOUGH, least(promised))


def calibration_of(judged: Sequence[Sighting], promised: float = PROMISED) -> Calibration:
    """The calibration that follows from all answers that were judged."""
    if len(judged) < ENOUGH:
        return Calibration(judged=len(judged), promised=promised)
    curve = fitted(judged)
    return Calibration(
        judged=len(judged),
        slope=curve.slope,
        height=curve.height,
        promised=promised,
        limit=limit(judged, curve, promised),
    )


def calibrated(outcome: Outcome, calibration: Calibration, task: Task) -> Outcome:
    """An answer as the engine gave it, with the confidence and the lane that are due.

    The scores of a classification follow: its best one is the confidence, as far as that
    leaves it the best. Where wrong answers of the task have costs, the label becomes the
    one that is expected to cost least.
    """
    if outcome.confidence is None:
        return outcome
    # What labelled texts taught is as sure as it was right on those it was not taught by.
    temperature = 1.0 if outcome.taught else temperature_of(outcome.model)
    answer, raw, at_stake = outcome.answer, outcome.confidence, 1.0
    costs = costs_of(task)
    lanes: Mapping[str, Lane] = {}
    match answer:
        case Classification():
            answer, raw = _classified(answer, temperature, calibration, costs)
            at_stake = stake(costs, answer.scores, answer.label)
        case Tagging(scores=scores):
            scores = {
                name: flattened({"yes": share, "no": 1 - share}, temperature)["yes"]
                for name, share in scores.items()
            }
            raw = sureness([*scores.values()])
            answer = replace(answer, scores=scores)
        case Extraction():
            lanes, answer, raw = _by_field(task, answer, outcome, calibration)
        case Rewriting(checks=checks) | Summary(checks=checks):
            raw *= FAILED ** sum(not each.ok for each in checks)
            at_stake = math.inf if any(not each.ok for each in checks) else 1.0
    confidence = calibration.confidence(raw)
    return replace(
        outcome,
        answer=answer,
        confidence=confidence,
        raw=raw,
        judged=calibration.judged,
        promised=calibration.promised,
        lane=calibration.lane(confidence, at_stake),
        lanes=lanes,
    )


def _by_field(
    task: Task, answer: Extraction, outcome: Outcome, calibration: Calibration
) -> tuple[dict[str, Lane], Extraction, float]:
    """What to do with each field of an extraction, how sure its values are, and all."""
    if not isinstance(task, Extract):
        return {}, answer, outcome.confidence or 0.0
    usual = field_sureness(task, answer, outcome.model, outcome.taught)
    lanes, fields = {}, dict(answer.fields)
    for each in task.fields:
        name = each.name
        if name not in usual or name not in fields:
            continue
        known = calibration.fields.get(name, UNJUDGED)
        if name in calibration.fields:
            lanes[name] = known.lane(known.confidence(usual[name]))
        found = found_curve(each, outcome.model, outcome.taught)
        fields[name] = tuple(
            replace(value, confidence=known.confidence(found(value.confidence)))
            for value in fields[name]
        )
    whole = min(usual.values(), default=outcome.confidence or 0.0)
    return lanes, replace(answer, fields=fields), whole


def _classified(
    answer: Classification,
    temperature: float,
    calibration: Calibration,
    costs: Mapping[str, float],
) -> tuple[Classification, float]:
    """An answer with the scores that are due, and how sure the model was of it."""
    said = scores = flattened(answer.scores, temperature)
    if calibration.judged >= ENOUGH:
        scores = with_top(said, calibration.confidence(said[answer.label]))
    label = cheapest(costs, scores) if costs else answer.label
    return Classification(label=label, scores=scores), said[label]


def temperature_of(model: str) -> float:
    """How much flatter a model's probabilities must be, in whatever layout of its weights.

    The layout stands behind a colon.
    """
    return TEMPERATURES.get(model.partition(":")[0], USUAL_TEMPERATURE)


def flattened(scores: Mapping[str, float], temperature: float) -> dict[str, float]:
    """Probabilities that add up to 1, in the same order, made flatter or steeper."""
    top = max(scores.values())
    powers = {
        name: math.exp(math.log(max(share / top, 1e-300)) / temperature)
        for name, share in scores.items()
    }
    total = math.fsum(powers.values())
    return {name: power / total for name, power in powers.items()}


def with_top(scores: Mapping[str, float], share: float) -> dict[str, float]:
    """The same order of probabilities with the best at `share`, as near as can be."""
    low, high = math.log(1e-2), math.log(1e3)
    for _ in range(40):
        middle = (low + high) / 2
        if max(flattened(scores, math.exp(middle)).values()) > share:
            low = middle
        else:
            high = middle
    return flattened(scores, math.exp((low + high) / 2))
