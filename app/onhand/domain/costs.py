"""What wrong answers cost, and the answer that is expected to cost least.

A task says how bad it is to answer X where Y is right; 1 where it says nothing. The answer
that is expected to cost least, by the probabilities of all labels, need not be the most
probable one (Elkan 2001, "The foundations of cost-sensitive learning").
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from onhand.domain.tasks import NO_COSTS, Classify

if TYPE_CHECKING:
    from collections.abc import Mapping

    from onhand.domain.tasks import Task


def costs_of(task: Task) -> Mapping[str, float]:
    """What a task says of costs; nothing where any number of labels may be right."""
    return task.costs if isinstance(task, Classify) and not task.multiple else NO_COSTS


def cost(costs: Mapping[str, float], given: str, right: str) -> float:
    """What one answer costs."""
    return 0.0 if given == right else costs.get(f"{given}>{right}", 1.0)


def cheapest(costs: Mapping[str, float], scores: Mapping[str, float]) -> str:
    """The answer that is expected to cost least; of several the most probable one."""
    return min(scores, key=lambda given: (_expected(costs, scores, given), -scores[given]))


def counted(costs: Mapping[str, float], given: str, right: str) -> float:
    """What an answer counts for a promise about wrong ones: a wrong one at least once.

    So the promise is kept as it is said, and dear mistakes make it stricter.
    """
    return 0.0 if given == right else max(1.0, cost(costs, given, right))


def stake(costs: Mapping[str, float], scores: Mapping[str, float], given: str) -> float:
    """What an answer is expected to count if it is wrong."""
    others = {name: share for name, share in scores.items() if name != given}
    wrong = math.fsum(others.values())
    if not costs or not wrong:
        return 1.0
    counts = (share * counted(costs, given, right) for right, share in others.items())
    return math.fsum(counts) / wrong


def _expected(costs: Mapping[str, float], scores: Mapping[str, float], given: str) -> float:
    return math.fsum(share * cost(costs, given, right) for right, share in scores.items())
