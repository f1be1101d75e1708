"""How much of a written text people would still have to change.

It is the edit rate of post-editing (HTER; Snover et al. 2006, AMTA) without moves of
blocks.
"""

from __future__ import annotations

import re

from onhand.domain.edits import edits_between
from onhand.domain.whole_words import ONE_WORD

_WORD = re.compile(rf"{ONE_WORD}|[^\w\s]")


def edit_rate(written: str, right: str) -> float:
    """Words to be changed in a text until it is right, for each word of the right one.

    Words are taken out, put in, or replaced by others; marks count as words. What takes
    more work than writing it anew counts as 1.
    """
    changed = sum(
        max(_words(written[each.start : each.end]), _words(each.text))
        for each in edits_between(written.strip(), right.strip())
    )
    return min(1.0, changed / max(1, _words(right)))


def _words(text: str) -> int:
    return len(_WORD.findall(text))
