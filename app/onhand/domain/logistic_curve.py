"""A logistic curve through judged answers: how often those that looked so sure were right.

It is drawn to the one that changes nothing, by a normal prior over its slope and height
(Platt 1999 has none). The prior also says how far the curve could be elsewhere: its
posterior is near a normal distribution (Laplace's approximation), so a grid of curves laid
out by that, each weighed by how probable it really is, stands for it.
"""

from __future__ import annotations

import math
import statistics
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

SIDE = 15
"""Steps of the grid either way; by the normal distribution all are as probable."""

_STEPS = 50
_NEAR = 1e-6

_NORMAL = [statistics.NormalDist().inv_cdf((step + 0.5) / SIDE) for step in range(SIDE)]
# The middles of equal parts lie a little closer together than all of them do.
_WIDTH = statistics.pstdev(_NORMAL)
_STEPS_OF_NORMAL = [step / _WIDTH for step in _NORMAL]

_Point: TypeAlias = "tuple[float, bool]"


@dataclass(frozen=True)
class Sighting:
    """An answer that was judged: how sure the model was of it, and whether rightly.

    Attributes:
        raw: what the model said, 0 to 1.
        right: what was found.
        stake: how often it counts where it is wrong, as far as one can tell before.
        loss: how often it counts now that it was judged; None for 1 where it was wrong.
    """

    raw: float
    right: bool
    stake: float = 1.0
    loss: float | None = None

    @property
    def cost(self) -> float:
        """How often it counts."""
        return float(not self.right) if self.loss is None else self.loss


@dataclass(frozen=True)
class Curve:
    """The logistic curve of a slope, never negative, and a height."""

    slope: float = 1.0
    height: float = 0.0

    def __call__(self, raw: float) -> float:
        """The probability that an answer is right of which the model is so sure."""
        return logistic(self.slope * logit(raw) + self.height)


def fitted(judged: Sequence[Sighting]) -> Curve:
    """The most probable curve, by the answers and the prior."""
    return _fitted([(logit(each.raw), each.right) for each in judged])[0]


def possible(judged: Sequence[Sighting]) -> list[tuple[Curve, float]]:
    """Curves that could be by the same, each with its probability; they add up to 1."""
    points = [(logit(each.raw), each.right) for each in judged]
    middle, bend = _fitted(points)
    bending, twist, lift = _curvature(points, middle, bend)
    # The root of the inverse, by Cholesky; where the slope is fixed it stays.
    tall = 1 / math.sqrt(lift)
    wide = bend / math.sqrt(bending - twist * twist / lift)
    found = []
    for one, other in product(_STEPS_OF_NORMAL, repeat=2):
        curve = Curve(
            max(0.0, middle.slope + one * wide),
            middle.height + other * tall - one * wide * twist / lift,
        )
        # The normal distribution that the grid stands for is about right, and put right.
        found.append((curve, (one**2 + other**2) / 2 - _loss(points, curve, bend)))
    top = max(weight for _, weight in found)
    weights = [math.exp(weight - top) for _, weight in found]
    return [
        (curve, weight / math.fsum(weights))
        for (curve, _), weight in zip(found, weights, strict=True)
    ]


def logit(share: float) -> float:
    """A share on the scale on which the curve is a line; its ends are cut off."""
    inside = min(max(share, 1e-3), 1 - 1e-3)
    return math.log(inside / (1 - inside))


def logistic(x: float) -> float:
    """The share that stands there on that scale."""
    power = math.exp(-abs(x))
    return (1.0 if x >= 0 else power) / (1 + power)


def _fitted(points: Sequence[_Point]) -> tuple[Curve, float]:
    """The curve, and 0 where its slope is fixed."""
    curve = _newton(points, 1.0)
    # A model whose sureness says less than nothing is only right so often.
    return (curve, 1.0) if curve.slope > 0 else (_newton(points, 0.0), 0.0)


def _newton(points: Sequence[_Point], bend: float) -> Curve:
    """The best slope and height; with a `bend` of 0 the slope stays 0.

    Newton's method, with shorter steps where a full one leads astray (Lin, Lin and Weng
    2007, doi 10.1007/s10994-007-5018-6).
    """
    curve = Curve(bend, 0.0)
    for _ in range(_STEPS):
        along, up = curve.slope - bend, curve.height
        for x, right in points:
            missed = logistic(curve.slope * x + curve.height) - right
            along, up = along + missed * bend * x, up + missed
        bending, twist, lift = _curvature(points, curve, bend)
        area = bending * lift - twist * twist
        steps = (lift * along - twist * up) / area, (bending * up - twist * along) / area
        if max(map(abs, steps)) < _NEAR:
            break
        part, before = 1.0, _loss(points, curve, bend)
        while _loss(points, stepped := _stepped(curve, steps, part), bend) > before:
            part /= 2
            if part < _NEAR:
                return curve
        curve = stepped
    return curve


def _stepped(curve: Curve, steps: tuple[float, float], part: float) -> Curve:
    return Curve(curve.slope - part * steps[0], curve.height - part * steps[1])


def _curvature(
    points: Sequence[_Point], curve: Curve, bend: float
) -> tuple[float, float, float]:
    """The second derivatives of the loss: by slope, by both, by height."""
    bending, twist, lift = 1.0, 0.0, 1.0
    for x, _ in points:
        share = logistic(curve.slope * x + curve.height)
        doubt, bent = share * (1 - share), bend * x
        bending, twist, lift = (
            bending + doubt * bent**2,
            twist + doubt * bent,
            lift + doubt,
        )
    return bending, twist, lift


def _loss(points: Sequence[_Point], curve: Curve, bend: float) -> float:
    """How badly a curve fits: the log loss, and how far it is from changing nothing."""
    slope, height = curve.slope, curve.height
    against = (slope * -x - height if right else slope * x + height for x, right in points)
    missed = math.fsum(max(z, 0.0) + math.log1p(math.exp(-abs(z))) for z in against)
    return missed + ((slope - bend) ** 2 + height**2) / 2
