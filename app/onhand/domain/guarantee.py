"""How unsure an answer may be, and still be accepted unseen, by a promise that is kept.

The promise: of the answers that are accepted unseen at most so many are wrong. Where a
mistake costs more than a usual one, it counts as often. It is tested on answers that were
judged (learn then test, Angelopoulos et al. 2021, arXiv 2110.01052). They are put in order,
the surest first, and as many are accepted as pass two tests:

1. No more of those down to there are wrong than was promised, if answers are as often
   right as a logistic curve of their sureness says: with `CURVES` of the curves that could
   be it. This looks at all that was judged.
2. Whatever the curve, so few wrong ones among as many answers would come about with a
   probability of `DOUBT` at most if more were wrong than was promised: the exact binomial
   tail; where some count more than once, the bound of Hoeffding and Bentkus (Bates et al.
   2021, arXiv 2101.02703).

The second test alone at `1 - CERTAINTY`, one number of answers after the other until one
fails (fixed-sequence testing), needs no curve, and lets less through where the surest
answers are not flawless. `tests/benchmarks/lanes.py` compares them on public sets, and
`app/decisions/043-what-sure-promises.md` tells what was found.
"""

from __future__ import annotations

import math
from itertools import accumulate
from typing import TYPE_CHECKING

from onhand.domain.logistic_curve import Curve, possible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onhand.domain.logistic_curve import Sighting

CERTAINTY = 0.9
"""How probable it is that a promise is kept, by the draw of what was judged."""

CURVES = 0.98
"""Share of the curves with which it must be kept: more, since a curve is an assumption."""

DOUBT = 0.2
"""Level of the test that knows no curve."""

NOTHING = 0.0
"""The limit where no answer can be accepted."""


def least(promised: float) -> int:
    """Judged answers with fewer of which nothing can be accepted, even if all are right."""
    return math.ceil(math.log(DOUBT) / math.log(1 - promised))


def limit(judged: Sequence[Sighting], curve: Curve, promised: float) -> float:
    """The largest risk with which an answer is accepted; `NOTHING`: none is.

    The risk is the probability that it is wrong times its stake.

    Args:
        judged: answers, each as sure as the model was that did not know its verdict.
        curve: from how sure it was to how probable it is that it was right.
        promised: share of the accepted ones that may be wrong.
    """
    if len(judged) < least(promised):
        return NOTHING
    ranked = sorted(judged, key=lambda each: risk(curve, each.raw, each.stake))
    risks = [risk(curve, each.raw, each.stake) for each in ranked]
    costs = list(accumulate(each.cost for each in ranked))
    # As large as any cost that was at stake: a larger one would say more than is known.
    most = max(1.0, *(max(each.cost, each.stake) for each in ranked))
    exact = all(each.cost in {0.0, most} for each in ranked)
    curves = possible(judged)
    weights = [weight for _, weight in curves]
    means = [
        [*accumulate(risk(one, each.raw, each.stake) for each in ranked)]
        for one, _ in curves
    ]
    found = NOTHING
    for at, column in enumerate(zip(*means, strict=True)):
        if at + 1 < len(risks) and risks[at + 1] <= risks[at]:
            continue
        count = at + 1
        over = math.fsum(
            weight
            for total, weight in zip(column, weights, strict=True)
            if total > promised * count
        )
        if over > 1 - CURVES:
            continue
        chance = (binomial if exact else bounded)(costs[at] / most, count, promised / most)
        if chance <= DOUBT:
            found = risks[at]
    return found


def risk(curve: Curve, raw: float, stake: float) -> float:
    """How probable it is that an answer is wrong, times what that would count."""
    return (1 - curve(raw)) * stake


def binomial(cost: float, count: int, promised: float) -> float:
    """How probable so little cost is at most, if the mean is just above what was promised.

    Args:
        cost: of all of them together, each either 0 or 1.
        count: how many there are.
        promised: mean cost.
    """
    # By logarithms: of thousands there are more ways to choose than floats can hold.
    one, other, every = math.log(promised), math.log1p(-promised), math.lgamma(count + 1)
    return min(
        1.0,
        math.fsum(
            math.exp(
                every
                - math.lgamma(wrong + 1)
                - math.lgamma(count - wrong + 1)
                + wrong * one
                + (count - wrong) * other
            )
            for wrong in range(min(count, math.ceil(cost)) + 1)
        ),
    )


def bounded(cost: float, count: int, promised: float) -> float:
    """The same at most, where each may cost anything from 0 to 1."""
    apart = math.exp(-count * _divergence(cost / count, promised))
    return min(apart, math.e * binomial(cost, count, promised))


def _divergence(mean: float, promised: float) -> float:
    """Of two shares, that of Kullback and Leibler; 0 from what was promised on."""
    if mean >= promised:
        return 0.0
    rest = (1 - mean) * math.log((1 - mean) / (1 - promised))
    return rest + (mean * math.log(mean / promised) if mean else 0.0)
