"""What teaching an extraction came to: adopted only where it helps beyond chance.

A text's values count as labels do where any number may be right (`label_sets.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.domain.field_values import given_values, right_values
from onhand.domain.label_sets import f1_steps, micro_f1, sign_flips
from onhand.domain.teaching import judged_lesson

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onhand.domain.answers import Extraction
    from onhand.domain.field_values import Values
    from onhand.domain.tasks import Extract
    from onhand.domain.teaching import Lesson


def field_lesson_of(
    task: Extract,
    right: Sequence[Values],
    before: Sequence[Extraction],
    after: Sequence[Extraction],
    *,
    skipped: int = 0,
) -> Lesson:
    """The lesson of some texts: what they were answered with before, and are afterwards."""
    goals = [right_values(task, each) for each in right]
    old, new = (
        [given_values(task, each, goal) for each, goal in zip(side, goals, strict=True)]
        for side in (before, after)
    )
    # That all values of a text are right says little of the rest: with few texts, two that
    # are won and two that are lost there would hide what is won elsewhere.
    nearer = [
        f1_steps(two, goal) - f1_steps(one, goal)
        for one, two, goal in zip(old, new, goals, strict=True)
    ]
    hits = [
        ({*one} == {*goal}, {*two} == {*goal})
        for one, two, goal in zip(old, new, goals, strict=True)
    ]
    whole = sum(two - one for one, two in hits)
    return judged_lesson(
        hits,
        chance=sign_flips(nearer),
        helps=sum(nearer) > 0 and whole >= 0,
        f1=(micro_f1(old, goals), micro_f1(new, goals)),
        skipped=skipped,
        fields=True,
    )
