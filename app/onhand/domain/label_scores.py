"""How single labels fare, and all of them together, where one or several may be right.

The figures are those of scikit-learn over the labels that are right or given somewhere; a
share that nothing counts for is 0. Where there is no label at all, none is as it should be,
and F1 is 1.
"""

from __future__ import annotations

import statistics
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

Labels: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class LabelScore:
    """How one label fares.

    Attributes:
        texts: how many have it.
        given: how many it was given to.
        found: how many of them have it.
    """

    label: str
    texts: int
    given: int
    found: int

    @property
    def precision(self) -> float:
        """Share of the texts it was given to that have it."""
        return self.found / self.given if self.given else 0.0

    @property
    def recall(self) -> float:
        """Share of the texts with it that it was given to."""
        return self.found / self.texts if self.texts else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        return 2 * self.found / (self.given + self.texts)

    @property
    def wrong(self) -> int:
        """Texts it was given to that do not have it."""
        return self.given - self.found

    @property
    def missed(self) -> int:
        """Texts with it that it was not given to."""
        return self.texts - self.found


def label_scores(pairs: Sequence[tuple[Labels, Labels]]) -> tuple[LabelScore, ...]:
    """Every label that is right or given somewhere, in the order of the alphabet.

    Args:
        pairs: what is right for a text and what was given to it, each label once.
    """
    right = Counter(label for labels, _ in pairs for label in labels)
    given = Counter(label for _, labels in pairs for label in labels)
    found = Counter(label for one, two in pairs for label in {*one} & {*two})
    return tuple(
        LabelScore(label=label, texts=right[label], given=given[label], found=found[label])
        for label in sorted(right | given)
    )


def macro_f1(scores: Sequence[LabelScore]) -> float:
    """Mean of the labels' F1, each counting the same however rare it is."""
    return statistics.fmean(each.f1 for each in scores) if scores else 1.0


def micro_f1(scores: Sequence[LabelScore]) -> float:
    """F1 over all labels of all texts."""
    found = sum(each.found for each in scores)
    total = sum(each.given + each.texts for each in scores)
    return 2 * found / total if total else 1.0


def counted(right: Labels, given: Labels) -> tuple[int, int]:
    """What a text adds to F1: above and below the line."""
    return 2 * len({*right} & {*given}), len(right) + len(given)


def text_f1(right: Labels, given: Labels) -> float:
    """How far the labels given to a text are those that are right."""
    found, total = counted(right, given)
    return found / total if total else 1.0
