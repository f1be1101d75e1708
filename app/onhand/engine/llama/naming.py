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
    from collections.abc import Sequence

    import numpy.typing as npt

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


def believed(states: Doubles, named: Sequence[Sequence[float]], labels: int) -> Believed:
    """What is believed of texts, by the names of labels where their states are known.

    Args:
        states: `states[text][dimension]`, which tell what is usual.
        named: of the names, those of the first labels; they may have more dimensions
            behind these. Empty where nothing is known of them.
        labels: how many there are.
    """
    weights, bias = np.zeros((labels, states.shape[1])), np.zeros(labels)
    if not named:
        return Believed(1.0, weights, bias)
    names = np.array(named, np.float64)[:, : states.shape[1]]
    middle, unit = states.mean(axis=0), states.std(axis=0) + 1e-3
    # What names have in common tells that they are names.
    away = (names - names.mean(axis=0)) / unit
    away /= np.linalg.norm(away, axis=1, keepdims=True) + _TINY
    near = (states - middle) / unit @ away.T
    away *= NEAR * np.log(labels) / (near.std() + _TINY) / unit
    weights[: len(away)], bias[: len(away)] = away, -away @ middle
    return Believed(SAID, weights, bias)
