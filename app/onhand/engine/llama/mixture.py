"""A linear head from states whose labels nobody gave, only what a model says of them.

States of a label are taken to spread about a middle of their own, all in the same way
(linear discriminant analysis, Hastie et al. 2009, The Elements of Statistical Learning,
section 4.3). Middles and spread are found by expectation and maximisation from what is
believed at first, where a text belongs to each label as far as all that is known says
(Nigam et al. 2000, doi 10.1023/A:1007692713085; on what a model says alone, Han et al.
2022, arXiv 2205.10183).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from onhand.domain.heads import OWN_SHARE
from onhand.domain.train_request import Trained
from onhand.engine.llama.stacking import softmax

if TYPE_CHECKING:
    import numpy.typing as npt

    Doubles = npt.NDArray[np.float64]

ROUNDS = 10
"""Of expectation and maximisation; more change next to nothing."""

DIMENSIONS = 30
"""In which states differ most. In all of them some texts would tell any labels apart."""

ROUND = 0.5
"""Share of the mean spread that is added along each dimension: spreads of few texts are
told badly."""

PULL = 10.0
"""Texts by which the middle of a label is drawn to that of all, so that a label with few
texts does not lie where these happen to be."""

_TINY = 1e-9


def mixed(states: Doubles, believed: Doubles) -> Trained:
    """The head that follows from some texts.

    Args:
        states: `states[text][dimension]`.
        believed: what is believed of them at first, logits by text and label.
    """
    middle, unit = states.mean(axis=0), states.std(axis=0) + 1e-3
    scaled = (states - middle) / unit
    along = np.linalg.svd(scaled, full_matrices=False)[2][:DIMENSIONS]
    seen = scaled @ along.T
    labels = believed.shape[1]
    weights, bias = np.zeros((labels, len(along))), np.zeros(labels)
    believed = np.log(softmax(believed) + _TINY)
    belongs = np.exp(believed)
    for _ in range(ROUNDS):
        weights, bias = _discriminant(seen, belongs)
        belongs = softmax(OWN_SHARE * believed + seen @ weights.T + bias)
    weights = weights @ along / unit
    return Trained(
        weights=tuple(map(tuple, weights.tolist())),
        bias=tuple((bias - weights @ middle).tolist()),
        own=OWN_SHARE,
    )


def _discriminant(seen: Doubles, belongs: Doubles) -> tuple[Doubles, Doubles]:
    """Weights and bias by label that tell how probable a state is, but for a constant."""
    texts = belongs.sum(axis=0)[:, np.newaxis]
    middles = belongs.T @ seen / (texts + PULL)
    spread = (seen.T @ seen - (middles * texts).T @ middles) / len(seen)
    spread += (ROUND * spread.trace() / len(spread) + _TINY) * np.eye(len(spread))
    weights = np.linalg.solve(spread, middles.T).T
    return weights, -(weights * middles).sum(axis=1) / 2
