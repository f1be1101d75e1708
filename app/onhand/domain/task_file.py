"""Reading a task from TOML, with the line and key of what is wrong."""

from __future__ import annotations

import math
import re
import tomllib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import msgspec

from onhand.domain.errors import TaskInvalid
from onhand.domain.task_lines import key_in, place_of
from onhand.domain.task_names import wrong_name
from onhand.domain.task_shapes import Misfit, shaped
from onhand.domain.tasks import (
    AnswerData,
    Classify,
    Example,
    Extract,
    Field,
    FieldType,
    Keep,
    Kind,
    Label,
    Rewrite,
    Summarise,
    Task,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from onhand.domain.task_lines import Path


_TOML_PLACE = re.compile(r" \(at (?:line (?P<line>\d+), column \d+|end of document)\)$")


class _Example(msgspec.Struct, forbid_unknown_fields=True):
    text: str
    answer: AnswerData


class _File(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    kind: Kind
    instruction: str
    name: str = ""
    id: str = ""
    adapter: str = ""
    promised_error: int | None = None
    examples: list[Any] = []


class _ClassifyFile(_File):
    labels: dict[str, Any]
    multiple: bool = False
    none: str | None = None
    costs: dict[str, Any] = {}


class _Field(msgspec.Struct, forbid_unknown_fields=True):
    description: str = ""
    type: FieldType = FieldType.TEXT
    multiline: bool = False
    many: bool = False
    required: bool = False
    choices: list[str] = []


class _ExtractFile(_File):
    fields: dict[str, Any]


class _RewriteFile(_File):
    keep: tuple[Keep, ...] = tuple(Keep)


class _SummariseFile(_File):
    pass


def read_task(text: str) -> Task:
    """The task that a TOML text describes.

    Raises:
        TaskInvalid: its detail names line, key and what was expected.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TaskInvalid(_not_toml(text, str(error))) from error
    except RecursionError as error:
        raise TaskInvalid("line 1: lists or tables are nested too deeply") from error
    except ValueError as error:
        raise TaskInvalid("line 1: a number has too many digits") from error
    try:
        return _task(data)
    except Misfit as misfit:
        raise TaskInvalid(f"{place_of(text, misfit.path)}: {misfit.what}") from misfit


def with_examples(task: Task, examples: Iterable[Example]) -> Task:
    """A task with more examples behind its own, as far as it could give their answers."""
    fitting = (each for each in examples if not _wrong_answer(task, each.answer))
    return replace(task, examples=(*task.examples, *fitting))


def _task(data: dict[str, Any]) -> Task:
    if "kind" not in data:
        raise Misfit((), f"the key 'kind' is missing; expected one of {', '.join(Kind)}")
    task = _of_kind(shaped(data["kind"], Kind, ("kind",)), data)
    if misnamed := wrong_name(task):
        raise Misfit(*misnamed)
    for index, example in enumerate(task.examples):
        if wrong := _wrong_answer(task, example.answer):
            raise Misfit(("examples", index, "answer"), wrong)
    return task


def _of_kind(kind: Kind, data: dict[str, Any]) -> Task:
    match kind:
        case Kind.CLASSIFY:
            return _classify(shaped(data, _ClassifyFile, ()))
        case Kind.EXTRACT:
            return _extract(shaped(data, _ExtractFile, ()))
        case Kind.REWRITE:
            rewrite = shaped(data, _RewriteFile, ())
            return Rewrite(**_common(rewrite), keep=rewrite.keep)
        case Kind.SUMMARISE:
            return Summarise(**_common(shaped(data, _SummariseFile, ())))


def _wrong_answer(task: Task, answer: AnswerData) -> str:
    """What is wrong with an example's answer; "" when it is one that the task can give."""
    match task:
        case Classify(multiple=False):
            good = answer in task.answers
            expected = "one of this task's labels"
        case Classify():
            good = isinstance(answer, list) and {*answer} <= {*task.answers}
            expected = "a list of this task's labels"
        case Extract(fields=fields):
            names = {each.name for each in fields}
            good = isinstance(answer, dict) and answer.keys() <= names
            expected = "a table with a list of values for fields of this task"
        case Rewrite() | Summarise():
            good = isinstance(answer, str)
            expected = "a text"
    return "" if good else f"expected {expected}"


def _classify(file: _ClassifyFile) -> Classify:
    labels = tuple(
        Label(name=name, meaning=shaped(meaning, str, ("labels", name)))
        for name, meaning in file.labels.items()
    )
    costs = _costs(file)
    try:
        return Classify(
            **_common(file),
            labels=labels,
            multiple=file.multiple,
            none=file.none,
            costs=costs,
        )
    except TaskInvalid as error:
        blank = [name for name in file.labels if not name.strip()]
        wrong: Path = ("labels", *blank[:1])
        if file.none is not None and (not file.none.strip() or file.none in file.labels):
            wrong = ("none",)
        raise Misfit(wrong, error.detail) from error


def _extract(file: _ExtractFile) -> Extract:
    fields = tuple(_field(name, value) for name, value in file.fields.items())
    try:
        return Extract(**_common(file), fields=fields)
    except TaskInvalid as error:
        named = [name for name in file.fields if f"'{name}'" in error.detail]
        raise Misfit(("fields", *named[:1]), error.detail) from error


def _common(file: _File) -> dict[str, Any]:
    if file.promised_error is not None and not 1 <= file.promised_error <= 50:
        raise Misfit(("promised_error",), "expected a whole number from 1 to 50")
    return {
        "instruction": file.instruction,
        "name": file.name,
        "id": file.id,
        "adapter": file.adapter,
        "promised_error": file.promised_error,
        "examples": tuple(
            _example(index, each) for index, each in enumerate(file.examples)
        ),
    }


def _example(index: int, value: object) -> Example:
    path: Path = ("examples", index)
    answer = value.get("answer") if isinstance(value, dict) else None
    if isinstance(answer, dict):
        # Of a table msgspec does not tell in which value something is wrong.
        for name, values in answer.items():
            shaped(values, list[str], (*path, "answer", name))
    shape = shaped(value, _Example, path)
    return Example(text=shape.text, answer=shape.answer)


def _field(name: str, value: object) -> Field:
    shape = shaped(value, _Field, ("fields", name))
    return Field(
        name=name,
        description=shape.description,
        type=shape.type,
        multiline=shape.multiline,
        many=shape.many,
        required=shape.required,
        choices=tuple(shape.choices),
    )


def _costs(file: _ClassifyFile) -> dict[str, float]:
    costs: dict[str, float] = {}
    answers = {*file.labels, file.none}
    for pair, given in file.costs.items():
        cost = costs[pair] = shaped(given, float, ("costs", pair))
        if not 0 <= cost < math.inf:
            raise Misfit(("costs", pair), "expected a number from 0 on")
        signs = [place for place, letter in enumerate(pair) if letter == ">"]
        named = [{pair[:sign], pair[sign + 1 :]} for sign in signs]
        named = [labels for labels in named if labels <= answers]
        if cost and named and all(len(labels) == 1 for labels in named):
            raise Misfit(("costs", pair), "expected 0, or two labels: this is no mistake")
        if not named:
            raise Misfit(("costs", pair), "expected 'label>label' with labels of this task")
    return costs


def _not_toml(text: str, complaint: str) -> str:
    """What the TOML reader says, with the line and, where it can be told, the key."""
    place = _TOML_PLACE.search(complaint)
    what = _TOML_PLACE.sub("", complaint)
    line = int(place["line"]) if place and place["line"] else text.rstrip().count("\n") + 1
    if what == "Cannot overwrite a value":
        what = "this was given before"
    return f"line {line}{key_in(text, line)}: not valid TOML: {what}"
