"""What a text's form says about a field's values, added to what the model says.

Natural logarithms, chosen on training rows of receipts and bookings; they are the same for
all tasks.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from onhand.domain.assigning import Candidate
from onhand.domain.candidates import candidates_of
from onhand.domain.date_expressions import grown
from onhand.domain.line_blocks import grown_to_lines, made_of_lines
from onhand.domain.tasks import FieldType

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from onhand.domain.tasks import Field

NAMED = 3.0
"""For a number, amount or date behind the field's own name on the same line."""

LONGER = 6.0
"""So much less probable may a block of lines be that contains the best value."""

Grow: TypeAlias = "Callable[[str, int, int], tuple[int, int]]"

_NAMED_TYPES = (FieldType.AMOUNT, FieldType.NUMBER, FieldType.DATE)


def weighed(
    text: str, field: Field, candidates: Sequence[Candidate]
) -> tuple[Candidate, ...]:
    """A field's candidates with the evidence of the text's form, grown to whole phrases."""
    found = list(candidates)
    if field.type in _NAMED_TYPES:
        found = [_named(text, field.name, each) for each in found]
    found.sort(key=lambda each: -each.logprob)
    if field.multiline and made_of_lines(text):
        return tuple(_grown(each, text, grown_to_lines) for each in _longest_first(found))
    # A day that is no date in figures is found among all words, as a text is.
    if candidates_of(field, text) is None:
        return tuple(_grown(each, text, grown) for each in found)
    return tuple(found)


def _named(text: str, name: str, candidate: Candidate) -> Candidate:
    word = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)
    named = [
        place
        for place in candidate.places
        if word.search(text, text.rfind("\n", 0, place[0]) + 1, place[0])
    ]
    if not named:
        return candidate
    others = [place for place in candidate.places if place not in named]
    return Candidate((*named, *others), candidate.logprob + NAMED)


def _longest_first(candidates: list[Candidate]) -> list[Candidate]:
    """The candidates with the best one replaced by the longest around it that is near."""
    if not candidates:
        return []
    best = candidates[0]
    (start, end), *_ = best.places
    around = [
        each
        for each in candidates
        if each.logprob >= best.logprob - LONGER
        and each.places[0][0] <= start
        and end <= each.places[0][1]
    ]
    longest = max(around, key=lambda each: each.places[0][1] - each.places[0][0])
    rest = [each for each in candidates if each is not longest]
    return [replace(longest, logprob=best.logprob), *rest]


def _grown(candidate: Candidate, text: str, grow: Grow) -> Candidate:
    places = dict.fromkeys(grow(text, start, end) for start, end in candidate.places)
    return replace(candidate, places=tuple(places))
