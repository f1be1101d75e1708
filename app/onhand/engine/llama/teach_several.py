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

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from onhand.domain.heads import CERTAIN
from onhand.domain.primitives import Trained
from onhand.engine.llama.ridge import PENALTIES, Rows

if TYPE_CHECKING:
    import numpy.typing as npt

    from onhand.domain.primitives import Train

    Doubles = npt.NDArray[np.float64]

FOLDS, NESTED = 10, 600
"""Parts that are held out one after the other, and texts at most; see `teach.py`."""

UNCHANGED = (1.0, 0.0, 0.0)
"""Weight of the model's own evidence, of the head, and the bias, that change nothing."""

STIFFNESS = 0.0003
"""Against moving away from these, beside the mean loss of a label of a text."""

_TINY = 1e-9
_STEPS = 50


@dataclass(frozen=True)
class _Fit:
    """A head as it is applied, and the weight of the model's own evidence beside it."""

    weights: Doubles
    bias: Doubles
    own: float
    left_out: Doubles

    def logits(self, states: Doubles, own: Doubles) -> Doubles:
        """Of texts, by their states and the model's own evidence."""
        found: Doubles = states @ self.weights.T + self.bias + self.own * own
        return found


def teach_several(request: Train) -> Trained:
    """The head for texts with all their labels, and what is said of each left out."""
    states = np.array(request.states, np.float64)
    own = log_odds(np.array(request.shares, np.float64))
    targets = np.zeros_like(own)
    for row, right in enumerate(request.right):
        targets[row, list(right)] = 1.0
    fit = _fitted(states, own, targets)
    held_out = fit.left_out
    if len(targets) <= NESTED:
        held_out = np.empty_like(own)
        for fold in range(FOLDS):
            out = np.arange(len(targets)) % FOLDS == fold
            without = _fitted(states[~out], own[~out], targets[~out])
            held_out[out] = without.logits(states[out], own[out])
    return Trained(
        weights=tuple(map(tuple, fit.weights.tolist())),
        bias=tuple(fit.bias.tolist()),
        own=fit.own,
        held_out=tuple(map(tuple, _logistic(held_out).tolist())),
    )


def log_odds(shares: Doubles) -> Doubles:
    """The logarithms of the odds; the ends are cut off."""
    inside = np.clip(shares, CERTAIN, 1 - CERTAIN)
    found: Doubles = np.log(inside / (1 - inside))
    return found


def _fitted(states: Doubles, own: Doubles, targets: Doubles) -> _Fit:
    rows = Rows(states)
    tried = []
    for penalty in PENALTIES:
        without = rows.left_out(targets, penalty)
        blend, loss = _blended(own, without, targets)
        tried.append((loss, penalty, blend, without))
    _, penalty, blend, without = min(tried, key=lambda each: each[0])
    weights, bias = rows.weights(targets, penalty)
    return _Fit(
        weights=blend[1] * weights,
        bias=blend[1] * bias + blend[2],
        own=float(blend[0]),
        left_out=blend[0] * own + blend[1] * without + blend[2],
    )


def _blended(own: Doubles, head: Doubles, targets: Doubles) -> tuple[Doubles, float]:
    """The weights and the bias that explain the labels best, and the log loss then.

    Newton's method, with shorter steps where a full one leads astray.
    """
    scores = np.stack([own, head, np.ones_like(own)], axis=-1).reshape(-1, 3)
    right = targets.reshape(-1)
    start = np.array(UNCHANGED)
    weights, loss = start, _loss(scores, right, start)
    for _ in range(_STEPS):
        shares = _logistic(scores @ weights)
        slope = scores.T @ (shares - right) / len(right) + STIFFNESS * (weights - start)
        doubt = shares * (1 - shares)
        bend = (scores * doubt[:, np.newaxis]).T @ scores / len(right)
        step = np.linalg.solve(bend + STIFFNESS * np.eye(3), slope)
        part = 1.0
        while part > _TINY and _loss(scores, right, weights - part * step) > loss:
            part /= 2
        weights = weights - part * step
        loss = _loss(scores, right, weights)
        if np.abs(part * step).max() < _TINY:
            break
    # Evidence that speaks against itself says nothing that can be relied on.
    weights[:2] = np.maximum(weights[:2], 0.0)
    return weights, _loss(scores, right, weights)


def _loss(scores: Doubles, right: Doubles, weights: Doubles) -> float:
    logits = scores @ weights
    missed = (np.logaddexp(0.0, logits) - right * logits).mean()
    return float(missed + STIFFNESS / 2 * ((weights - UNCHANGED) ** 2).sum())


def _logistic(logits: Doubles) -> Doubles:
    found: Doubles = 0.5 * (1 + np.tanh(logits / 2))
    return found
