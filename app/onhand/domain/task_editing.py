"""What becomes of a task when a person edits it in a form that cannot show all of it."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from onhand.domain.task_file import with_examples
from onhand.domain.tasks import Classify, Extract, Rewrite

if TYPE_CHECKING:
    from onhand.domain.tasks import Field, Task

BUILT_IN = "onhand-"
"""With this begin the identities of the tasks that come with the program."""


def is_built_in(task: Task) -> bool:
    """Whether it came with the program."""
    return task.id.startswith(BUILT_IN)


def edited_task(before: Task, form: Task) -> Task:
    """`form` as the user left it, with what only `before` knows and what still fits it.

    That is identity, adapter, promise, examples, costs, and the types of fields. Another
    kind of task keeps its identity alone.
    """
    kept = dataclasses.replace(form, id=before.id)
    match before, kept:
        case Classify(), Classify():
            names = set(kept.answers)
            costs = {
                pair: cost
                for pair, cost in before.costs.items()
                if set(pair.split(">", 1)) <= names
            }
            kept = dataclasses.replace(kept, costs=costs)
        case Extract(), Extract():
            known = {each.name: each for each in before.fields}
            fields = tuple(_field(known.get(each.name), each) for each in kept.fields)
            kept = dataclasses.replace(kept, fields=fields)
        case Rewrite(), Rewrite():
            kept = dataclasses.replace(kept, keep=before.keep)
        case _:
            if type(before) is not type(kept):
                return kept
    kept = dataclasses.replace(
        kept, adapter=before.adapter, promised_error=before.promised_error, examples=()
    )
    return with_examples(kept, before.examples)


def _field(before: Field | None, form: Field) -> Field:
    if before is None:
        return form
    return dataclasses.replace(before, description=form.description)
