"""Which examples of a task that writes stand in its prompt, as turns answered before.

Decision 076 has what they bring: a way of writing that all examples share is taken over by
the smallest models, at the price of reading them once.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from onhand.domain.tasks import Example

MOST = 8
"""So many at most."""

LETTERS = 3_000
"""Of all of them together, texts and answers: about a fifth of a context of 4,096 tokens,
which a small model reads in some seconds, once."""

LONGEST = 1_000
"""Of one of them: longer ones would leave no room for others."""


def shown_of(examples: Iterable[Example]) -> tuple[Example, ...]:
    """The examples that are shown, in their order: the last, and others spread evenly.

    Of what this gives it gives all.
    """
    fit = [each for each in examples if 0 < _letters(each) <= LONGEST]
    for count in range(min(MOST, len(fit)), 0, -1):
        spread = [fit[len(fit) * (number + 1) // count - 1] for number in range(count)]
        if sum(map(_letters, spread)) <= LETTERS:
            return tuple(spread)
    return ()


def mark_of(example: Example) -> str:
    """What an example is known by where its text must not stand.

    Spaces around text and answer make no difference.
    """
    answer = example.answer
    plain = answer.strip() if isinstance(answer, str) else answer
    said = json.dumps([example.text.strip(), plain], ensure_ascii=False)
    return hashlib.sha256(said.encode(errors="surrogatepass")).hexdigest()[:16]


def marked(examples: Iterable[Example], marks: Sequence[str]) -> tuple[Example, ...]:
    """The examples with these marks, in the order of the marks, as far as there are."""
    known = {mark_of(each): each for each in examples}
    return tuple(known[each] for each in marks if each in known)


def _letters(example: Example) -> int:
    """Of text and answer; 0 where it shows nothing."""
    text, answer = example.text.strip(), example.answer
    if not text or not isinstance(answer, str) or not answer.strip():
        return 0
    return len(text) + len(answer.strip())
