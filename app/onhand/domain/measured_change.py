"""What is different between two measurements of a task, of which only figures are kept."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

from onhand.domain.intervals import NORMAL
from onhand.domain.measured import Measured


@dataclass(frozen=True)
class Change:
    """The earlier measurement and the later one."""

    before: Measured
    after: Measured

    @classmethod
    def between(cls, one: Measured, other: Measured) -> Change:
        """In the order of time."""
        first, second = sorted((one, other), key=lambda each: (each.at, each.id))
        return cls(first, second)

    @property
    def score(self) -> float:
        """By how much the score grew, from -1 to 1."""
        return self.after.score - self.before.score

    @property
    def same_texts(self) -> bool:
        """Whether texts and labels were the same."""
        return self.before.sample == self.after.sample

    @property
    def same_task(self) -> bool:
        """Whether the task said the same."""
        return self.before.version == self.after.version

    @property
    def same_model(self) -> bool:
        """Whether the same model answered, in the same layout."""
        return self.before.model == self.after.model

    @property
    def chance(self) -> float:
        """How probable a difference as large is by chance, two-sided.

        Which texts were right is not kept, so the texts are taken as different ones: where
        they were the same, and what is hard for one is hard for the other, it is less.
        """
        spread = self._spread()
        if spread <= 0:
            return 1.0
        return 2 * NormalDist().cdf(-abs(self.score) / math.sqrt(spread))

    def _spread(self) -> float:
        """The variance of the difference of two that are equally good."""
        before, after = self.before, self.after
        if before.fields or before.kept is not None:
            # Of such scores nothing is kept but where it probably is.
            return sum(
                ((each.high - each.low) / (2 * NORMAL)) ** 2 for each in (before, after)
            )
        share = (before.right + after.right) / (before.texts + after.texts)
        return share * (1 - share) * (1 / before.texts + 1 / after.texts)
