"""What teaching an extraction came to: adopted only where it helps beyond chance.

A text's values count as labels do where any number may be right (`label_sets.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.domain.field_weights import is_one_of
from onhand.domain.label_sets import f1_steps, micro_f1, sign_flips
from onhand.domain.teaching import judged_lesson

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from onhand.domain.answers import Extraction
    from onhand.domain.tasks import Extract, Field
    from onhand.domain.teaching import Lesson

Values = tuple[tuple[str, ...], ...]
"""The right values of a text, by field in the task's order."""


def values_of(task: Extract, answer: Mapping[str, Sequence[str]]) -> Values:
    """A correction in this form; blank values are none."""
    return tuple(
        tuple(each.strip() for each in answer.get(field.name, ()) if each.strip())
        for field in task.fields
    )


def field_lesson_of(
    task: Extract,
    right: Sequence[Values],
    before: Sequence[Extraction],
    after: Sequence[Extraction],
    *,
    skipped: int = 0,
) -> Lesson:
    """The lesson of some texts: what they were answered with before, and are afterwards."""
    goals = [_goals(task, each) for each in right]
    wanted = [range(len(each)) for each in goals]
    old, new = (
        [[*_numbers(task, *each)] for each in zip(side, goals, strict=True)]
        for side in (before, after)
    )
    # That all values of a text are right says little of the rest: with few texts, two that
    # are won and two that are lost there would hide what is won elsewhere.
    nearer = [
        f1_steps(two, goal) - f1_steps(one, goal)
        for one, two, goal in zip(old, new, wanted, strict=True)
    ]
    hits = [
        ({*one} == {*goal}, {*two} == {*goal})
        for one, two, goal in zip(old, new, wanted, strict=True)
    ]
    whole = sum(two - one for one, two in hits)
    return judged_lesson(
        hits,
        chance=sign_flips(nearer),
        helps=sum(nearer) > 0 and whole >= 0,
        f1=(micro_f1(old, wanted), micro_f1(new, wanted)),
        skipped=skipped,
        fields=True,
    )


def _goals(task: Extract, values: Values) -> list[tuple[Field, str]]:
    """The right values of a text, each once."""
    return [
        (field, each)
        for field, several in zip(task.fields, values, strict=True)
        for each in dict.fromkeys(several)
    ]


def _numbers(
    task: Extract, answer: Extraction, goals: Sequence[tuple[Field, str]]
) -> Iterator[int]:
    """The numbers of the right values that an answer has; others for what is wrong."""
    wrong = len(goals)
    for field in task.fields:
        for value in answer.fields.get(field.name, ()):
            found = (
                number
                for number, (of, goal) in enumerate(goals)
                if of is field and is_one_of(field, value.text, [goal])
            )
            number = next(found, wrong)
            wrong += number == wrong
            yield number
