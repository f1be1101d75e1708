"""Fitting weights of features, so that the right candidates are chosen among others.

A conditional logit (McFadden 1974) with a normal prior: what is known beforehand is what
the model's own evidence says alone, so weights move away from that only as far as the
choices shown demand it. The loss is convex; Newton's steps are found by conjugate gradients
(Lin et al. 2008, Trust Region Newton Method for Large-Scale Logistic Regression), since
few of the many features meet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from onhand.domain.assigning import DOUBT
from onhand.domain.weigh_request import Weighed
from onhand.engine.llama.stacking import newton

if TYPE_CHECKING:
    from onhand.domain.weigh_request import Weigh
    from onhand.engine.llama.stacking import Doubles

    Numbers = npt.NDArray[np.int64]

FOLDS = 5
"""Parts of the texts that are held out one after the other."""

FIRM, LOOSE = 4.0, 1.0
"""How strongly the weights of the own evidence and of features are held where they begin:
as much as so many choices of variance 1 would."""

_STEPS, _SMALL = 60, 1e-6


def weigh(request: Weigh) -> Weighed:
    """The weights, and what each candidate scores by a fit that left its text out."""
    table = _Table(request)
    texts = np.array(request.texts, np.int64)
    _, order = np.unique(texts, return_inverse=True)
    everything = table.fitted(np.ones(len(texts), bool))
    held_out = np.zeros(len(texts))
    for fold in range(FOLDS):
        out = order % FOLDS == fold
        if out.any():
            held_out[out] = table.scores(table.fitted(~out))[out]
    features = everything[2:]
    used = np.flatnonzero(np.abs(features) > _SMALL)
    return Weighed(
        own=float(everything[0]),
        bias=float(everything[1]),
        weights=tuple((int(each), float(features[each])) for each in used),
        held_out=tuple(held_out.tolist()),
    )


class _Table:
    """Candidates by rows; columns are the own evidence, 1, and the features."""

    def __init__(self, request: Weigh) -> None:
        sizes = [2 + len(each) for each in request.features]
        self._rows = np.repeat(np.arange(len(sizes)), sizes)
        columns = [(0, 1, *(2 + number for number in each)) for each in request.features]
        self._columns = np.array([one for each in columns for one in each], np.int64)
        values = [
            (own, 1.0, *[1.0] * (len(each) - 2))
            for own, each in zip(request.own, columns, strict=True)
        ]
        self._values = np.array([one for each in values for one in each], np.float64)
        self._width = 2 + request.width
        self._right = np.array(request.right, np.float64)
        _, self._groups = np.unique(np.array(request.groups), return_inverse=True)
        self._prior = np.zeros(self._width)
        self._prior[:2] = 1.0, -DOUBT
        self._stiff = np.full(self._width, LOOSE)
        self._stiff[:2] = FIRM

    def scores(self, weights: Doubles) -> Doubles:
        """Of all candidates."""
        return _sums(self._rows, self._values * weights[self._columns], len(self._right))

    def fitted(self, kept: npt.NDArray[np.bool_]) -> Doubles:
        """The weights that some candidates teach."""

        def look(weights: Doubles) -> tuple[float, Doubles]:
            shares, loss = self._shares(self.scores(weights), kept)
            away = weights - self._prior
            slope = self._gathered(shares - self._targets(kept)) + self._stiff * away
            loss += 0.5 * float(self._stiff @ away**2)
            return loss, self._step(shares, slope)

        return newton(self._prior.copy(), look)[0]

    def _targets(self, kept: npt.NDArray[np.bool_]) -> Doubles:
        """What is right, once for each choice; several spans may hold the same value."""
        right = self._right * kept
        several = _sums(self._groups, right)
        found: Doubles = right / np.maximum(1.0, several)[self._groups]
        return found

    def _shares(
        self, scores: Doubles, kept: npt.NDArray[np.bool_]
    ) -> tuple[Doubles, float]:
        """The probabilities of candidates, and the loss of their choices."""
        count = int(self._groups.max()) + 1
        top = np.zeros(count)
        np.maximum.at(top, self._groups[kept], scores[kept])
        weights = np.where(kept, np.exp(np.minimum(scores - top[self._groups], 0.0)), 0.0)
        totals = np.exp(-top) + _sums(self._groups, weights, count)
        targets = self._targets(kept)
        chosen = float(
            np.bincount(self._groups[kept], minlength=count).astype(bool)
            @ (np.log(totals) + top)
        )
        return weights / totals[self._groups], chosen - float(targets @ scores)

    def _gathered(self, of_rows: Doubles) -> Doubles:
        """The transpose of the table times a column."""
        return _sums(self._columns, self._values * of_rows[self._rows], self._width)

    def _bent(self, shares: Doubles, along: Doubles) -> Doubles:
        """The curvature of the loss, along a direction."""
        moved = shares * self.scores(along)
        together = _sums(self._groups, moved)
        return self._gathered(moved - shares * together[self._groups]) + self._stiff * along

    def _step(self, shares: Doubles, slope: Doubles) -> Doubles:
        """The full step of Newton's method, by conjugate gradients."""
        step, rest = np.zeros_like(slope), slope.copy()
        along, left = rest.copy(), float(rest @ rest)
        for _ in range(_STEPS):
            if left < _SMALL:
                break
            bent = self._bent(shares, along)
            far = left / float(along @ bent)
            step += far * along
            rest -= far * bent
            left, before = float(rest @ rest), left
            along = rest + left / before * along
        return step


def _sums(places: Numbers, numbers: Doubles, length: int = 0) -> Doubles:
    """The sums of the numbers that belong to each place."""
    found: Doubles = np.bincount(places, numbers, length).astype(np.float64)
    return found
