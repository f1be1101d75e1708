"""A task as the TOML of a task file; `task_file` reads it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from onhand.domain.tasks import (
    Classify,
    Extract,
    FieldType,
    Keep,
    Rewrite,
    Summarise,
    kind_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from onhand.domain.tasks import Example, Field, Task

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def task_text(task: Task, *, examples: bool) -> str:
    """A task file that says the same; its examples are left out unless they are wanted."""
    lines = [f"kind = {_string(kind_of(task))}", *_common(task), *_own(task)]
    if examples:
        for example in task.examples:
            lines += ["", "[[examples]]", *_example(example)]
    return "\n".join(lines) + "\n"


def _own(task: Task) -> Iterator[str]:
    """What only tasks of its kind have."""
    match task:
        case Classify():
            yield from _classify(task)
        case Extract(fields=fields):
            for field in fields:
                yield from ("", f"[fields.{_key(field.name)}]", *_field(field))
        case Rewrite(keep=keep) if keep != tuple(Keep):
            yield f"keep = {_strings(keep)}"
        case Rewrite() | Summarise():
            pass


def _common(task: Task) -> Iterator[str]:
    for key in ("id", "name", "instruction", "adapter"):
        value = getattr(task, key)
        if value or key == "instruction":
            yield f"{key} = {_string(value)}"
    if task.promised_error is not None:
        yield f"promised_error = {task.promised_error}"


def _classify(task: Classify) -> Iterator[str]:
    if task.multiple:
        yield "multiple = true"
    if task.none is not None:
        yield f"none = {_string(task.none)}"
    yield from ("", "[labels]")
    for label in task.labels:
        yield f"{_key(label.name)} = {_string(label.meaning)}"
    if task.costs:
        yield from ("", "[costs]")
        yield from _table(task.costs)


def _table(costs: Mapping[str, float]) -> Iterator[str]:
    for pair, cost in costs.items():
        yield f"{_key(pair)} = {float(cost)!r}"


def _field(field: Field) -> Iterator[str]:
    if field.description:
        yield f"description = {_string(field.description)}"
    if field.type is not FieldType.TEXT:
        yield f"type = {_string(field.type)}"
    for flag in ("multiline", "many", "required"):
        if getattr(field, flag):
            yield f"{flag} = true"
    if field.choices:
        yield f"choices = {_strings(field.choices)}"


def _example(example: Example) -> Iterator[str]:
    yield f"text = {_string(example.text)}"
    match example.answer:
        case str(answer):
            yield f"answer = {_string(answer)}"
        case list(answers):
            yield f"answer = {_strings(answers)}"
        case values:
            pairs = (f"{_key(key)} = {_strings(each)}" for key, each in values.items())
            yield f"answer = {{ {', '.join(pairs)} }}"


def _strings(values: Sequence[str]) -> str:
    return f"[{', '.join(map(_string, values))}]"


def _string(value: str) -> str:
    # What JSON escapes, TOML reads; TOML wants the delete character escaped as well.
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007F")


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _string(name)
