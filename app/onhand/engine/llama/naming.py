"""How near a text is to the names of labels, as the model sees both.

The state that the answer for a text comes from looks much like the one behind a label's own
name, put in the place of a text: both are about to say that label. So the names serve as a
text of each label that nobody had to give (dataless classification, Chang et al. 2008, AAAI
23, 830). Together with what the model says of the text that is right more often than
either; decision 068 has the figures.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from onhand.domain.primitives import Train

    Doubles = npt.NDArray[np.float64]

SAID = 0.7
"""Weight of what the model says beside how near names are."""

NEAR = 1.0
"""How much nearness spreads over texts and labels, as a multiple of how much is to be told
by it: the logarithm of the number of labels."""

_TINY = 1e-9


@dataclass(frozen=True)
class Believed:
    """What is believed of a text before anything is learned, linear in what is known of it.

    Attributes:
        said: weight of the logarithms of what the model says.
        weights: `weights[label][dimension]` of the state.
        bias: by label.
    """

    said: float
    weights: Doubles
    bias: Doubles

    def logits(self, states: Doubles, said: Doubles) -> Doubles:
        """Of texts; `said[text][label]`: logarithms of what the model says."""
        found: Doubles = self.said * said + states @ self.weights.T + self.bias
        return found


def believed(request: Train, width: int | None) -> Believed:
    """What is believed of texts, by the names of labels where their states are known.

    Args:
        request: the texts, which tell what is usual, and the names.
        width: dimensions of the view that names are compared in, the first one of a state;
            None: there is only one.
    """
    states = np.array(request.states, np.float64)
    weights = np.zeros((len(request.shares[0]), states.shape[1]))
    bias = np.zeros(len(weights))
    if not request.names:
        return Believed(1.0, weights, bias)
    states, names = states[:, :width], np.array(request.names, np.float64)[:, :width]
    middle, unit = states.mean(axis=0), states.std(axis=0) + 1e-3
    # What names have in common tells that they are names.
    away = (names - names.mean(axis=0)) / unit
    away /= np.linalg.norm(away, axis=1, keepdims=True) + _TINY
    near = (states - middle) / unit @ away.T
    away *= NEAR * np.log(len(bias)) / (near.std() + _TINY) / unit
    weights[: len(away), : away.shape[1]] = away
    bias[: len(away)] = -away @ middle
    return Believed(SAID, weights, bias)
