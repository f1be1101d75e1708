"""Words of texts as numbers that hardly tell them.

Each number below `WIDTH` stands for many words (feature hashing, Weinberger et al. 2009,
arXiv 0902.2206), so what is learned from texts holds none of them.
"""

from __future__ import annotations

import re
import zlib

WORD = re.compile(r"\w+(?:[.'’:/-]\w+)*|[^\w\s]")
"""A word, or a mark by itself; `25/04/18`, `7:45pm` and `o'clock` are one."""

WIDTH = 2048
"""How many numbers there are."""

_DIGITS = re.compile(r"\d+")


def number_of(words: str) -> int:
    """The number of a word, or of anything else that is told in words."""
    return zlib.crc32(words.encode(errors="replace")) % WIDTH


def plain_word(word: str) -> str:
    """A word in small letters, with each number as a 9."""
    return _DIGITS.sub("9", word.casefold())
