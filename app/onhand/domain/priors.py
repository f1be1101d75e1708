"""What a model says of a task's labels whatever the text is, and taking it out of answers.

A small model favours some labels. Dividing the probability of each label by its mean over
texts repairs most of that (batch calibration, Zhou et al. 2023, arXiv 2309.17249; for the
single text, neutral texts stand in, after Fei et al. 2023, arXiv 2305.19148).

The mean over the user's texts also holds what their texts are really about, and means
little while they are few. So some weight stays with the neutral texts: at first all of it,
and never less than `NEUTRAL_SHARE`. Both numbers were chosen on training rows of ten public
sets with two models; between 0.5 and 1 for the user's share the mean accuracy differs by
two points at most, and by six to nine from that without a prior.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

NEUTRAL_TEXTS = 8.0
"""So many of the user's texts weigh as much as the neutral ones together."""

NEUTRAL_SHARE = 0.15
"""Weight of the neutral texts at least, however many others were seen."""

_TINY = 1e-6


@dataclass(frozen=True)
class Prior:
    """Mean probabilities of a task's answers, in their order.

    Attributes:
        neutral: over neutral texts.
        seen: over the user's texts; as `neutral` while there is none.
        texts: how many of the user's texts were seen.
    """

    neutral: tuple[float, ...]
    seen: tuple[float, ...]
    texts: int = 0

    @classmethod
    def of_neutral(cls, rows: Sequence[Sequence[float]]) -> Prior:
        """From the probabilities of the answers for each of some neutral texts."""
        mean = tuple(math.fsum(column) / len(rows) for column in zip(*rows, strict=True))
        return cls(mean, mean)

    def with_texts(self, rows: Iterable[Sequence[float]]) -> Prior:
        """After more of the user's texts, each with the probabilities of its answers."""
        seen, texts = list(self.seen), self.texts
        for row in rows:
            texts += 1
            seen = [old + (new - old) / texts for old, new in zip(seen, row, strict=True)]
        return Prior(self.neutral, tuple(seen), texts)

    @property
    def logs(self) -> tuple[float, ...]:
        """Natural logarithms of what is to be taken out of an answer."""
        share = min(self.texts / (self.texts + NEUTRAL_TEXTS), 1 - NEUTRAL_SHARE)
        return tuple(
            math.log(max(_TINY, (1 - share) * neutral + share * seen))
            for neutral, seen in zip(self.neutral, self.seen, strict=True)
        )


def without_prior(logprobs: Sequence[float], prior: Sequence[float]) -> list[float]:
    """Probabilities of answers after their prior was taken out; they add up to 1."""
    return normalised([one - other for one, other in zip(logprobs, prior, strict=True)])


def normalised(logprobs: Sequence[float]) -> list[float]:
    """Probabilities that add up to 1."""
    top = max(logprobs)
    shares = [math.exp(each - top) for each in logprobs]
    total = math.fsum(shares)
    return [share / total for share in shares]
