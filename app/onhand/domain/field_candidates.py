"""Spans near those that the model found, for fields whose right values people showed.

What a small model copies is often a word too long or too short, or one line of a block of
lines. Where people showed which spans are right, others than the model's are worth a look.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from onhand.domain.assigning import Place
from onhand.domain.candidates import candidates_of
from onhand.domain.field_anchors import anchored
from onhand.domain.field_words import WORD
from onhand.domain.line_blocks import MOST_LINES, made_of_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from onhand.domain.assigning import Contest
    from onhand.domain.field_anchors import Anchor
    from onhand.domain.tasks import Field

TOP = 3
"""So many of the model's best spans are looked around."""

AROUND = 2
"""By so many words a span may be longer or shorter, on each side."""

HEAD = 10
"""Lines at a text's beginning that are looked at, wherever the model looked."""

UNSEEN = -8.0
"""What a span counts that is nowhere near the model's (natural log, over absence)."""


@dataclass(frozen=True)
class Choice:
    """A span that may be the value of a field.

    Attributes:
        places: where it stands, the best place first.
        margin: how far the model's own evidence is above absence (natural log), its own or
            that of the span that this one lies around.
        kind: where it comes from, in words that are the same for all texts.
    """

    places: tuple[Place, ...]
    margin: float
    kind: str


def choices_of(
    field: Field, text: str, contest: Contest, anchors: frozenset[Anchor] = frozenset()
) -> list[Choice]:
    """The model's candidates, best first, and spans near them; each place once.

    What has the form of a type is left as it is. `anchors` stand around further spans.
    """
    found = sorted(contest.candidates, key=lambda each: -each.logprob)
    margins = [each.logprob - contest.absent for each in found]
    choices = {
        each.places[0]: Choice(each.places, margin, "best" if not number else "found")
        for number, (each, margin) in enumerate(zip(found, margins, strict=True))
    }
    if candidates_of(field, text) is None:
        for each in [*choices.values()][:TOP]:
            for place, kind in _around(text, each.places[0]):
                choices.setdefault(place, Choice((place,), each.margin, kind))
        best = next(iter(choices.values()), None)
        further = [(place, "anchored") for place in anchored(text, anchors)]
        if made_of_lines(text):
            blocks = _blocks(text, MOST_LINES - 1 if field.multiline else 1)
            further += [(place, "lines") for place in blocks]
        for place, kind in further:
            near = best is not None and _meet(best.places[0], place)
            margin = best.margin if best is not None and near else UNSEEN
            choice = Choice((place,), margin, f"{kind} near" if near else kind)
            choices.setdefault(place, choice)
    return [*choices.values()]


def _around(text: str, place: Place) -> Iterator[tuple[Place, str]]:
    """Spans with some words more or fewer, on the same lines."""
    start, end = place
    words = [match.span() for match in WORD.finditer(text)]
    inside = [number for number, (a, b) in enumerate(words) if a < end and b > start]
    if not inside:
        return
    steps = range(-AROUND, AROUND + 1)
    lines = text.count("\n", start, end)
    for left in steps:
        for right in steps:
            first, last = inside[0] - left, inside[-1] + right
            if not 0 <= first <= last < len(words):
                continue
            near = words[first][0], words[last][1]
            if text.count("\n", *near) <= lines:
                yield near, f"{left} {right}"


def _blocks(text: str, most: int) -> Iterator[Place]:
    """Runs of lines that begin among the first ones."""
    lines = [match.span() for match in re.finditer(r"\S(?:[^\n]*\S)?", text)]
    for first in range(min(HEAD, len(lines))):
        for last in range(first, min(first + most, len(lines))):
            yield lines[first][0], lines[last][1]


def _meet(one: Place, other: Place) -> bool:
    return one[0] < other[1] and other[0] < one[1]
