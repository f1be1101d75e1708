"""Patterns of words that stand by themselves in a text, whatever the script."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

UNSPACED = (
    "\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f"  # Burmese
    "\u1780-\u17ff"  # Khmer
    "\u3040-\u30ff\uff66-\uff9f"  # Japanese syllables
    "\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Chinese characters
    "\uac00-\ud7af"  # Korean, which puts particles behind words
)
"""Characters of scripts without spaces between words, as inside a class of characters."""

NO_WORD_BEFORE = rf"(?<![^\W{UNSPACED}])"
NO_WORD_BEHIND = rf"(?![^\W{UNSPACED}])"
"""No letter or digit there, unless its script writes words without spaces."""

ONE_WORD = rf"[{UNSPACED}]|[^\W{UNSPACED}]+"
"""A word; in such scripts every character is one, as none tells where a word ends."""

_SOFT = "\u00ad"
_WITH_ACCENTS = re.compile(rf"[^{_SOFT}][\u0300-\u036f]*")
_SAME = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u02bc`\u00b4", "'"),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-"),
        "_": " ",
    }
)
_DIGITS_BEFORE, _DIGITS_BEHIND = r"(?<!\d[.,])", r"(?![.,]\d)"


def whole_words(words: str, *, numbers: bool = False, loosely: bool = False) -> str:
    """A regular expression for words that are no piece of a longer one.

    Spaces between them match any white space. Where a script writes words without spaces
    between them, any place counts.

    Args:
        words: with something else than white space in them.
        numbers: whether a number must not be a piece of a longer one, as 12 of 12.50.
        loosely: whether hyphens that do not show, and letters whose accents are
            characters of their own, make no difference.
    """
    parts = words.split()
    spaced = r"\s+".join(map(_loose if loosely else re.escape, parts))
    first, last = parts[0][0], parts[-1][-1]
    before, behind = _before(first), _behind(last)
    if numbers and first.isdigit():
        before += _DIGITS_BEFORE
    if numbers and last.isdigit():
        behind += _DIGITS_BEHIND
    return f"{before}{spaced}{behind}"


def any_of(words: Iterable[str]) -> list[re.Pattern[str]]:
    """Patterns that together find words, as `whole_words` does, at every place.

    Each match is empty, and its first group is what stands there: so one may begin inside
    of another. The borders are looked at once, since they take far longer than the words.
    """
    groups: dict[tuple[str, str], list[str]] = {}
    for each in sorted(words, key=len, reverse=True):
        parts = each.split()
        borders = (_before(parts[0][0]), _behind(parts[-1][-1]))
        groups.setdefault(borders, []).append(r"\s+".join(map(re.escape, parts)))
    return [
        re.compile(f"{before}(?=((?:{'|'.join(some)}){behind}))")
        for (before, behind), some in groups.items()
    ]


def is_plain(text: str) -> bool:
    """Whether a text needs no loose search: no hidden hyphens, accents on their letters."""
    return _SOFT not in text and unicodedata.is_normalized("NFC", text)


def _loose(word: str) -> str:
    return f"{_SOFT}?".join(map(_any_form, unicodedata.normalize("NFC", word)))


def _any_form(character: str) -> str:
    apart = unicodedata.normalize("NFD", character)
    if apart == character:
        return re.escape(character)
    return f"(?:{re.escape(character)}|{re.escape(apart)})"


def _before(first: str) -> str:
    return NO_WORD_BEFORE if _needs_border(first) else ""


def _behind(last: str) -> str:
    return NO_WORD_BEHIND if _needs_border(last) else ""


def _needs_border(character: str) -> bool:
    return re.match(r"\w", character) is not None and not re.match(
        f"[{UNSPACED}]", character
    )


def folded(text: str) -> tuple[str, list[int]]:
    """A text as one compares it, and where in it each character of that comes from.

    Capitals, hidden hyphens, accents that are characters of their own, and which apostrophe
    or hyphen was written make no difference there; nor do the underscores in the name of a
    file, which become blanks. Behind the last character stands the length of the text.
    """
    pieces: list[str] = []
    starts: list[int] = []
    for match in _WITH_ACCENTS.finditer(text):
        plain = unicodedata.normalize("NFC", match[0]).casefold().translate(_SAME)
        pieces.append(plain)
        starts += [match.start()] * len(plain)
    return "".join(pieces), [*starts, len(text)]
