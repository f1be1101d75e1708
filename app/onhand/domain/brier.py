"""Whether some probabilities are nearer to what is right than others of the same texts.

How far those of a text are off is its Brier score (Brier 1950, Monthly Weather Review 78):
the squares of what each label's probability misses. It is proper: nobody gains by being
surer than right. It tells two ways of answering apart with fewer texts than counting right
answers does, since it also sees what was nearly right.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    Shares = Sequence[float]

STEPS = 100
"""Steps of a Brier score in which it is counted: few enough that signs of thousands of
differences are drawn in a second."""

STEEPER = tuple(1.3**each for each in range(-9, 7))
"""Powers to which probabilities are raised to find the one that fits; 0.09 to 4.8."""

MOST = 500
"""Texts from which that is found."""

_TINY = 1e-9


def brier(shares: Shares, right: int) -> float:
    """How far the probabilities of a text are off, 0 to 2; `right` is a label's number."""
    # (1 - p)^2 for the right one, p^2 for each of the others.
    return 1 - 2 * shares[right] + math.fsum(share * share for share in shares)


def steps_nearer(
    before: Sequence[Shares], after: Sequence[Shares], right: Sequence[int]
) -> list[int]:
    """How much nearer each text's are after than before, in `STEPS`; negative: farther.

    A model that says too loudly or too softly what it says rightly would look worse than
    its answers are. So those of before are raised to the power that suits them best, one
    for all texts.
    """
    power = _best_power(before[:MOST], right[:MOST])
    return [
        round(STEPS * (brier(raised(one, power), label) - brier(two, label)))
        for one, two, label in zip(before, after, right, strict=True)
    ]


def raised(shares: Shares, power: float) -> list[float]:
    """Probabilities made steeper, or with powers below 1 flatter; they add up to 1."""
    top = max(shares) + _TINY
    powers = [((share + _TINY) / top) ** power for share in shares]
    total = math.fsum(powers)
    return [each / total for each in powers]


def _best_power(rows: Sequence[Shares], right: Sequence[int]) -> float:
    def off(power: float) -> float:
        pairs = zip(rows, right, strict=True)
        return math.fsum(brier(raised(row, power), label) for row, label in pairs)

    return min(STEEPER, key=off)
