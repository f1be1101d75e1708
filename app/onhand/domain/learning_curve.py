"""How much more labelled texts help: accuracy, or F1 of values, by how many there are."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from onhand.domain.teaching import LEAST_LABELS

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

SIZES = (10, 20, 50, 100, 200)
"""Numbers of labelled texts that are tried."""

DRAWS = 10
"""Times that each number is drawn anew."""

LEAST_REST = 10
"""Texts that are not drawn, on which it is tried."""


@dataclass(frozen=True, kw_only=True)
class CurvePoint:
    """With so many labelled texts this share of held-out ones is right; or so is F1."""

    texts: int
    right: float


@dataclass(frozen=True, kw_only=True)
class Curve:
    """Accuracy, or F1, without any labelled text, and with more and more of them."""

    before: float
    points: tuple[CurvePoint, ...]


def draws(texts: int, labels: Sequence[Hashable]) -> list[tuple[int, list[list[int]]]]:
    """For each number of texts the places of those that are drawn, the same each time.

    A draw of one label alone teaches nothing and is left out.
    """
    chance = random.Random(texts)  # noqa: S311 - the same each time
    plan = []
    for size in (each for each in SIZES if each + LEAST_REST <= texts):
        drawn = [sorted(chance.sample(range(texts), size)) for _ in range(DRAWS)]
        fit = [each for each in drawn if len({labels[at] for at in each}) >= LEAST_LABELS]
        if fit:
            plan.append((size, fit))
    return plan
