"""Texts as models write them: their whole sentences, and where these come from."""

from __future__ import annotations

import re

from onhand.domain.answers import SummaryPart
from onhand.domain.splitting import Part, pieces_of
from onhand.domain.whole_words import ONE_WORD

_END = re.compile(
    # Not the stop in "3.5", nor that behind "the 3." or a number of a list.
    r"(?:(?<!\b\d)(?<!\b\d\d)\.|[!?…])[\"'”“’»)\]]*(?=\s|\Z)|[。！？][”’」』\uff09]*"
)


def whole_sentences(text: str) -> str:
    """A text that was cut off, up to its last whole sentence; all of it if it has none."""
    ends = [match.end() for match in _END.finditer(text)]
    return text[: ends[-1]] if ends else text


TAKEN = 0.35
"""Of the words of a rewrite more are those of its source, and of a translation less: names
and words that two languages share.
"""


def is_taken_from(source: str, passage: str) -> bool:
    """Whether a passage, all in all, says in the words of a source what stands there."""
    words = _words(passage)
    return bool(words) and len(words & _words(source)) > TAKEN * len(words)


def sources_of(summary: str, source: str) -> tuple[SummaryPart, ...]:
    """For each sentence of a summary the sentence of the source with most of its words."""
    pieces = [
        piece for piece in pieces_of(source) if source[piece.start : piece.end].strip()
    ]
    bags = [_words(source[piece.start : piece.end]) for piece in pieces]
    parts = []
    for number, sentence in enumerate(_sentences(summary)):
        words = _words(sentence)
        shares = [len(words & bag) / (len(bag) ** 0.5) if bag else 0.0 for bag in bags]
        if shares and max(shares) > 0:
            best = pieces[shares.index(max(shares))]
            parts.append(_trimmed(number, best, source))
    return tuple(parts)


def _sentences(text: str) -> list[str]:
    return [
        part for piece in pieces_of(text) if (part := text[piece.start : piece.end].strip())
    ]


def _trimmed(number: int, piece: Part, source: str) -> SummaryPart:
    text = source[piece.start : piece.end]
    start = piece.start + len(text) - len(text.lstrip())
    return SummaryPart(sentence=number, start=start, end=piece.start + len(text.rstrip()))


def _words(text: str) -> set[str]:
    return {
        word
        for word in re.findall(ONE_WORD, text.lower())
        if len(word) > 2 or not word.isascii()
    }
