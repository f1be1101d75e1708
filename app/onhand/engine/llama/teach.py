"""Fitting a linear head to hidden states whose labels a person gave.

A ridge regression from states to labels, in its dual form: one decomposition of the kernel
serves every penalty, and what a fit says of a text that it did not see comes without
another fit (leaving one out, Hastie et al. 2009, The Elements of Statistical Learning,
section 7.10). From these held-out answers, and the model's own, a multinomial regression
of two weights makes probabilities (stacking, Wolpert 1992): where examples are few or say
little, the model's own answer keeps its weight. The penalty is the one whose held-out
probabilities are best.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from onhand.domain.primitives import Train, Trained

if TYPE_CHECKING:
    import numpy.typing as npt

    Doubles = npt.NDArray[np.float64]
    Numbers = npt.NDArray[np.int64]

PENALTIES = (0.3, 1.0, 3.0, 10.0, 30.0)
"""Of large weights, against a kernel whose diagonal is 1 on average.

None is smaller: states and labels are centred with the text that is left out among them, so
a fit that nearly reproduces every label still knows something of it.
"""

STIFFNESS = 0.01
"""Of the two weights: what keeps them finite where every held-out answer is right."""

SPREAD = 1e-3
"""Added to the spread of a dimension; some hardly vary."""

_TINY = 1e-9
_STEPS = 50


def teach(request: Train) -> Trained:
    """The head for some labelled texts, and what is said of each when it is left out."""
    states = np.array(request.states, np.float64)
    labels = np.array(request.labels, np.int64)
    own = np.log(np.array(request.shares, np.float64) + _TINY)
    mean, spread = states.mean(axis=0), states.std(axis=0) + SPREAD
    scaled = (states - mean) / spread
    width = scaled.shape[1]
    strengths, axes = np.linalg.eigh(scaled @ scaled.T / width)
    strengths = np.maximum(strengths, 0.0)
    right = np.eye(own.shape[1])[labels]
    usual = right.mean(axis=0)
    targets = right - usual
    along = axes.T @ targets
    tried = []
    for penalty in PENALTIES:
        kept = strengths / (strengths + penalty)
        said = axes @ (kept[:, np.newaxis] * along)
        leverage = (axes**2 @ kept)[:, np.newaxis]
        without = (said - leverage * targets) / (1 - leverage) + usual
        blend, loss = _blended(own, without, labels)
        tried.append((loss, penalty, blend, without))
    _, penalty, blend, without = min(tried, key=lambda each: each[0])
    dual = axes @ (along / (strengths + penalty)[:, np.newaxis])
    weights = blend[1] / width * (scaled.T @ dual).T / spread
    bias = blend[1] * usual - weights @ mean
    return Trained(
        weights=tuple(map(tuple, weights.tolist())),
        bias=tuple(bias.tolist()),
        own=float(blend[0]),
        held_out=tuple(map(tuple, _softmax(_sum(own, without, blend)).tolist())),
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


def _sum(own: Doubles, head: Doubles, blend: Doubles) -> Doubles:
    result: Doubles = blend[0] * own + blend[1] * head
    return result


def _softmax(logits: Doubles) -> Doubles:
    shares: Doubles = np.exp(logits - logits.max(axis=-1, keepdims=True))
    shares /= shares.sum(axis=-1, keepdims=True)
    return shares
