"""The language of a text, told on this machine by a small neural network (CLD3)."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from onhand.domain.languages import NAMES, UNKNOWN
from onhand.domain.splitting import pieces_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    import gcld3

SAMPLE = 4_000
"""Code points at the beginning of a text that decide."""

LEAST_WORDS = 6
"""Fewer say nothing sure, names and loan words being what they are."""

ENOUGH_WORDS = 15
"""From here on the network errs so rarely that it need not be nearly certain."""

CERTAIN, LIKELY = 0.9, 0.7
"""Probabilities: what fewer words must have, and what more of them must."""

FOREIGN_SHARE = 0.3
"""Of the words, in passages of another language; from here on a text is mixed."""

_SOON = frozenset(
    {"ar", "bn", "cs", "da", "de", "el", "en", "es", "fi", "fr", "he", "hi", "hy", "it"}
    | {"ja", "ka", "ko", "nl", "no", "pl", "pt", "ru", "sv", "ta", "th", "tr", "zh"}
)
"""Frequent ones, and those with a script of their own; as long as a text is short, others
are far likelier to be one of these, misread.
"""

_RENAMED = {"iw": "he", "nb": "no", "nn": "no"}
_WORD = re.compile(r"[^\W\d_]+")
_DENSE = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")
"""Letters of scripts that put no blanks between words."""

_LETTERS_A_WORD = 2


class Cld3Languages:
    """The port `Languages`; the network (1 MB) is loaded for the first text.

    CLD3 is Google's Compact Language Detector 3, github.com/google/cld3.
    """

    def of(self, text: str) -> str:
        """See `Languages`."""
        sample = text[:SAMPLE]
        words = _words(sample)
        code = self._sure(sample, words)
        if not code:
            return UNKNOWN
        foreign = sum(
            size
            for passage, size in _passages(sample)
            if self._sure(passage, size) not in {code, UNKNOWN}
        )
        return UNKNOWN if foreign > FOREIGN_SHARE * words else code

    def _sure(self, text: str, words: int) -> str:
        if words < LEAST_WORDS:
            return UNKNOWN
        # A zero ends a string for CLD3, and halves of surrogate pairs have no UTF-8.
        plain = text.replace("\0", " ").encode(errors="replace").decode()
        found = self._network.FindLanguage(plain)
        code = _RENAMED.get(found.language, found.language)
        long = words >= ENOUGH_WORDS
        if code not in NAMES or not (long or code in _SOON):
            return UNKNOWN
        least = LIKELY if long and code in _SOON else CERTAIN
        return code if found.probability >= least else UNKNOWN

    @cached_property
    def _network(self) -> gcld3.NNetLanguageIdentifier:
        # Neither the window nor a command that only lists something needs it.
        import gcld3  # noqa: PLC0415

        return gcld3.NNetLanguageIdentifier(0, 4 * SAMPLE)


def _words(text: str) -> int:
    return len(_WORD.findall(text)) + len(_DENSE.findall(text)) // _LETTERS_A_WORD


def _passages(text: str) -> Iterator[tuple[str, int]]:
    """Sentences, joined until they are long enough to be judged, and their words."""
    start = size = 0
    for piece in pieces_of(text):
        size += _words(text[piece.start : piece.end])
        if size >= ENOUGH_WORDS:
            yield text[start : piece.end], size
            start, size = piece.end, 0
    yield text[start:], size
