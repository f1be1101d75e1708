"""Fitting a linear head to hidden states, whatever is known of their labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from onhand.engine.llama.mixture import mixed
from onhand.engine.llama.teach import teach
from onhand.engine.llama.teach_several import teach_several

if TYPE_CHECKING:
    from onhand.domain.primitives import Train, Trained


def train(request: Train, width: int | None = None) -> Trained:
    """A head that is fitted to labels, or to the model's own answers where nobody gave any.

    Of a state that is several views, the first one alone is used where nobody gave labels:
    it is the one that the model's answers come from, and with it they are better refined
    (decision 067).

    Args:
        request: texts, and what is known of their labels.
        width: dimensions of a view, where a state is several, one behind the other.
    """
    if request.labels:
        return teach(request, width)
    if request.right:
        return teach_several(request, width)
    states = np.array(request.states, np.float64)
    return mixed(states[:, :width], np.array(request.shares, np.float64))
