"""Cutting a long text into parts that fit, at borders of sentences, with some overlap."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_BORDER = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+|(?<=[。！？])|\n+|(?<=[;:])\s+")
_BLANK = re.compile(r"\s")
LONGEST_PIECE = 400
"""Characters after which a piece without any border is cut all the same."""

PASSAGE = 160
"""Characters up to which sentences that follow each other are one passage."""

FULL_LINE = 60
"""Characters from which on a line may go on in the next, as mails are wrapped."""

_PARAGRAPH_END = re.compile(r"\n[^\S\n]*\n\s*\Z|\A\s*\Z")
_SENTENCE_END = re.compile(r"[.!?…:;。！？][\"'”’)\]]*\Z")


@dataclass(frozen=True)
class Part:
    """`start:end` of a text, in code points."""

    start: int
    end: int


def pieces_of(text: str) -> list[Part]:
    """A text cut at each border of a sentence or line; the pieces join to the text."""
    borders = [match.end() for match in _BORDER.finditer(text)]
    pieces: list[Part] = []
    start = 0
    for end in (*borders, len(text)):
        while end - start > LONGEST_PIECE:
            cut = _cut(text, start, start + LONGEST_PIECE)
            pieces.append(Part(start, cut))
            start = cut
        if end > start:
            pieces.append(Part(start, end))
            start = end
    return pieces


def packed(
    pieces: Sequence[Part], tokens: Sequence[int], room: int, overlap: int
) -> list[Part]:
    """Pieces joined to as few parts as possible, each of `room` tokens at most.

    A part begins with up to `overlap` tokens of the one before, in whole pieces. `room`
    must hold any single piece; one that is larger becomes a part of its own.
    """
    parts: list[Part] = []
    first = 0
    while first < len(pieces):
        last, size = first, tokens[first]
        while last + 1 < len(pieces) and size + tokens[last + 1] <= room:
            last += 1
            size += tokens[last]
        parts.append(Part(pieces[first].start, pieces[last].end))
        if last + 1 == len(pieces):
            break
        first = _step_back(tokens, first, last + 1, overlap, room)
    return parts


def _step_back(
    tokens: Sequence[int], first: int, following: int, overlap: int, room: int
) -> int:
    """Where the next part begins: some pieces before `following`, but behind `first`."""
    begin, size = following, tokens[following]
    while begin - 1 > first:
        size += max(1, tokens[begin - 1])
        if size - tokens[following] > overlap or size > room:
            break
        begin -= 1
    return begin


def passages_of(text: str) -> list[Part]:
    """A text in passages of a sentence or some short ones; they join to the text.

    None goes on behind an empty line, and a sentence that is wrapped over lines stays
    together as far as `LONGEST_PIECE` allows.
    """
    passages: list[Part] = []
    start = 0
    pieces = pieces_of(text)
    for piece, following in zip_longest(pieces, pieces[1:]):
        if following is None or _ends(text, Part(start, piece.end), following):
            passages.append(Part(start, piece.end))
            start = piece.end
    return passages


def _ends(text: str, passage: Part, following: Part) -> bool:
    """Whether a passage is complete where it might also go on with the following piece."""
    words, size = text[passage.start : passage.end], following.end - passage.start
    if _PARAGRAPH_END.search(words) or size > LONGEST_PIECE:
        return True
    return size > PASSAGE and not _goes_on(words, text[following.start : following.end])


def _goes_on(before: str, after: str) -> bool:
    """Whether a sentence does: in the next line, or behind a colon or semicolon."""
    line = before.rstrip()
    if "\n" not in before[len(line) :]:
        return line.endswith((":", ";"))
    if _SENTENCE_END.search(line):
        return False
    return after.lstrip()[:1].islower() or len(line) - line.rfind("\n") > FULL_LINE


def halved(text: str, piece: Part) -> tuple[Part, Part]:
    """A piece of two characters or more cut in two, if it can be at a blank."""
    cut = _cut(text, piece.start, (piece.start + piece.end) // 2)
    return Part(piece.start, cut), Part(cut, piece.end)


def _cut(text: str, start: int, end: int) -> int:
    """Where to cut a piece that has no border: behind a space, or another blank."""
    space = text.rfind(" ", start + 1, end)
    if space < 0 and (blanks := [*_BLANK.finditer(text, start + 1, end)]):
        space = blanks[-1].start()
    return space + 1 if space > start else end
