"""The values of an answer compared with those that are right, whatever their form."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from onhand.domain.field_weights import is_one_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from onhand.domain.answers import Extraction
    from onhand.domain.tasks import Extract, Field

Values: TypeAlias = tuple[tuple[str, ...], ...]
"""The right values of a text, by field in the task's order."""


class FieldValue(NamedTuple):
    """A value, and the name of the field that it is of."""

    field: str
    text: str


def values_of(task: Extract, answer: Mapping[str, Sequence[str]]) -> Values:
    """A correction in this form; blank values are none."""
    return tuple(
        tuple(each.strip() for each in answer.get(field.name, ()) if each.strip())
        for field in task.fields
    )


def right_values(task: Extract, values: Values) -> tuple[FieldValue, ...]:
    """The right values of a text, each once, in the order of the task."""
    return tuple(
        FieldValue(field.name, each)
        for field, several in zip(task.fields, values, strict=True)
        for each in _apart(field, several)
    )


def given_values(
    task: Extract, answer: Extraction, right: Sequence[FieldValue]
) -> tuple[FieldValue, ...]:
    """The values of an answer, each once: first those of a field that are right.

    One that is right is written as it is in `right`, whatever its case, its spaces and its
    form, so two answers are the same where they have the same right values and no wrong
    ones.
    """
    return tuple(
        FieldValue(field.name, each)
        for field in task.fields
        for each in _matched(
            field,
            [value.text for value in answer.fields.get(field.name, ())],
            [text for name, text in right if name == field.name],
        )
    )


def _matched(field: Field, given: Sequence[str], right: Sequence[str]) -> Iterator[str]:
    for goal in right:
        if is_one_of(field, goal, given):
            yield goal
    yield from _apart(field, [each for each in given if not is_one_of(field, each, right)])


def _apart(field: Field, values: Sequence[str]) -> Iterator[str]:
    """Those that say something else than all before them."""
    for place, each in enumerate(values):
        if not is_one_of(field, each, values[:place]):
            yield each
