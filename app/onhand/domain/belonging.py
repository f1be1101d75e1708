"""Which labels a text belongs to, if any: what stands out from what is usual.

The model is asked for one label, and the prior is taken out. Where any number of labels may
be right, those are that are more probable than they usually are: two that are right share
what there is, and are above their usual share all the same. To ask about each label with
yes or no takes as many questions, and small models say much the same to all of them. On 24
texts of two tasks with two, one or none of six labels the 0.5B model had a micro-F1 of 0.24
and 0.05 that way, 0.33 and 0.17 with the prior of neutral texts taken out, and has 0.55 and
0.44 by what stands out (`tests/benchmarks/tagging.py`); on 12 texts of the second the 1.5B
model 0.50, 0.63 and 0.62. The starter model says yes to everything: on two tasks it had
0.46 and 0.51 and never all labels of a text right, and has 0.36 and 0.48 and every fifth
text all right. It takes a quarter to an eighth of the time.

A task may have an answer `none`. As one option of a list, small models hardly ever choose
it. What gives such texts away is that, with the prior taken out, no label is much more
probable than the others: the entropy of the labels' probabilities, as a share of the
largest possible one (Hendrycks and Gimpel 2017, arXiv 1610.02136, use the largest
probability, which depends on the number of labels).

`tests/benchmarks/belonging.py`, with labels of public tasks left out, says how often texts
of the others, and of the left out ones, are answered rightly. Mean of three tasks with a
0.5B and two with a 1.5B model, 32 to 40 rows each, after the prior of these rows was taken
out: 0.48 and 0.14 by the list alone, 0.45 and 0.44 with `FLAT` at 0.85, 0.42 and 0.61 at
0.8. With the prior of neutral texts alone: 0.48 and 0.17, 0.40 and 0.39, 0.38 and 0.44.
Neither the margin of the best label nor how much more probable it is than usual was better
with both models. The starter model's probabilities
are flat whatever the text is: on 80 rows each of six tasks, with the prior of neutral
texts, that told texts that belong nowhere from others no better than chance (area under the
curve 0.35 to 0.61). By the list 0.42 and 0.14, with `FLAT` at 0.85 0.20 and 0.65, and most
people have far fewer texts that belong nowhere than every other one. So its answers are
those of the list.
"""

from __future__ import annotations

import math
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FLAT = 0.85
"""Share of the largest entropy from which on no label stands out."""

FLATS: Mapping[str, float] = MappingProxyType({"smollm2-135m": math.inf})
"""The same by the id of a model where it is another one; infinite: that tells nothing."""

SEVERAL_FLAT = 0.9
"""The same where several labels may be right, which makes them flatter by itself."""

MORE = 1.2
"""The odds of a label that applies, as a multiple of its usual ones."""

LIKELY = 0.5
"""Where any number of labels may be right, one applies from this probability on."""

FEWEST = 6
"""Of fewer labels several that are right look as flat as none that is."""

STEEP = 10.0
"""How fast the logarithm of the share of `none` grows with that of the entropy."""

_TINY = 1e-9


def flatness(shares: Sequence[float]) -> float:
    """Entropy of some probabilities as a share of the largest possible one, 0 to 1."""
    if len(shares) < 2:
        return 0.0
    entropy = -math.fsum(share * math.log(share) for share in shares if share > 0)
    return min(1.0, entropy / math.log(len(shares)))


def flat_of(model: str) -> float:
    """From which flatness on nothing stands out, by a model's id.

    Those of layouts of its weights, which follow a colon, are the same.
    """
    return FLATS.get(model.partition(":")[0], FLAT)


def with_none(shares: Sequence[float], flat: float = FLAT) -> list[float]:
    """Probabilities of labels and of `none`, which comes last; they add up to 1.

    `none` gets what its option in the list has, or as much as it must to be ahead of all
    labels just where none of them stands out.

    Args:
        shares: probabilities after the prior was taken out.
        flat: from which flatness on no label stands out.
    """
    *labels, none = shares
    known = math.fsum(labels)
    if len(labels) > 1 and known > 0:
        found = flatness([share / known for share in labels])
        none = max(none, max(labels) * math.exp(STEEP * (found - flat)))
    return [share / (known + none) for share in (*labels, none)]


def standing_out(shares: Sequence[float], usual: Sequence[float]) -> list[float]:
    """For each label the probability that it applies, whatever the others do.

    It is above 0.5 for those whose odds are `MORE` times what they usually are; for none of
    them where they all are alike, or where `none`, the last option, is ahead of them.

    Args:
        shares: probabilities of the options as the model gives them.
        usual: the same of any text; the prior.
    """
    more = [
        _odds(one) / (MORE * _odds(two)) for one, two in zip(shares, usual, strict=True)
    ]
    *labels, none = more
    best = max(labels)
    behind = none / best
    if len(labels) >= FEWEST:
        ratios = [one / max(two, _TINY) for one, two in zip(shares, usual, strict=True)][
            :-1
        ]
        total = math.fsum(ratios)
        flat = flatness([each / max(total, _TINY) for each in ratios])
        behind = max(behind, math.exp(STEEP * (flat - SEVERAL_FLAT)))
    # Where the text belongs nowhere, even the best label stays below even odds.
    less = max(1.0, best * behind) if behind > 1 else 1.0
    return [each / (less + each) for each in labels]


def sureness(shares: Sequence[float]) -> float:
    """How sure it is that all labels are right, by the probabilities of each by itself."""
    return math.prod(max(share, 1 - share) for share in shares)


def _odds(share: float) -> float:
    inside = min(max(share, _TINY), 1 - _TINY)
    return inside / (1 - inside)
