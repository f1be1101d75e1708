"""Fitting a linear head to hidden states where any number of labels may be right.

Each label is a question of its own (binary relevance, Tsoumakas and Katakis 2007, doi
10.4018/jdwm.2007070101): the ridge regression of `teach.py` with a column of zeros and ones
for each, all from one decomposition. What it says of a text that it did not see, and the
model's own evidence for the label, are stacked by a logistic regression (Wolpert 1992) with
numbers that all labels share: some weights and a bias. So there are many observations for
each of them, and a label with few texts is not fitted to these alone.

They are drawn to those that change nothing: the model's own evidence as it is, no head, no
bias. Where examples are few, or states say little, the answers stay about what they were.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from onhand.domain.heads import CERTAIN
from onhand.engine.llama.stacking import Blended, newton, stacked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onhand.domain.train_request import Train, Trained
    from onhand.engine.llama.stacking import Doubles

UNCHANGED = 1.0
"""Weight of the model's own evidence that changes nothing, where heads and bias have 0."""

STIFFNESS = 0.0003
"""Against moving away from these, beside the mean loss of a label of a text."""


def teach_several(request: Train, width: int | None = None) -> Trained:
    """The head for texts with all their labels, and what is said of each left out."""
    own = log_odds(np.array(request.shares, np.float64))
    targets = np.zeros_like(own)
    for row, right in enumerate(request.right):
        targets[row, list(right)] = 1.0
    states = np.array(request.states, np.float64)
    return stacked(states, width, own, targets, AnyLabels())


def log_odds(shares: Doubles) -> Doubles:
    """The logarithms of the odds; the ends are cut off."""
    inside = np.clip(shares, CERTAIN, 1 - CERTAIN)
    found: Doubles = np.log(inside / (1 - inside))
    return found


class AnyLabels:
    """Any number of labels may be right of each text."""

    def aims(self, targets: Doubles) -> Doubles:
        """Zeros and ones: each label is a question of its own."""
        return targets

    def blend(self, own: Doubles, heads: Sequence[Doubles], targets: Doubles) -> Blended:
        """The weights and the bias that explain the labels best, the same for all."""
        scores = np.stack([own, *heads, np.ones_like(own)], axis=-1)
        flat, right = scores.reshape(-1, scores.shape[-1]), targets.reshape(-1)
        start = np.zeros(flat.shape[1])
        start[0] = UNCHANGED
        stiff = STIFFNESS * np.eye(len(start))

        def look(weights: Doubles) -> tuple[float, Doubles]:
            logits, away = flat @ weights, weights - start
            shares = _logistic(logits)
            missed = (np.logaddexp(0.0, logits) - right * logits).mean()
            slope = flat.T @ (shares - right) / len(right) + STIFFNESS * away
            doubt = shares * (1 - shares)
            bend = (flat * doubt[:, np.newaxis]).T @ flat / len(right) + stiff
            loss = missed + STIFFNESS / 2 * (away**2).sum()
            step = np.asarray(np.linalg.solve(bend, slope), np.float64)
            return float(loss), step

        weights, loss = newton(start, look)
        # Evidence that speaks against itself says nothing that can be relied on.
        weights[:-1] = np.maximum(weights[:-1], 0.0)
        return Blended(
            own=float(weights[0]),
            heads=weights[1:-1],
            bias=weights[-1],
            left_out=scores @ weights,
            loss=loss,
        )

    def shares(self, logits: Doubles) -> Doubles:
        """The probability of each label by itself."""
        return _logistic(logits)


def _logistic(logits: Doubles) -> Doubles:
    found: Doubles = 0.5 * (1 + np.tanh(logits / 2))
    return found
