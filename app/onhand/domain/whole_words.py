"""Patterns of words that stand by themselves in a text, whatever the script."""

from __future__ import annotations

import re

UNSPACED = (
    "\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f"  # Burmese
    "\u1780-\u17ff"  # Khmer
    "\u3040-\u30ff"  # Japanese syllables
    "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Chinese characters
    "\uac00-\ud7af"  # Korean, which puts particles behind words
)
"""Characters of scripts without spaces between words, as inside a class of characters."""

NO_WORD_BEFORE = rf"(?<![^\W{UNSPACED}])"
NO_WORD_BEHIND = rf"(?![^\W{UNSPACED}])"
"""No letter or digit there, unless its script writes words without spaces."""

_BEFORE, _BEHIND = r"(?<!\w)", r"(?!\w)"
_DIGITS_BEFORE, _DIGITS_BEHIND = r"(?<!\d[.,])", r"(?![.,]\d)"


def whole_words(words: str, *, numbers: bool = False) -> str:
    """A regular expression for words that are no piece of a longer one.

    Spaces between them match any white space. Where a script writes words without spaces
    between them, any place counts.

    Args:
        words: with something else than white space in them.
        numbers: whether a number must not be a piece of a longer one, as 12 of 12.50.
    """
    parts = words.split()
    spaced = r"\s+".join(map(re.escape, parts))
    first, last = parts[0][0], parts[-1][-1]
    before = _BEFORE if _needs_border(first) else ""
    behind = _BEHIND if _needs_border(last) else ""
    if numbers and first.isdigit():
        before += _DIGITS_BEFORE
    if numbers and last.isdigit():
        behind += _DIGITS_BEHIND
    return f"{before}{spaced}{behind}"


def _needs_border(character: str) -> bool:
    return re.match(r"\w", character) is not None and not re.match(
        f"[{UNSPACED}]", character
    )
