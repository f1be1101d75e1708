"""Heads beside the model's own answer, and what all say of texts that are left out.

What is known of a text may come in several views, such as the state behind its last token
and the mean over its tokens. Each has a ridge regression of its own, with a penalty of its
own: one view may tell many labels apart that another blurs. The penalties, and the weights
of the heads (stacking, Wolpert 1992), are chosen by what is said of each text when it is
left out. Whoever chooses by such answers has seen them. So what is told as held out comes
from fits of which a text saw nothing at all, neither its penalties nor its weights (nested
cross-validation, Varma and Simon 2006, doi 10.1186/1471-2105-7-91), as long as texts are so
few that it matters.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from onhand.domain.train_request import Trained
from onhand.engine.llama.ridge import PENALTIES, Rows

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Doubles: TypeAlias = npt.NDArray[np.float64]

FOLDS, NESTED = 10, 600
"""Parts that are held out one after the other, with so many texts at most; with more, some
weights and penalties are too little to learn a text by heart."""

_TINY = 1e-9
_CLOSE = 1e-4
_STEPS = 50


@dataclass(frozen=True)
class Blended:
    """How the model's own evidence and heads are weighed.

    Attributes:
        own: weight of the evidence.
        heads: weights of the heads.
        bias: by label, or one for all.
        left_out: logits of each text by these, as if it were not there, `[text][label]`.
        loss: of these, and of the weights themselves.
    """

    own: float
    heads: Doubles
    bias: Doubles
    left_out: Doubles
    loss: float


class Kind(Protocol):
    """What is to be told of a text: one label of several, or any number of them."""

    def aims(self, targets: Doubles) -> Doubles:
        """What a regression is to come near, `[text][label]`."""

    def blend(self, own: Doubles, heads: Sequence[Doubles], targets: Doubles) -> Blended:
        """The weights that explain the labels best; all are `[text][label]`."""

    def shares(self, logits: Doubles) -> Doubles:
        """Probabilities, from `[text][label]`."""


@dataclass(frozen=True)
class _View:
    """A regression on one view, before it is weighed.

    Attributes:
        middle: the mean of its scores, taken from them; a weight then moves no bias.
        unit: what makes them spread by 1, so that all heads are weighed alike.
        left_out: so centred and scaled, of each text by a fit without it.
    """

    rows: Rows
    penalty: float
    middle: float
    unit: float
    left_out: Doubles


@dataclass(frozen=True)
class _Fit:
    """Heads as they are applied, one behind the other, and what they are weighed by."""

    weights: Doubles
    bias: Doubles
    blended: Blended

    def logits(self, states: Doubles, own: Doubles) -> Doubles:
        """Of texts, by their states and the model's own evidence."""
        found: Doubles = states @ self.weights.T + self.bias + self.blended.own * own
        return found


def stacked(
    states: Doubles,
    width: int | None,
    own: Doubles,
    targets: Doubles,
    kind: Kind,
) -> Trained:
    """The head for some texts, and what is said of each when it is left out.

    Args:
        states: `states[text][dimension]`, one view behind the other.
        width: dimensions of a view; None: there is only one.
        own: the model's own evidence as logits, `own[text][label]`.
        targets: 1 where a label is right, else 0.
        kind: what is to be told.
    """
    count = 1 if width is None else max(1, states.shape[1] // width)
    views = np.split(states, count, axis=1)
    fit = _fitted(views, own, targets, kind)
    held_out = fit.blended.left_out
    if len(states) <= NESTED:
        held_out = np.empty_like(own)
        for fold in range(FOLDS):
            out = np.arange(len(states)) % FOLDS == fold
            kept = [view[~out] for view in views]
            without = _fitted(kept, own[~out], targets[~out], kind)
            held_out[out] = without.logits(states[out], own[out])
    return Trained(
        weights=tuple(map(tuple, fit.weights.tolist())),
        bias=tuple(fit.bias.tolist()),
        own=fit.blended.own,
        held_out=tuple(map(tuple, kind.shares(held_out).tolist())),
    )


def softmax(logits: Doubles) -> Doubles:
    """Probabilities, along the last axis."""
    shares: Doubles = np.exp(logits - logits.max(axis=-1, keepdims=True))
    shares /= shares.sum(axis=-1, keepdims=True)
    return shares


def newton(
    start: Doubles, look: Callable[[Doubles], tuple[float, Doubles]]
) -> tuple[Doubles, float]:
    """Where a loss is least, by Newton's method with shorter steps where a full one misses.

    Args:
        start: where to begin.
        look: the loss somewhere, and the full step that is taken off from there.

    Returns:
        The place, and the loss there.
    """
    weights, (least, full) = start, look(start)
    for _ in range(_STEPS):
        part = 1.0
        loss, step = look(weights - full)
        while loss > least and part > _CLOSE:
            part /= 2
            loss, step = look(weights - part * full)
        weights, moved = weights - part * full, part * full
        least, full = loss, step
        if np.abs(moved).max() < _CLOSE:
            break
    return weights, least


def _fitted(views: Sequence[Doubles], own: Doubles, targets: Doubles, kind: Kind) -> _Fit:
    aims = kind.aims(targets)
    best = [_best(Rows(view), aims, own, targets, kind) for view in views]
    blended = kind.blend(own, [each.left_out for each in best], targets)
    weights, bias = [], blended.bias
    for each, weight in zip(best, blended.heads, strict=True):
        along, constant = each.rows.weights(aims, each.penalty)
        weights.append(weight * each.unit * along)
        bias = bias + weight * each.unit * (constant - each.middle)
    return _Fit(weights=np.hstack(weights), bias=bias, blended=blended)


def _best(rows: Rows, aims: Doubles, own: Doubles, targets: Doubles, kind: Kind) -> _View:
    """The penalty with which a view by itself explains the labels best."""
    tried = []
    for penalty in PENALTIES:
        said = rows.left_out(aims, penalty)
        middle, unit = said.mean(), 1 / (said.std() + _TINY)
        scaled = (said - middle) * unit
        loss = kind.blend(own, [scaled], targets).loss
        tried.append((loss, _View(rows, penalty, middle, unit, scaled)))
    return min(tried, key=lambda each: each[0])[1]
