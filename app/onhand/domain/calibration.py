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
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from onhand.domain.answers import Classification, Lane, Tagging

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from onhand.domain.answers import Outcome
    from onhand.domain.tasks import Task

ENOUGH = 30
"""Judged answers from which on they say more than the model's usual error."""

SURE = 0.9
"""Confidence from which on an answer need not be looked at."""

HARD = 0.5
"""Below this an answer is more probably wrong than right."""

FOLDS = 10
"""Parts of the judged answers; each part is predicted from the others."""

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

_STEPS = 50
_NEAR = 1e-6

_Point: TypeAlias = "tuple[float, bool]"


@dataclass(frozen=True)
class Sighting:
    """An answer that the user judged: how sure the model was of it, and whether rightly."""

    raw: float
    right: bool


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """From how sure a model is of an answer to how probable it is that it is right.

    Attributes:
        judged: how many judged answers it comes from; with less than `ENOUGH` it changes
            nothing, and no answer is `sure`.
        slope: of the logistic curve over the logit of what the model says; never negative.
        height: of that curve.
        sure: whether answers that came out as sure when they were held out were right.
    """

    judged: int = 0
    slope: float = 1.0
    height: float = 0.0
    sure: bool = False

    def confidence(self, raw: float) -> float:
        """The probability that an answer is right of which the model is so sure."""
        return _logistic(self.slope * _logit(raw) + self.height)

    def lane(self, confidence: float | None) -> Lane:
        """What to do with an answer of this confidence."""
        if confidence is None or self.judged < ENOUGH:
            return Lane.CHECK
        if confidence >= SURE and self.sure:
            return Lane.SURE
        return Lane.HARD if confidence < HARD else Lane.CHECK


UNJUDGED = Calibration()
"""Of a task with no judged answer."""


def uncalibrated(_task: Task, _model: str) -> Calibration:
    """That nothing is known of a task with a model."""
    return UNJUDGED


def calibration_of(judged: Sequence[Sighting]) -> Calibration:
    """The calibration that follows from all answers that were judged."""
    if len(judged) < ENOUGH:
        return Calibration(judged=len(judged))
    slope, height = _fitted(judged)
    return Calibration(
        judged=len(judged), slope=slope, height=height, sure=_holds(held_out(judged))
    )


def held_out(judged: Sequence[Sighting]) -> list[Sighting]:
    """The same answers, each with the confidence that follows from the others.

    They are left out in `FOLDS` parts, one after the other.
    """
    found = list(judged)
    for fold in range(FOLDS):
        others = [each for at, each in enumerate(judged) if at % FOLDS != fold]
        slope, height = _fitted(others)
        curve = Calibration(slope=slope, height=height)
        for at in range(fold, len(judged), FOLDS):
            found[at] = Sighting(curve.confidence(judged[at].raw), judged[at].right)
    return found


def calibrated(outcome: Outcome, calibration: Calibration) -> Outcome:
    """An answer as the engine gave it, with the confidence and the lane that are due.

    The scores of a classification follow: its best one is the confidence, as far as that
    leaves it the best.
    """
    if outcome.confidence is None:
        return outcome
    # What labelled texts taught is as sure as it was right on those it was not taught by.
    temperature = 1.0 if outcome.taught else temperature_of(outcome.model)
    answer, raw = outcome.answer, outcome.confidence
    match answer:
        case Classification(label=label, scores=scores):
            scores = flattened(scores, temperature)
            raw = scores[label]
            if calibration.judged >= ENOUGH:
                scores = with_top(scores, calibration.confidence(raw))
            answer = replace(answer, scores=scores)
        case Tagging(scores=scores):
            scores = {
                name: flattened({"yes": share, "no": 1 - share}, temperature)["yes"]
                for name, share in scores.items()
            }
            raw = math.prod(max(share, 1 - share) for share in scores.values())
            answer = replace(answer, scores=scores)
        case _:
            pass
    confidence = calibration.confidence(raw) if calibration.judged >= ENOUGH else raw
    return replace(
        outcome,
        answer=answer,
        confidence=confidence,
        raw=raw,
        judged=calibration.judged,
        lane=calibration.lane(confidence),
    )


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


def _holds(predicted: Sequence[Sighting]) -> bool:
    """Whether answers that came out as sure were wrong as seldom as that says.

    With one more that is wrong and one that is right, so that a few say nothing (Laplace's
    rule of succession).
    """
    sure = [each.right for each in predicted if each.raw >= SURE]
    return (sure.count(False) + 1) / (len(sure) + 2) <= 1 - SURE + _NEAR


def _fitted(judged: Sequence[Sighting]) -> tuple[float, float]:
    """Slope and height of the curve: the most probable ones, given answers and prior."""
    points = [(_logit(each.raw), each.right) for each in judged]
    slope, height = _newton(points, 1.0)
    # A model whose sureness says less than nothing is only right so often.
    return (slope, height) if slope > 0 else _newton(points, 0.0)


def _newton(points: Sequence[_Point], bend: float) -> tuple[float, float]:
    """The best slope and height; with a `bend` of 0 the slope stays 0.

    Newton's method, with shorter steps where a full one leads astray (Lin, Lin and Weng
    2007, doi 10.1007/s10994-007-5018-6).
    """
    slope, height = bend, 0.0
    for _ in range(_STEPS):
        along, up = slope - bend, height
        bending, twist, lift = 1.0, 0.0, 1.0
        for x, right in points:
            share = _logistic(slope * x + height)
            doubt, bent = share * (1 - share), bend * x
            along, up = along + (share - right) * bent, up + share - right
            bending, twist, lift = (
                bending + doubt * bent**2,
                twist + doubt * bent,
                lift + doubt,
            )
        area = bending * lift - twist * twist
        steps = (lift * along - twist * up) / area, (bending * up - twist * along) / area
        if max(map(abs, steps)) < _NEAR:
            break
        part, before = 1.0, _loss(points, slope, height, bend)
        while (
            _loss(points, slope - part * steps[0], height - part * steps[1], bend) > before
        ):
            part /= 2
            if part < _NEAR:
                return slope, height
        slope, height = slope - part * steps[0], height - part * steps[1]
    return slope, height


def _loss(points: Sequence[_Point], slope: float, height: float, bend: float) -> float:
    """How badly a curve fits: the log loss, and how far it is from changing nothing."""
    against = (slope * -x - height if right else slope * x + height for x, right in points)
    missed = math.fsum(max(z, 0.0) + math.log1p(math.exp(-abs(z))) for z in against)
    return missed + ((slope - bend) ** 2 + height**2) / 2


def _logit(share: float) -> float:
    inside = min(max(share, 1e-3), 1 - 1e-3)
    return math.log(inside / (1 - inside))


def _logistic(x: float) -> float:
    power = math.exp(-abs(x))
    return (1.0 if x >= 0 else power) / (1 + power)
