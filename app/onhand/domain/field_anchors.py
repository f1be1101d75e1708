"""The words that stand around a field's values, and spans of other texts between the same.

What people showed may stand where the model never looks: "to Silver Spoon in Hull", say,
where it takes the seller's name for the buyer's. Words are kept as numbers that many share.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from onhand.domain.field_words import WORD, number_of, plain_word

if TYPE_CHECKING:
    from collections.abc import Iterable

    from onhand.domain.assigning import Place

Anchor: TypeAlias = tuple[int, int]
"""Numbers of the words before and behind a span on its line, or of the line's ends."""

LEAST = 2
"""Texts in which values must stand between the same words."""

MOST_WORDS, MOST_SPANS = 8, 12
"""Words of a span, and spans of a text, at most."""

_EDGES = number_of("line begins"), number_of("line ends")


def anchors_of(text: str, values: Iterable[str]) -> frozenset[Anchor]:
    """What stands around these values, wherever they stand in the text.

    A value that fills its lines has nothing around it.
    """
    found: set[Anchor] = set()
    for value in values:
        words = r"\s+".join(map(re.escape, value.split()))
        for match in re.finditer(rf"(?<!\w){words}(?!\w)", text, re.IGNORECASE):
            found.add(_around(text, match.start(), match.end()))
    return frozenset(found - {_EDGES})


@dataclass(frozen=True)
class Shown:
    """What stands around the values of some texts, by text."""

    by_text: Sequence[frozenset[Anchor]]

    @cached_property
    def _counts(self) -> Counter[Anchor]:
        return Counter(each for some in self.by_text for each in some)

    @cached_property
    def frequent(self) -> frozenset[Anchor]:
        """What is the same in several texts."""
        return frozenset(each for each, texts in self._counts.items() if texts >= LEAST)

    def without(self, text: int) -> frozenset[Anchor]:
        """The same as it would be without one of the texts."""
        own = self.by_text[text]
        return self.frequent - {each for each in own if self._counts[each] <= LEAST}


def anchored(text: str, anchors: frozenset[Anchor]) -> list[Place]:
    """Spans of a line with such words around them, in order."""
    if not anchors:
        return []
    begins = {before for before, _ in anchors}
    spans: list[Place] = []
    for line in re.finditer(r"[^\n]+", text):
        words = [match.span() for match in WORD.finditer(text, *line.span())]
        numbers = [number_of(plain_word(text[slice(*each)])) for each in words]
        around = [_EDGES[0], *numbers, _EDGES[1]]
        for first, before in enumerate(around[:-1]):
            if before not in begins:
                continue
            for last in range(first, min(first + MOST_WORDS, len(words))):
                if (before, around[last + 2]) in anchors:
                    spans.append((words[first][0], words[last][1]))
                    if len(spans) == MOST_SPANS:
                        return spans
    return spans


def _around(text: str, start: int, end: int) -> Anchor:
    line, behind = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    before = WORD.findall(text[line:start])
    after = WORD.search(text[end : behind if behind >= 0 else len(text)])
    return (
        number_of(plain_word(before[-1])) if before else _EDGES[0],
        number_of(plain_word(after[0])) if after else _EDGES[1],
    )
