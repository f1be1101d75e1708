"""What is different between two measurements of a task, of which only figures are kept."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

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
    def accuracy(self) -> float:
        """By how much the accuracy grew, from -1 to 1."""
        return self.after.accuracy - self.before.accuracy

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
        texts = self.before.texts + self.after.texts
        share = (self.before.right + self.after.right) / texts
        spread = share * (1 - share) * (1 / self.before.texts + 1 / self.after.texts)
        if spread <= 0:
            return 1.0
        return 2 * NormalDist().cdf(-abs(self.accuracy) / math.sqrt(spread))
