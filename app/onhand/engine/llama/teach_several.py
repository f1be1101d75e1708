"""Fitting a linear head to hidden states where any number of labels may be right.

Each label is a question of its own (binary relevance, Tsoumakas and Katakis 2007, doi
10.4018/jdwm.2007070101): the ridge regression of `teach.py` with a column of zeros and ones
for each, all from one decomposition. What it says of a text that it did not see, and the
model's own evidence for the label, are stacked by a logistic regression (Wolpert 1992) with
three numbers that all labels share: two weights and a bias. So there are many observations
for each of them, and a label with few texts is not fitted to these alone.

They are drawn to those that change nothing: the model's own evidence as it is, no head, no
bias. Where examples are few, or states say little, the answers stay about what they were.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from onhand.domain.heads import CERTAIN
from onhand.engine.llama.stacking import newton, stacked

if TYPE_CHECKING:
    from onhand.domain.primitives import Train, Trained
    from onhand.engine.llama.stacking import Doubles

UNCHANGED = (1.0, 0.0, 0.0)
"""Weight of the model's own evidence, of the head, and the bias, that change nothing."""

STIFFNESS = 0.0003
"""Against moving away from these, beside the mean loss of a label of a text."""


def teach_several(request: Train) -> Trained:
    """The head for texts with all their labels, and what is said of each left out."""
    own = log_odds(np.array(request.shares, np.float64))
    targets = np.zeros_like(own)
    for row, right in enumerate(request.right):
        targets[row, list(right)] = 1.0
    return stacked(request.states, own, targets, _blended, _logistic)


def log_odds(shares: Doubles) -> Doubles:
    """The logarithms of the odds; the ends are cut off."""
    inside = np.clip(shares, CERTAIN, 1 - CERTAIN)
    found: Doubles = np.log(inside / (1 - inside))
    return found


def _blended(own: Doubles, head: Doubles, targets: Doubles) -> tuple[Doubles, float]:
    """The weights and the bias that explain the labels best, and the log loss then."""
    scores = np.stack([own, head, np.ones_like(own)], axis=-1).reshape(-1, 3)
    right = targets.reshape(-1)
    start = np.array(UNCHANGED)

    def step(weights: Doubles) -> Doubles:
        shares = _logistic(scores @ weights)
        slope = scores.T @ (shares - right) / len(right) + STIFFNESS * (weights - start)
        doubt = shares * (1 - shares)
        bend = (scores * doubt[:, np.newaxis]).T @ scores / len(right)
        found: Doubles = np.linalg.solve(bend + STIFFNESS * np.eye(3), slope)
        return found

    def loss(weights: Doubles) -> float:
        return _loss(scores, right, weights)

    weights = newton(start, step, loss)
    # Evidence that speaks against itself says nothing that can be relied on.
    weights[:2] = np.maximum(weights[:2], 0.0)
    return weights, loss(weights)


def _loss(scores: Doubles, right: Doubles, weights: Doubles) -> float:
    logits = scores @ weights
    missed = (np.logaddexp(0.0, logits) - right * logits).mean()
    return float(missed + STIFFNESS / 2 * ((weights - UNCHANGED) ** 2).sum())


def _logistic(logits: Doubles) -> Doubles:
    found: Doubles = 0.5 * (1 + np.tanh(logits / 2))
    return found
