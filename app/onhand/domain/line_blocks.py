"""Blocks of lines in forms, receipts and letterheads: an address, say.

A small model tends to copy one line of such a block. In a text of short lines, a value
that may run over lines is grown to whole lines, and further while a line says that it goes
on: it ends in a comma or another mark that nothing ends with.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from statistics import median

SHORT = 60
"""Characters of the middle line of a text whose lines mean something."""

LEAST_LINES = 4
MOST_LINES = 6

_GOES_ON = re.compile(r"[,&/-]\s*$")


def made_of_lines(text: str) -> bool:
    """Whether line ends mean something in a text, as in a form, or only wrap it."""
    lengths = [len(line) for line in text.splitlines() if line.strip()]
    return len(lengths) >= LEAST_LINES and median(lengths) < SHORT


def grown_to_lines(text: str, start: int, end: int) -> tuple[int, int]:
    """The block of whole lines that `start:end` belongs to.

    What stands in front of a colon on the first line is its heading, not part of it.
    """
    if not made_of_lines(text):
        return start, end
    borders = [0, *(match.end() for match in re.finditer("\n", text))]
    lines = [text[a:b] for a, b in zip(borders, [*borders[1:], len(text)], strict=True)]
    first = bisect_right(borders, start) - 1
    last = bisect_right(borders, end - 1) - 1
    headed = ":" in text[borders[first] : start]
    if not headed:
        start = borders[first]
        while first and last - first < MOST_LINES - 1 and _GOES_ON.search(lines[first - 1]):
            first -= 1
            start = borders[first]
    while (
        last + 1 < len(lines)
        and last - first < MOST_LINES - 1
        and _GOES_ON.search(lines[last])
    ):
        last += 1
    end = borders[last] + len(lines[last])
    block = text[start:end]
    return end - len(block.lstrip()), start + len(block.rstrip())
