"""Which of many texts are most like another, by the words and letters that they share.

Cosine between vectors of words and of letters in threes, each weighed by how few texts have
it (tf-idf; Salton and Buckley 1988, doi 10.1016/0306-4573(88)90021-0). It takes no model,
so choosing costs nothing beside reading a text.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_WORD = re.compile(r"\w+")


class Nearest:
    """Some texts, among which those most like another are found."""

    def __init__(self, texts: Sequence[str]) -> None:
        counts = [Counter(_features(text)) for text in texts]
        having = Counter(feature for each in counts for feature in each)
        self._rarity = {
            feature: math.log(1 + len(texts) / number) for feature, number in having.items()
        }
        self._where: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, each in enumerate(counts):
            for feature, weight in self._vector(each).items():
                self._where[feature].append((number, weight))
        self._texts = len(texts)

    def of(self, text: str, count: int) -> list[int]:
        """Positions of at most `count` texts, the most similar one first.

        Those that share nothing come last, in their order.
        """
        likeness = [0.0] * self._texts
        for feature, weight in self._vector(Counter(_features(text))).items():
            for number, other in self._where[feature]:
                likeness[number] += weight * other
        order = sorted(range(self._texts), key=lambda number: (-likeness[number], number))
        return order[:count]

    def _vector(self, counts: Counter[str]) -> dict[str, float]:
        """Weights of the features that are known, of length 1."""
        weights = {
            feature: (1 + math.log(number)) * self._rarity[feature]
            for feature, number in counts.items()
            if feature in self._rarity
        }
        length = math.sqrt(math.fsum(weight * weight for weight in weights.values())) or 1.0
        return {feature: weight / length for feature, weight in weights.items()}


def _features(text: str) -> Iterator[str]:
    for word in _WORD.findall(text.casefold()):
        yield f" {word} "
        edged = f" {word} "
        yield from (edged[at : at + 3] for at in range(len(edged) - 2))
