"""The form in which texts are searched: no case, no accents, one spelling a letter."""

from __future__ import annotations

import itertools
import unicodedata

_ACCENTS = dict.fromkeys((*range(0x300, 0x370), *range(0x64B, 0x660), 0x670, 0x640))
"""Combining accents, the vowel signs that Arabic mostly leaves out, and its stretching."""

_LETTERS = str.maketrans(
    {"\N{LATIN SMALL LETTER DOTLESS I}": "i", "ø": "o", "ł": "l", "đ": "d"}
)
"""Letters that people search without their stroke, or without knowing of a missing dot."""


def fold(text: str) -> str:
    """The text as it is searched; the same for a word and for the text that holds it."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    plain = unicodedata.normalize("NFKD", plain).translate(_ACCENTS)
    # SQLite takes a NUL for the end of a query.
    return unicodedata.normalize("NFC", plain.translate(_LETTERS)).replace("\0", " ")


def grams(*folded: str) -> str:
    """Every letter of some folded texts and every two beside each other, once each.

    As words of ASCII, by their numbers: so that no tokenizer finds anything to change.
    """
    found: set[str] = set()
    for text in folded:
        for word in set(text.split()):
            codes = [f"{ord(letter):x}" for letter in word]
            found.update(codes)
            found.update(map("x".join, itertools.pairwise(codes)))
    return " ".join(sorted(found))
