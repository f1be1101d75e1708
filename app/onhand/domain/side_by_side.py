"""Models side by side: the smallest that is good enough, and what may be chance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.domain.comparing import mcnemar
from onhand.domain.label_sets import STEPS, sign_flips

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onhand.domain.evaluating import Answered, Evaluation


def smallest_that_clears(
    evaluations: Sequence[Evaluation], bar: float
) -> Evaluation | None:
    """The model with the smallest file whose score is at least the bar, if any is."""
    clearing = [each for each in evaluations if each.score >= bar]
    return min(clearing, key=lambda each: each.bytes, default=None)


def difference(first: Evaluation, second: Evaluation) -> float:
    """How probable the difference of two models on the same texts is by chance alone.

    Of labels by which texts are right (McNemar's exact test), of fields by how far their
    values are, of written texts by how much of them can stay (`label_sets.sign_flips`);
    two-sided.
    """
    pairs = list(zip(first.answers, second.answers, strict=True))
    if first.fields or first.written:
        steps = [round(STEPS * (_far(one) - _far(other))) for one, other in pairs]
        if sum(steps) < 0:
            steps = [-each for each in steps]
        return min(1.0, 2 * sign_flips(steps))
    return mcnemar(
        sum(one.is_right and not other.is_right for one, other in pairs),
        sum(other.is_right and not one.is_right for one, other in pairs),
    )


def _far(each: Answered) -> float:
    """How far an answer is right."""
    return each.f1 if each.stays is None else each.stays
