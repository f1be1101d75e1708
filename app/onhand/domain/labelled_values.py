"""The right values of fields, as a labelled row gives them.

A table has a column for each field, called as the field is, and a batch writes it so; in
JSON Lines there may be an object `fields` instead, as a batch writes it there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from onhand.domain.errors import UsageError
from onhand.domain.result_columns import BETWEEN

if TYPE_CHECKING:
    from onhand.domain.tasks import Extract, Field

FIELDS = "fields"
"""The column that has all of them."""


def values_in(field: Field, cell: str) -> list[str]:
    """The values that a cell gives a field; an empty one gives none.

    A cell may hold a list in JSON; where a field may have several values, also several with
    "; " between them, as the output of a batch has them.
    """
    cell = cell.strip()
    try:
        listed = msgspec.json.decode(cell, type=list[str])
    except (msgspec.MsgspecError, RecursionError):
        listed = cell.split(BETWEEN.strip()) if field.many else [cell]
    return [*dict.fromkeys(each.strip() for each in listed if each.strip())]


def values_in_object(task: Extract, cell: str) -> dict[str, list[str]]:
    """The values of all fields that an object gives; one that is missing has none.

    A value is a text, an object with a `text`, or a list of such.

    Raises:
        UsageError: it is no such object, or has a field that the task does not have.
    """
    try:
        given = msgspec.json.decode(cell or "{}", type=dict[str, object])
    except (msgspec.MsgspecError, RecursionError) as error:
        raise UsageError(f"'{FIELDS}' is no object of fields") from error
    unknown = [*given.keys() - {field.name for field in task.fields}]
    if unknown:
        raise UsageError(f"the task has no field '{min(unknown)}'")
    return {field.name: _values(given.get(field.name)) for field in task.fields}


def _values(given: object) -> list[str]:
    several = given if isinstance(given, list) else [given]
    texts = [each.get("text") if isinstance(each, dict) else each for each in several]
    said = ("" if each is None else str(each).strip() for each in texts)
    return [*dict.fromkeys(each for each in said if each)]
