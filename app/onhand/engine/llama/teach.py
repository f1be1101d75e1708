"""Fitting a linear head to hidden states whose labels a person gave.

A ridge regression from states to labels, in its dual form: one decomposition of the kernel
serves every penalty, and what a fit says of a text that it did not see comes without
another fit (leaving one out, Hastie et al. 2009, The Elements of Statistical Learning,
section 7.10). From these answers, and the model's own, a multinomial regression of two
weights makes probabilities (stacking, Wolpert 1992): where examples are few or say little,
the model's own answer keeps its weight. The penalty with the best probabilities is taken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from onhand.engine.llama.stacking import newton, stacked

if TYPE_CHECKING:
    import numpy.typing as npt

    from onhand.domain.primitives import Train, Trained
    from onhand.engine.llama.stacking import Doubles

    Numbers = npt.NDArray[np.int64]

STIFFNESS = 0.01
"""Of the two weights: what keeps them finite where every held-out answer is right."""

_TINY = 1e-9


def teach(request: Train) -> Trained:
    """The head for some labelled texts, and what is said of each when it is left out."""
    own = np.log(np.array(request.shares, np.float64) + _TINY)
    targets = np.eye(own.shape[1])[np.array(request.labels, np.int64)]
    return stacked(request.states, own, targets, _blended, _softmax)


def _blended(own: Doubles, head: Doubles, targets: Doubles) -> tuple[Doubles, float]:
    """The weights of two kinds of scores that explain labels best, and the loss then."""
    scores = np.stack([own, head], axis=2)
    labels = targets.argmax(axis=1)
    right = scores[np.arange(len(labels)), labels]

    def step(weights: Doubles) -> Doubles:
        shares = _softmax(scores @ weights)
        expected = np.einsum("tl,tlw->tw", shares, scores)
        slope = (expected - right).mean(axis=0) + STIFFNESS * weights
        apart = scores - expected[:, np.newaxis, :]
        bend = np.einsum("tl,tlw,tlv->wv", shares, apart, apart) / len(labels)
        found: Doubles = np.linalg.solve(bend + STIFFNESS * np.eye(2), slope)
        return found

    def loss(weights: Doubles) -> float:
        return _loss(scores, labels, weights)

    weights = newton(np.array([0.5, 1.0]), step, loss)
    # An own answer that speaks against itself says nothing that can be relied on.
    return np.append(np.maximum(weights, 0.0), 0.0), loss(weights)


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
