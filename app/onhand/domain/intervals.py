"""Where a share that was measured on some texts probably is on others, at 95 %."""

from __future__ import annotations

import math
import random
import statistics
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

NORMAL = statistics.NormalDist().inv_cdf(0.975)
"""So many standard deviations hold 95 % of a normal distribution."""

DRAWS = 400
"""Samples that an interval of a ratio comes from."""

OUTSIDE = int(0.025 * DRAWS)
"""Those of them on either side of it."""


def of_share(share: float, size: int) -> tuple[float, float]:
    """The interval of a share of so many texts.

    The score interval (Wilson 1927). Drawing the same texts again and again, which the
    bootstrap does, says "100 % to 100 %" of twelve right answers out of twelve.
    """
    spread = NORMAL**2 / size
    middle = (share + spread / 2) / (1 + spread)
    half = (
        NORMAL / (1 + spread) * math.sqrt(share * (1 - share) / size + spread / (4 * size))
    )
    return max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half))


def of_ratio(parts: Iterable[tuple[int, int]]) -> tuple[float, float]:
    """The interval of a sum over another one, to both of which each text adds.

    The Bayesian bootstrap (Rubin 1981): texts are not drawn but weighed at random, which
    takes no longer with many of them, since those that add the same are weighed at once. To
    them comes, as in Laplace's rule of succession, one of the usual size that is all right
    and one that is all wrong, so twelve right ones out of twelve are no certainty here
    either. The same texts have the same interval each time.
    """
    sizes = Counter(each for each in parts if each[1])
    if not sizes:
        return 0.0, 1.0
    known = [(float(one), float(two), times) for (one, two), times in sorted(sizes.items())]
    usual = sum(two * times for _, two, times in known) / sizes.total()
    weighed = [*known, (usual, usual, 1), (0.0, usual, 1)]
    chance = random.Random(sizes.total())  # noqa: S311 - the same each time
    drawn = sorted(_drawn(chance, weighed) for _ in range(DRAWS))
    share = sum(one * times for one, _, times in known) / (usual * sizes.total())
    return min(share, drawn[OUTSIDE]), max(share, drawn[-1 - OUTSIDE])


def _drawn(chance: random.Random, weighed: Sequence[tuple[float, float, int]]) -> float:
    above = below = 0.0
    for one, two, times in weighed:
        weight = chance.gammavariate(times, 1.0)
        above += weight * one
        below += weight * two
    return above / below
