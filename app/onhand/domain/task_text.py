"""Writing a task as TOML, as `task_file` reads it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from onhand.domain.tasks import Classify, Extract, FieldType, Rewrite, Summarise, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from onhand.domain.tasks import AnswerData, Field, Task


def written_task(task: Task) -> str:
    """The text of a file that holds this task."""
    lines = (*_common(task), *_own(task), *_examples(task))
    return "\n".join(lines) + "\n"


def _common(task: Task) -> Iterator[str]:
    yield f"kind = {_quoted(kind_of(task))}"
    for key in ("id", "name", "adapter"):
        if value := getattr(task, key):
            yield f"{key} = {_quoted(value)}"
    yield f"instruction = {_quoted(task.instruction)}"


def _own(task: Task) -> Iterator[str]:
    match task:
        case Classify():
            yield from _classify(task)
        case Extract():
            for field in task.fields:
                yield from _field(field)
        case Rewrite():
            yield f"keep = {_list(task.keep)}"
        case Summarise():
            pass


def _examples(task: Task) -> Iterator[str]:
    for example in task.examples:
        yield from ("", "[[examples]]", f"text = {_quoted(example.text)}")
        yield f"answer = {_answer(example.answer)}"


def _classify(task: Classify) -> Iterator[str]:
    if task.multiple:
        yield "multiple = true"
    if task.none is not None:
        yield f"none = {_quoted(task.none)}"
    yield from ("", "[labels]")
    for label in task.labels:
        yield f"{_quoted(label.name)} = {_quoted(label.meaning)}"
    if task.costs:
        yield from ("", "[costs]")
        for pair, cost in task.costs.items():
            yield f"{_quoted(pair)} = {float(cost)!r}"


def _field(field: Field) -> Iterator[str]:
    yield from ("", f"[fields.{_quoted(field.name)}]")
    yield f"description = {_quoted(field.description)}"
    if field.type is not FieldType.TEXT:
        yield f"type = {_quoted(field.type)}"
    for key in ("multiline", "many", "required"):
        if getattr(field, key):
            yield f"{key} = true"
    if field.choices:
        yield f"choices = {_list(field.choices)}"


def _answer(answer: AnswerData) -> str:
    match answer:
        case str():
            return _quoted(answer)
        case list():
            return _list(tuple(answer))
        case dict():
            pairs = (f"{_quoted(key)} = {_list(tuple(answer[key]))}" for key in answer)
            return f"{{ {', '.join(pairs)} }}"


def _list(values: tuple[str, ...]) -> str:
    return f"[{', '.join(map(_quoted, values))}]"


def _quoted(text: str) -> str:
    # A string of JSON is one of TOML, but for one sign that TOML wants escaped.
    return json.dumps(str(text), ensure_ascii=False).replace("\x7f", "\\u007f")
