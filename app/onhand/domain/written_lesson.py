"""What teaching a task that writes came to: adopted only where it helps beyond chance.

A text counts by the share of its words that people would still have to change
(`edit_rate.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.domain.edit_rate import edit_rate
from onhand.domain.label_sets import sign_flips
from onhand.domain.teaching import judged_lesson

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onhand.domain.teaching import Lesson

STEPS = 1_000
"""The test counts in such parts of a text."""


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
