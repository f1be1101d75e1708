"""Ridge regressions from hidden states in their dual form.

One decomposition of the kernel serves every penalty and every column of targets, and what a
fit says of a text that it did not see comes without another fit (leaving one out, Hastie et
al. 2009, The Elements of Statistical Learning, section 7.10).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Doubles = npt.NDArray[np.float64]

PENALTIES = (0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)
"""Of large weights, against a kernel whose diagonal is 2 on average."""

SPREAD = 1e-3
"""Added to the spread of a dimension; some hardly vary."""

_TINY = 1e-9


class Rows:
    """The hidden states of some texts, scaled and decomposed."""

    def __init__(self, states: Doubles) -> None:
        self._mean, self._spread = states.mean(axis=0), states.std(axis=0) + SPREAD
        self._scaled = (states - self._mean) / self._spread
        self._width = states.shape[1]
        # The constant is one more dimension. To centre the targets instead would tell each
        # text of its own.
        constant = np.ones((len(states), 1))
        self._strengths, self._axes = axes_of(
            np.hstack([self._scaled / math.sqrt(self._width), constant])
        )

    def left_out(self, targets: Doubles, penalty: float) -> Doubles:
        """What is said of each text by a fit without it."""
        kept = self._strengths / (self._strengths + penalty)
        said = self._axes @ (kept[:, np.newaxis] * (self._axes.T @ targets))
        leverage = (self._axes**2 @ kept)[:, np.newaxis]
        found: Doubles = (said - leverage * targets) / (1 - leverage)
        return found

    def weights(self, targets: Doubles, penalty: float) -> tuple[Doubles, Doubles]:
        """`weights[column][dimension]` and a bias by column, for states as they are."""
        along = self._axes.T @ targets
        dual = self._axes @ (along / (self._strengths + penalty)[:, np.newaxis])
        weights = (self._scaled.T @ dual).T / self._width / self._spread
        return weights, dual.sum(axis=0) - weights @ self._mean


def axes_of(rows: Doubles) -> tuple[Doubles, Doubles]:
    """The eigenvalues of the kernel of some rows, and its eigenvectors side by side.

    Where there are more rows than dimensions, those with the eigenvalue 0 are not among
    them. What would lie along those tells no dimension anything, so no weight needs them.
    """
    if len(rows) <= rows.shape[1]:
        strengths, axes = np.linalg.eigh(rows @ rows.T)
        return np.maximum(strengths, 0.0), axes
    strengths, turned = np.linalg.eigh(rows.T @ rows)
    real = strengths > _TINY * strengths.max()
    strengths = strengths[real]
    return strengths, rows @ turned[:, real] / np.sqrt(strengths)
