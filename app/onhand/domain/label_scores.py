"""How single labels fare, and all of them together, where one or several may be right.

Or how the fields of an extraction fare, whose values are counted as labels are. The figures
are those of scikit-learn over what is right or given somewhere; a share that nothing counts
for is 0. Where there is nothing at all, none is as it should be, and F1 is 1.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

Parts: TypeAlias = Sequence[Hashable]
"""Labels, or values of fields."""


@dataclass(frozen=True, kw_only=True)
class LabelScore:
    """How one label, or one field, fares.

    Attributes:
        texts: how many have it; of a field, how many values it has.
        given: how many it was given to; how many values were given to it.
        found: how many of them have it; how many of those are right.
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


def label_scores(
    pairs: Sequence[tuple[Parts, Parts]], name: Callable[[Hashable], str] = str
) -> tuple[LabelScore, ...]:
    """Every label that is right or given somewhere, in the order of the alphabet.

    Args:
        pairs: what is right for a text and what was given to it, each once.
        name: what a label is called; or the field that a value is of.
    """
    right = Counter(name(part) for parts, _ in pairs for part in parts)
    given = Counter(name(part) for _, parts in pairs for part in parts)
    found = Counter(name(part) for one, two in pairs for part in {*one} & {*two})
    return tuple(
        LabelScore(label=label, texts=right[label], given=given[label], found=found[label])
        for label in sorted(right | given)
    )


def macro_f1(scores: Sequence[LabelScore]) -> float:
    """Mean of their F1, each counting the same however rare it is."""
    return statistics.fmean(each.f1 for each in scores) if scores else 1.0


def micro_f1(scores: Sequence[LabelScore]) -> float:
    """F1 over all labels, or values, of all texts."""
    found = sum(each.found for each in scores)
    total = sum(each.given + each.texts for each in scores)
    return 2 * found / total if total else 1.0


def counted(right: Parts, given: Parts) -> tuple[int, int]:
    """What a text adds to F1: above and below the line."""
    return 2 * len({*right} & {*given}), len(right) + len(given)


def text_f1(right: Parts, given: Parts) -> float:
    """How far what is given to a text is what is right."""
    found, total = counted(right, given)
    return found / total if total else 1.0
