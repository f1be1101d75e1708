"""A head beside the model's own answer, and what both say of texts that are left out.

The penalty of the ridge regression, and the weights of the two (stacking, Wolpert 1992),
are chosen by what is said of each text when it is left out. Whoever chooses by such answers
has seen them. So what is told as held out comes from fits of which a text saw nothing at
all, neither its penalty nor its weights (nested cross-validation, Varma and Simon 2006, doi
10.1186/1471-2105-7-91), as long as texts are so few that it matters.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

from onhand.domain.primitives import Trained
from onhand.engine.llama.ridge import PENALTIES, Rows

if TYPE_CHECKING:
    from collections.abc import Sequence

Doubles: TypeAlias = npt.NDArray[np.float64]

Blend: TypeAlias = Callable[[Doubles, Doubles, Doubles], tuple[Doubles, float]]
"""From the model's own evidence, what the head says, and what is right, each
`[text][label]`: the weights of the two and a bias, and the log loss then."""

FOLDS, NESTED = 10, 600
"""Parts that are held out one after the other, with so many texts at most; with more, two
weights and a penalty are too little to learn a text by heart."""

_TINY = 1e-9
_STEPS = 50


@dataclass(frozen=True)
class _Fit:
    """A head as it is applied, and the weight of the model's own evidence beside it.

    Attributes:
        left_out: logits of each text by a fit without it.
    """

    weights: Doubles
    bias: Doubles
    own: float
    left_out: Doubles

    def logits(self, states: Doubles, own: Doubles) -> Doubles:
        """Of texts, by their states and the model's own evidence."""
        found: Doubles = states @ self.weights.T + self.bias + self.own * own
        return found


def stacked(
    states: Sequence[Sequence[float]],
    own: Doubles,
    targets: Doubles,
    blend: Blend,
    shares: Callable[[Doubles], Doubles],
) -> Trained:
    """The head for some texts, and what is said of each when it is left out.

    Args:
        states: `states[text][dimension]`.
        own: the model's own evidence as logits, `own[text][label]`.
        targets: 1 where a label is right, else 0.
        blend: weighs head and evidence.
        shares: makes probabilities of logits.
    """
    rows = np.array(states, np.float64)
    fit = _fitted(rows, own, targets, blend)
    held_out = fit.left_out
    if len(rows) <= NESTED:
        held_out = np.empty_like(own)
        for fold in range(FOLDS):
            out = np.arange(len(rows)) % FOLDS == fold
            without = _fitted(rows[~out], own[~out], targets[~out], blend)
            held_out[out] = without.logits(rows[out], own[out])
    return Trained(
        weights=tuple(map(tuple, fit.weights.tolist())),
        bias=tuple(fit.bias.tolist()),
        own=fit.own,
        held_out=tuple(map(tuple, shares(held_out).tolist())),
    )


def newton(
    start: Doubles,
    step: Callable[[Doubles], Doubles],
    loss: Callable[[Doubles], float],
) -> Doubles:
    """Where a loss is least: Newton's method, with shorter steps where a full one misses.

    Args:
        start: where to begin.
        step: the full step that is taken off from somewhere.
        loss: what is to be least.
    """
    weights, least = start, loss(start)
    for _ in range(_STEPS):
        full, part = step(weights), 1.0
        while part > _TINY and loss(weights - part * full) > least:
            part /= 2
        weights = weights - part * full
        least = loss(weights)
        if np.abs(part * full).max() < _TINY:
            break
    return weights


def _fitted(states: Doubles, own: Doubles, targets: Doubles, blend: Blend) -> _Fit:
    rows = Rows(states)
    tried = []
    for penalty in PENALTIES:
        without = rows.left_out(targets, penalty)
        blended, loss = blend(own, without, targets)
        tried.append((loss, penalty, blended, without))
    _, penalty, (by_own, by_head, more), without = min(tried, key=lambda each: each[0])
    weights, bias = rows.weights(targets, penalty)
    return _Fit(
        weights=by_head * weights,
        bias=by_head * bias + more,
        own=float(by_own),
        left_out=by_own * own + by_head * without + more,
    )
