"""Fitting a linear head to hidden states whose labels a person gave.

Ridge regressions from states to labels, in their dual form: one decomposition of the kernel
serves every penalty, and what a fit says of a text that it did not see comes without
another fit (leaving one out, Hastie et al. 2009, The Elements of Statistical Learning,
section 7.10). From these answers, the model's own, and how frequent each label is, a
multinomial regression with a weight for each makes probabilities: where examples are few or
say little, the model's own answer keeps its weight.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from onhand.engine.llama.stacking import Blended, newton, softmax, stacked

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from onhand.domain.train_request import Trained
    from onhand.engine.llama.stacking import Doubles

    Numbers = npt.NDArray[np.int64]

USUAL = 0.5
"""Weight of the model's own answer where nothing is known; that of the heads is 0 then."""

STIFFNESS = 4.0
"""Against moving away from these, beside the losses of all texts."""

UNSEEN = 5.0
"""Texts of each label that are counted as seen beforehand."""

_TINY = 1e-9


def teach(
    states: Doubles, width: int | None, own: Doubles, labels: Sequence[int]
) -> Trained:
    """The head for some labelled texts, and what is said of each when it is left out.

    Args:
        states: `states[text][dimension]`, one view behind the other.
        width: dimensions of a view; None: there is only one.
        own: what is known of them otherwise, logits by text and label.
        labels: the right one of each, by its number.
    """
    targets = np.eye(own.shape[1])[np.array(labels, np.int64)]
    return stacked(states, width, own, targets, OneLabel())


class OneLabel:
    """One label is right of each text."""

    def aims(self, targets: Doubles) -> Doubles:
        """Frequent labels less, so that all that have texts are told apart as well.

        Optimal scoring (Hastie et al. 1994, Flexible Discriminant Analysis, doi
        10.1080/01621459.1994.10476866): with it, a regression is a discriminant analysis.
        """
        counts: Doubles = np.maximum(targets.sum(axis=0), 1.0)
        found: Doubles = targets / np.sqrt(counts)
        return found

    def blend(self, own: Doubles, heads: Sequence[Doubles], targets: Doubles) -> Blended:
        """The weights of the scores that explain the labels best."""
        labels = targets.argmax(axis=1)
        counts = targets.sum(axis=0)
        # A text that counted itself would look likelier than those to come.
        frequent, left_out = _logs(counts), _logs(counts - targets)
        scores = np.stack([own, *heads, left_out])
        weights, loss = _weights(scores, labels)
        # An own answer that speaks against itself says nothing that can be relied on.
        weights = np.maximum(weights, 0.0)
        return Blended(
            own=float(weights[0]),
            heads=weights[1:-1],
            bias=weights[-1] * frequent,
            left_out=np.tensordot(weights, scores, 1),
            loss=loss,
        )

    def shares(self, logits: Doubles) -> Doubles:
        """Probabilities that add up to 1."""
        return softmax(logits)


def _logs(counts: Doubles) -> Doubles:
    """How frequent each label is, as logarithms of probabilities."""
    seen = counts + UNSEEN
    found: Doubles = np.log(seen / seen.sum(axis=-1, keepdims=True))
    return found


def _weights(scores: Doubles, labels: Numbers) -> tuple[Doubles, float]:
    """For scores, `[kind of score][text][label]`; and the loss with these weights."""
    kinds, texts = scores.shape[:2]
    stiffness = STIFFNESS / texts
    right = scores[:, np.arange(texts), labels]
    flat = scores.reshape(kinds, -1)
    usual = np.zeros(kinds)
    usual[0] = USUAL

    def look(weights: Doubles) -> tuple[float, Doubles]:
        shares, away = softmax(np.tensordot(weights, scores, 1)), weights - usual
        told = np.log(shares[np.arange(texts), labels] + _TINY)
        loss = stiffness / 2 * (away**2).sum() - told.mean()
        weighed = shares * scores
        expected = weighed.sum(axis=-1)
        slope = (expected - right).mean(axis=1) + stiffness * away
        spread = weighed.reshape(kinds, -1) @ flat.T - expected @ expected.T
        step: Doubles = np.linalg.solve(spread / texts + stiffness * np.eye(kinds), slope)
        return float(loss), step

    return newton(np.full(kinds, 0.5), look)
