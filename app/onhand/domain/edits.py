"""What changed between two texts, as edits of words to be taken or left one by one."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from onhand.domain.answers import Edit
from onhand.domain.length_check import letters_in
from onhand.domain.whole_words import ONE_WORD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_WORD = re.compile(rf"\s+|{ONE_WORD}|[^\w\s]")

EXACT = 1_000_000
"""Up to so many pairs of words all are compared, which takes some tenths of a second."""

HARDLY = 0.05
"""Share of its letters that may be new in a text that was copied."""

ANCHOR = 5
"""Words, spaces among them, that stand just once in both texts and so belong together."""


def edits_between(before: str, after: str) -> tuple[Edit, ...]:
    """The edits that turn `before` into `after`, in order and without overlap."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    starts = [0]
    for word in old:
        starts.append(starts[-1] + len(word))
    return tuple(
        Edit(start=starts[i1], end=starts[i2], text="".join(new[j1:j2]))
        for i1, i2, j1, j2 in _changes(old, new)
    )


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """The text with these edits made; they are in order and do not overlap."""
    pieces, at = [], 0
    for edit in edits:
        pieces += [text[at : edit.start], edit.text]
        at = edit.end
    return "".join([*pieces, text[at:]])


def is_copy(text: str, edits: Iterable[Edit]) -> bool:
    """Whether these edits leave a text nearly as it is."""
    changed = sum(
        max(letters_in(text[each.start : each.end]), letters_in(each.text))
        for each in edits
    )
    return changed <= HARDLY * letters_in(text)


def _changes(old: list[str], new: list[str]) -> Iterator[tuple[int, int, int, int]]:
    """Where the words differ: `old[i1:i2]` became `new[j1:j2]`.

    The time for comparing all words grows with the square of their number and more; so long
    texts are cut where they are the same beyond doubt.
    """
    short = len(old) * len(new) <= EXACT
    i = j = 0
    for pin_i, pin_j in (*(() if short else _pins(old, new)), (len(old), len(new))):
        for i1, i2, j1, j2 in _compared(old[i:pin_i], new[j:pin_j]):
            yield i + i1, i + i2, j + j1, j + j2
        i, j = pin_i, pin_j


def _compared(old: list[str], new: list[str]) -> list[tuple[int, int, int, int]]:
    if len(old) * len(new) > EXACT:
        return [(0, len(old), 0, len(new))]
    matcher = SequenceMatcher(a=old, b=new, autojunk=False)
    return [
        (i1, i2, j1, j2)
        for kind, i1, i2, j1, j2 in matcher.get_opcodes()
        if kind != "equal"
    ]


def _pins(old: list[str], new: list[str]) -> list[tuple[int, int]]:
    """Places in both where the same words begin, in an order that holds for both.

    The longest such order of runs of words that are unique in both (patience diff).
    """
    ours, theirs = _unique_runs(old), _unique_runs(new)
    pairs = [(i, theirs[run]) for run, i in ours.items() if run in theirs]
    ends: list[int] = []
    chains: list[tuple[tuple[int, int], int]] = []
    last: list[int] = []
    for pair in pairs:
        length = bisect_left(ends, pair[1])
        chains.append((pair, last[length - 1] if length else -1))
        ends[length : length + 1] = [pair[1]]
        last[length : length + 1] = [len(chains) - 1]
    order: list[tuple[int, int]] = []
    at = last[-1] if last else -1
    while at >= 0:
        pair, at = chains[at]
        order.append(pair)
    return order[::-1]


def _unique_runs(words: list[str]) -> dict[tuple[str, ...], int]:
    """Where each run of words begins that there is once, in order."""
    runs = [tuple(words[start : start + ANCHOR]) for start in range(len(words))]
    counts = Counter(runs)
    return {run: start for start, run in enumerate(runs) if counts[run] == 1}
