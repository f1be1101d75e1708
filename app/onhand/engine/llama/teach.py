"""Fitting a linear head to hidden states whose labels a person gave.

A ridge regression from states to labels, in its dual form: one decomposition of the kernel
serves every penalty, and what a fit says of a text that it did not see comes without
another fit (leaving one out, Hastie et al. 2009, The Elements of Statistical Learning,
section 7.10). From these answers, and the model's own, a multinomial regression of two
weights makes probabilities (stacking, Wolpert 1992): where examples are few or say little,
the model's own answer keeps its weight. The penalty with the best probabilities is taken.

Whoever chooses by such answers has seen them. So what is told as held out comes from fits
of which a text saw nothing at all, neither its penalty nor its weights (nested
cross-validation, Varma and Simon 2006, doi 10.1186/1471-2105-7-91), as long as texts are
so few that it matters.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from onhand.domain.primitives import Train, Trained
from onhand.engine.llama.ridge import PENALTIES, Rows

if TYPE_CHECKING:
    import numpy.typing as npt

    Doubles = npt.NDArray[np.float64]
    Numbers = npt.NDArray[np.int64]

STIFFNESS = 0.01
"""Of the two weights: what keeps them finite where every held-out answer is right."""

FOLDS, NESTED = 10, 600
"""Parts that are held out one after the other, with so many texts at most; with more, two
weights and a penalty are too little to learn a text by heart."""

_TINY = 1e-9
_STEPS = 50


@dataclass(frozen=True)
class _Fit:
    """A head and the weight of the model's own answer beside it.

    Attributes:
        left_out: logits of each text by a fit without it.
    """

    weights: Doubles
    bias: Doubles
    own: float
    left_out: Doubles

    def logits(self, states: Doubles, own: Doubles) -> Doubles:
        """Of texts, by their states and the logarithms of the model's own answers."""
        found: Doubles = states @ self.weights.T + self.bias + self.own * own
        return found


def teach(request: Train) -> Trained:
    """The head for some labelled texts, and what is said of each when it is left out."""
    states = np.array(request.states, np.float64)
    labels = np.array(request.labels, np.int64)
    own = np.log(np.array(request.shares, np.float64) + _TINY)
    fit = _fitted(states, own, labels)
    held_out = fit.left_out
    if len(labels) <= NESTED:
        held_out = np.empty_like(own)
        for fold in range(FOLDS):
            out = np.arange(len(labels)) % FOLDS == fold
            without = _fitted(states[~out], own[~out], labels[~out])
            held_out[out] = without.logits(states[out], own[out])
    return Trained(
        weights=tuple(map(tuple, fit.weights.tolist())),
        bias=tuple(fit.bias.tolist()),
        own=fit.own,
        held_out=tuple(map(tuple, _softmax(held_out).tolist())),
    )


def _fitted(states: Doubles, own: Doubles, labels: Numbers) -> _Fit:
    rows = Rows(states)
    targets = np.eye(own.shape[1])[labels]
    tried = []
    for penalty in PENALTIES:
        without = rows.left_out(targets, penalty)
        blend, loss = _blended(own, without, labels)
        tried.append((loss, penalty, blend, without))
    _, penalty, blend, without = min(tried, key=lambda each: each[0])
    weights, bias = rows.weights(targets, penalty)
    return _Fit(
        weights=blend[1] * weights,
        bias=blend[1] * bias,
        own=float(blend[0]),
        left_out=blend[0] * own + blend[1] * without,
    )


def _blended(own: Doubles, head: Doubles, labels: Numbers) -> tuple[Doubles, float]:
    """The weights of two kinds of scores that explain labels best, and the log loss then.

    Newton's method, with shorter steps where a full one leads astray.
    """
    scores = np.stack([own, head], axis=2)
    rows = np.arange(len(labels))
    weights = np.array([0.5, 1.0])
    loss = _loss(scores, labels, weights)
    for _ in range(_STEPS):
        shares = _softmax(scores @ weights)
        expected = np.einsum("tl,tlw->tw", shares, scores)
        slope = (expected - scores[rows, labels]).mean(axis=0) + STIFFNESS * weights
        apart = scores - expected[:, np.newaxis, :]
        bend = np.einsum("tl,tlw,tlv->wv", shares, apart, apart) / len(labels)
        step = np.linalg.solve(bend + STIFFNESS * np.eye(2), slope)
        part = 1.0
        while part > _TINY and _loss(scores, labels, weights - part * step) > loss:
            part /= 2
        weights = weights - part * step
        loss = _loss(scores, labels, weights)
        if np.abs(part * step).max() < _TINY:
            break
    # An own answer that speaks against itself says nothing that can be relied on.
    return np.maximum(weights, 0.0), loss


def _loss(scores: Doubles, labels: Numbers, weights: Doubles) -> float:
    logits = scores @ weights
    top = logits.max(axis=1)
    total = np.log(np.exp(logits - top[:, np.newaxis]).sum(axis=1)) + top
    missed = (total - logits[np.arange(len(labels)), labels]).mean()
    return float(missed + STIFFNESS / 2 * (weights**2).sum())


def _softmax(logits: Doubles) -> Doubles:
    shares: Doubles = np.exp(logits - logits.max(axis=-1, keepdims=True))
    shares /= shares.sum(axis=-1, keepdims=True)
    return shares
