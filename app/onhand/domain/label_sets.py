"""Sets of labels compared with those that are right, and a paired test of two answers.

That all labels of a text are right says little of the rest, so a text also counts by its
F1: how far the labels given are those that are right (Tsoumakas and Katakis 2007). By
itself that hardly tells that labels were given too freely, so both count the same.
Whether that differs between two ways of answering the same texts is told by a permutation
test (Fisher 1935): where both are equally good, each text's difference could as well have
the other sign. Of all the ways to flip the signs some are drawn, and the sum that was found
counts as one of them, which keeps the level however few there are (Phipson and Smyth 2010,
doi 10.2202/1544-6115.1585).
"""

from __future__ import annotations

import random
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    Labels = Sequence[Hashable]

DRAWS = 9_999
"""Ways to flip the signs that are drawn."""

STEPS = 120
"""Steps of F1 in which it is counted: exact for up to six labels given and right together,
and few enough that the signs of thousands of texts are drawn in a second."""


def f1_steps(given: Labels, right: Labels) -> int:
    """How far the given labels are those that are right, from 0 to `STEPS`.

    None of them is all right where none is.
    """
    total = len(given) + len(right)
    return STEPS if not total else round(STEPS * 2 * _both(given, right) / total)


def rightness(given: Labels, right: Labels) -> int:
    """The same, and once more `STEPS` where all labels are right."""
    return f1_steps(given, right) + STEPS * ({*given} == {*right})


def micro_f1(given: Sequence[Labels], right: Sequence[Labels]) -> float:
    """F1 over all labels of all texts, 0 to 1."""
    both = sum(map(_both, given, right))
    total = sum(map(len, given)) + sum(map(len, right))
    return 2 * both / total if total else 1.0


def sign_flips(differences: Sequence[int]) -> float:
    """How probable so large a sum is where each difference could have either sign.

    The same differences have the same probability each time.
    """
    sizes = Counter(abs(each) for each in differences if each)
    found = sum(differences)
    chance = random.Random(len(differences))  # noqa: S311 - the same each time
    as_large = sum(_drawn(chance, sizes) >= found for _ in range(DRAWS))
    return (as_large + 1) / (DRAWS + 1)


def _drawn(chance: random.Random, sizes: Counter[int]) -> int:
    """The sum with signs drawn anew; those of the same size are drawn at once."""
    return sum(
        size * (2 * chance.getrandbits(count).bit_count() - count)
        for size, count in sizes.items()
    )


def _both(given: Labels, right: Labels) -> int:
    return len({*given} & {*right})
