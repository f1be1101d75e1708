"""What a batch learns about a task from a sample of its texts, and using it in answers.

A zero-shot answer rests on the few words that the model would say next; the hidden state
that they come from knows more about the text. How near it is to that of each label's name
(`engine/llama/naming.py`), and the answers for a sample with the prior taken out, serve as
uncertain labels of their texts: what the states of a label have in common is found from
them, refines them, and so on (`engine/llama/mixture.py`). That is a linear head; an answer
blends the model's and the head's. Decisions 067 and 068 have the figures.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from operator import mul
from typing import TYPE_CHECKING

from onhand.domain.belonging import FLAT, with_none
from onhand.domain.field_weights import FieldWeights
from onhand.domain.logistic_curve import logistic
from onhand.domain.priors import normalised

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onhand.domain.tasks import Classify

LEAST_TEXTS = 20
"""Texts of a sample without which no head is fitted."""

MIXED_TEXTS, MIXED_PER_LABEL = 60, 5
"""Texts of a sample, and for each label on average, without which the names of labels alone
make the head.

With 64 or 77 labels and fewer texts for each, the middles of labels run into each other:
right alone and with a head, 0.5B model, 3.1 texts a label 0.363 and 0.367, 3.2 0.438 and
0.396. With 18 labels and 5.6 texts for each 0.472 and 0.516.
"""

OWN_SHARE = 0.4
"""Weight of the model's own answer beside the head's."""

TEMPERATURE = 1.75
"""What makes the answers of both together as sure as they are right, about.

On 110 to 250 training rows each of ten public sets, 0.5B model, sample of 200, with 1.25,
1.5, 1.75, 2 the mean logarithm of the share of the right answer was -0.992, -0.942, -0.919,
-0.910, the expected calibration error 0.140, 0.116, 0.114, 0.117; with names alone and one
set of 77 labels more, -1.072, -1.027, -1.009, -1.005, and 0.127, 0.116, 0.115, 0.122 (Guo
et al. 2017, arXiv 1706.04599).
"""

NONE_KNOWN = 5
"""Texts that belong nowhere, from so many on among those that taught a head it tells such
texts by itself. With fewer it hardly ever does, and the form of its answer tells better.

`tests/benchmarks/nowhere.py`, starter model, six draws, right by the head alone and with
the form of its answer. A quarter of 20, 50, 100 texts belongs nowhere: commands 0.57 and
0.53, 0.65 and 0.65, 0.71 and 0.71; emotions 0.56 and 0.46, 0.59 and 0.55, 0.67 and 0.64.
Two of 50, 100: commands 0.60 and 0.64, 0.59 and 0.64; emotions 0.55 and 0.57, 0.51 and
0.55.
"""

CERTAIN = 1e-4
"""Where any number of labels may be right, the model's own evidence for one of them is cut
off so near to no and to yes: beyond, a small model is only loud."""

_TINY = 1e-9


@dataclass(frozen=True)
class Head:
    """A linear map from a hidden state to the scores of a task's answers, in their order.

    Attributes:
        weights: `weights[answer][dimension]`.
        bias: by answer.
        own: weight of the model's own answer beside it.
        temperature: what makes both together as sure as they are right.
        knows_none: whether enough texts that belong nowhere were among those that taught
            it, for tasks with an answer for such.
    """

    weights: tuple[tuple[float, ...], ...]
    bias: tuple[float, ...]
    own: float = OWN_SHARE
    temperature: float = TEMPERATURE
    knows_none: bool = False

    def fits(self, width: int) -> bool:
        """Whether it was fitted to states of this width, or to the first half of such.

        A state has two views of a text. Heads that nobody gave labels for know the first
        alone, as do those from before there was a second one.
        """
        return all(width in {len(row), 2 * len(row)} for row in self.weights)

    def applied(self, shares: Sequence[float], state: Sequence[float]) -> list[float]:
        """Probabilities of the answers of a text, from the model's own and its state."""
        return normalised(
            [
                (self.own * math.log(own + _TINY) + bias + sum(map(mul, row, state)))
                / self.temperature
                for own, bias, row in zip(shares, self.bias, self.weights, strict=True)
            ]
        )

    def applied_apart(self, shares: Sequence[float], state: Sequence[float]) -> list[float]:
        """The probability of each label by itself, where any number may be right."""
        return [
            logistic(self.own * _log_odds(own) + bias + sum(map(mul, row, state)))
            for own, bias, row in zip(shares, self.bias, self.weights, strict=True)
        ]


@dataclass(frozen=True)
class Learned:
    """What was learned about a task, and what is answered with from then on.

    Attributes:
        prior: natural logarithms by option; taken out of every answer.
        head: None where a sample is too small for one.
        taught: how many labelled texts it comes from; 0 for a sample that nobody labelled.
        fields: of an extraction, what was learned of its fields, by name.
        shown: of a task that writes, the marks of the examples that stand in its prompt
            (`shown_examples.py`); their texts lie where examples do.
    """

    prior: Mapping[str, float]
    head: Head | None = None
    taught: int = 0
    fields: Mapping[str, FieldWeights] = field(default_factory=dict)
    shown: tuple[str, ...] = ()


def finished(
    task: Classify, shares: Sequence[float], head: Head | None, flat: float = FLAT
) -> list[float]:
    """The probabilities of a choice, after what is due to the answer for none of them.

    Args:
        task: one that chooses one label.
        shares: what the model says, or a head beside it.
        head: that one; None where there is none.
        flat: of the model; a head makes probabilities of its own.
    """
    if task.none is None or (head is not None and head.knows_none):
        return [*shares]
    return with_none(shares, flat if head is None else FLAT)


def may_have_head(task: Classify) -> bool:
    """Whether texts that nobody labelled can teach it one.

    Where no label may be right, a head would make the text look as if one were.
    """
    return not task.multiple and task.none is None


def may_be_mixed(texts: int, labels: int) -> bool:
    """Whether a sample is large enough to tell what texts of a label have in common."""
    return texts >= max(MIXED_TEXTS, MIXED_PER_LABEL * labels)


def _log_odds(share: float) -> float:
    inside = min(max(share, CERTAIN), 1 - CERTAIN)
    return math.log(inside / (1 - inside))
