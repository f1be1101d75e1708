"""What a span's place in its text and its form say, as numbers.

Words are not kept: each feature is one of the numbers of `field_words.py`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from onhand.domain.field_words import WORD, number_of, plain_word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from onhand.domain.field_candidates import Choice

_RUN = re.compile(r"[^\W\d_]+|\d+|\s+")
_LONGEST_SHAPE = 24
NEARBY = 8
"""Words before a span that count wherever they stand."""

_MANY_WORDS, _MANY_LINES, _MANY_PLACES = 8, 5, 3


def features_of(text: str, choice: Choice) -> tuple[int, ...]:
    """The features that a span has, in order."""
    return tuple(sorted({number_of(each) for each in _features(text, choice)}))


def _features(text: str, choice: Choice) -> Iterator[str]:
    start, end = choice.places[0]
    line, behind = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    before, after = text[line:start], text[end : behind if behind >= 0 else len(text)]
    above = text[: max(0, line - 1)].rpartition("\n")[2]
    yield f"kind {choice.kind}"
    yield f"places {min(_MANY_PLACES, len(choice.places))}"
    yield from _form(text[start:end])
    yield from _neighbours(before, after)
    yield f"line above {_first(above)}"
    yield f"whole lines {not before.strip()} {not after.strip()}"
    above_it, below_it = text.count("\n", 0, start), text.count("\n", end)
    yield f"lines from the start {_rank(above_it)}"
    yield f"lines from the end {_rank(below_it)}"


def _form(value: str) -> Iterator[str]:
    words, lines = WORD.findall(value) or [""], value.count("\n")
    yield f"shape {_shape(value)}"
    yield f"first word {plain_word(words[0])}"
    yield f"last word {plain_word(words[-1])}"
    yield f"first shape {_shape(words[0])}"
    yield f"last shape {_shape(words[-1])}"
    yield f"words {min(_MANY_WORDS, len(words))}"
    yield f"lines {min(_MANY_LINES, lines)}"


def _neighbours(before: str, after: str) -> Iterator[str]:
    """The words on the same line."""
    words = [plain_word(each) for each in WORD.findall(before)] or ["^"]
    first, words = words[0], words[-NEARBY:]
    yield f"before {words[-1]}"
    yield f"two before {words[-2:]}"
    yield f"line begins {first}"
    for each in {*words}:
        yield f"near before {each}"
    yield f"after {_first(after)}"


def _first(text: str) -> str:
    found = WORD.search(text)
    return plain_word(found[0]) if found else "none"


def _shape(value: str) -> str:
    """Runs of letters, digits and blanks, each as what it is."""
    return _RUN.sub(lambda run: _kind(run[0]), value)[:_LONGEST_SHAPE]


def _kind(run: str) -> str:
    if run.isspace():
        return " "
    if run[0].isdigit():
        return "9"
    return "A" if run.isupper() else "Aa" if run[0].isupper() else "a"


def _rank(number: int) -> str:
    """Where a line stands; exactly where that is near the edge."""
    return str(number) if number < 4 else "4 to 7" if number < 8 else "8"
