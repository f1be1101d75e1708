"""What teaching a task that writes came to: adopted only where it helps beyond chance.

A text counts by the share of its words that people would still have to change, which is
the edit rate of post-editing (HTER; Snover et al. 2006, AMTA) without its moves of blocks.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from onhand.domain.edits import edits_between
from onhand.domain.label_sets import sign_flips
from onhand.domain.teaching import judged_lesson
from onhand.domain.whole_words import ONE_WORD

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onhand.domain.teaching import Lesson

STEPS = 1_000
"""The test counts in such parts of a text."""

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


def written_lesson_of(
    right: Sequence[str],
    before: Sequence[str],
    after: Sequence[str],
    *,
    skipped: int = 0,
) -> Lesson:
    """The lesson of some texts: what was written of each before, and is afterwards.

    Args:
        right: what people wrote, or accepted.
        before: without what others of these texts teach.
        after: with it.
        skipped: texts of which nothing could be written.
    """
    rates = [
        (edit_rate(one, goal), edit_rate(two, goal))
        for one, two, goal in zip(before, after, right, strict=True)
    ]
    nearer = [round((one - two) * STEPS) for one, two in rates]
    mean = len(rates) or 1
    return judged_lesson(
        [(one == 0.0, two == 0.0) for one, two in rates],
        chance=sign_flips(nearer),
        helps=sum(nearer) > 0,
        edits=(sum(one for one, _ in rates) / mean, sum(two for _, two in rates) / mean),
        skipped=skipped,
    )


def _words(text: str) -> int:
    return len(_WORD.findall(text))
