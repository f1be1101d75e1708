"""Fitting a linear head to hidden states, whatever is known of their labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np

from onhand.domain.heads import may_be_mixed
from onhand.domain.train_request import Trained
from onhand.engine.llama.mixture import mixed
from onhand.engine.llama.naming import believed
from onhand.engine.llama.teach import teach
from onhand.engine.llama.teach_several import teach_several

if TYPE_CHECKING:
    from onhand.domain.train_request import Train
    from onhand.engine.llama.naming import Believed

_TINY = 1e-9


def train(request: Train, width: int | None = None) -> Trained:
    """A head that is fitted to labels, or to what is believed where nobody gave any.

    Of a state that is several views, the first one alone is used where nobody gave labels:
    it is the one that the model's answers come from, and with it they are better refined
    (decision 067).

    Args:
        request: texts, and what is known of their labels.
        width: dimensions of a view, where a state is several, one behind the other.
    """
    if request.right:
        return teach_several(request, width)
    states = np.array(request.states, np.float64)
    said = np.log(np.array(request.shares, np.float64) + _TINY)
    view, labels = states[:, :width], said.shape[1]
    first = believed(view, request.names, labels)
    logits = first.logits(view, said)
    if request.labels:
        return _beside(first, teach(states, width, logits, request.labels))
    if may_be_mixed(*logits.shape):
        return _beside(first, mixed(view, logits))
    nothing = ((0.0,) * view.shape[1],) * labels
    return _beside(first, Trained(weights=nothing, bias=(0.0,) * labels, own=1.0))


def _beside(first: Believed, trained: Trained) -> Trained:
    """A head beside what is believed at first, as one beside what the model says."""
    weights, bias = np.array(trained.weights), np.array(trained.bias)
    weights[:, : first.weights.shape[1]] += trained.own * first.weights
    return msgspec.structs.replace(
        trained,
        weights=tuple(map(tuple, weights.tolist())),
        bias=tuple((bias + trained.own * first.bias).tolist()),
        own=trained.own * first.said,
    )
