"""Fitting a linear head to hidden states whose labels are uncertain."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from onhand.domain.heads import OWN_SHARE
from onhand.domain.primitives import Train, Trained
from onhand.engine.llama.teach import teach
from onhand.engine.llama.teach_several import teach_several

if TYPE_CHECKING:
    import numpy.typing as npt

    Doubles = npt.NDArray[np.float64]

ROUNDS = 5
"""Refinements of the labels; more change next to nothing."""

PENALTY = 5.0
"""Of large weights, against hidden states scaled to unit variance and mean square 1."""

STEEP = 1.8
"""Standard deviation of what the head says, as logarithms of probabilities."""

_TINY = 1e-9


def train(request: Train, width: int | None = None) -> Trained:
    """A ridge regression from states to labels, refined round by round.

    Certain labels need no refinement; see `teach.py` and `teach_several.py`.

    In its dual form, which is quick where texts are fewer than dimensions; the answers that
    refine the labels are those of leaving each text out in turn (Hastie et al. 2009, The
    Elements of Statistical Learning, section 7.10).

    Args:
        request: texts, and what is known of their labels.
        width: dimensions of a view, where a state is several, one behind the other.
    """
    if request.labels:
        return teach(request, width)
    if request.right:
        return teach_several(request, width)
    states = np.array(request.states, np.float64)
    own = np.array(request.shares, np.float64)
    mean, spread = states.mean(axis=0), states.std(axis=0) + 1e-3
    scaled = (states - mean) / spread
    kernel = scaled @ scaled.T / scaled.shape[1]
    inverse = np.linalg.inv(kernel + PENALTY * np.eye(len(kernel)))
    hat = kernel @ inverse
    leverage = np.diag(hat)[:, np.newaxis]
    shares, targets, scale = own, own, 1.0
    for _ in range(ROUNDS):
        targets = shares - shares.mean(axis=0)
        said = (hat @ targets - leverage * targets) / (1 - leverage)
        scale = STEEP / (said.std() + _TINY)
        shares = _softmax(OWN_SHARE * np.log(own + _TINY) + scale * said)
    weights = scale / scaled.shape[1] * (scaled.T @ (inverse @ targets)).T / spread
    return Trained(
        weights=tuple(map(tuple, weights.tolist())),
        bias=tuple((-weights @ mean).tolist()),
    )


def _softmax(logs: Doubles) -> Doubles:
    shares: Doubles = np.exp(logs - logs.max(axis=-1, keepdims=True))
    shares /= shares.sum(axis=-1, keepdims=True)
    return shares
