"""Tasks: what to do with a text. Four kinds, each a frozen value."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

from onhand.domain.errors import TaskInvalid

AnswerData: TypeAlias = "str | list[str] | dict[str, list[str]]"
NOTHING = "none of these"
NO_COSTS: Mapping[str, float] = MappingProxyType({})


class Kind(StrEnum):
    """What a task does with a text."""

    CLASSIFY = "classify"
    EXTRACT = "extract"
    REWRITE = "rewrite"
    SUMMARISE = "summarise"


class FieldType(StrEnum):
    """What the value of a field looks like."""

    TEXT = "text"
    DATE = "date"
    AMOUNT = "amount"
    NUMBER = "number"
    EMAIL = "email"
    PHONE = "phone"
    URL = "url"
    CHOICE = "choice"


class Keep(StrEnum):
    """What a rewrite must not lose."""

    NUMBERS = "numbers"
    DATES = "dates"
    NAMES = "names"
    LINKS = "links"
    NEGATION = "negation"


@dataclass(frozen=True, kw_only=True)
class Label:
    """One possible answer of a classification; `meaning` says what belongs in it."""

    name: str
    meaning: str = ""


@dataclass(frozen=True, kw_only=True)
class Field:
    """One thing to find in a text."""

    name: str
    description: str = ""
    type: FieldType = FieldType.TEXT
    multiline: bool = False
    many: bool = False
    required: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Example:
    """A text with its right answer: a label, labels, field values, or a text."""

    text: str
    answer: AnswerData


@dataclass(frozen=True, kw_only=True)
class _Common:
    """What every task has.

    Attributes:
        id: empty for a task that was not imported.
        adapter: path of the LoRA adapter that the model answers with; "" for none.
        promised_error: of its answers called sure at most so many in 100 may be wrong;
            None: as many as the settings say.
    """

    instruction: str
    name: str = ""
    id: str = ""
    adapter: str = ""
    promised_error: int | None = None
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Classify(_Common):
    """Choose one label, or any number of them.

    Attributes:
        labels: what can be chosen.
        multiple: whether any number may be.
        none: the answer for what belongs nowhere.
        costs: how bad it is to say X when it was Y, by "X>Y"; 1 where nothing is said.
    """

    labels: tuple[Label, ...]
    multiple: bool = False
    none: str | None = None
    costs: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        names = [label.name for label in self.labels] + (
            [self.none] if self.none is not None else []
        )
        _check_names(names, "label")
        least = 1 if self.multiple or self.none is not None else 2
        if len(self.labels) < least:
            raise TaskInvalid(
                f"a classification needs at least {least} label(s),"
                f" this has {len(self.labels)}"
            )

    @property
    def answers(self) -> tuple[str, ...]:
        """Every answer that may be given: the labels, then `none` where there is one."""
        names = tuple(label.name for label in self.labels)
        return names if self.none is None else (*names, self.none)

    @property
    def options(self) -> tuple[str, ...]:
        """What a model chooses from: the answers.

        Where there may be any number of them, the last one stands for none in any case.
        """
        if self.none is not None or not self.multiple:
            return self.answers
        nothing = NOTHING
        while nothing in self.answers:
            nothing = f"({nothing})"
        return (*self.answers, nothing)


@dataclass(frozen=True, kw_only=True)
class Extract(_Common):
    """Find fields; each value is copied from the text, an absent field stays empty."""

    fields: tuple[Field, ...]

    def __post_init__(self) -> None:
        _check_names([each.name for each in self.fields], "field")
        if not self.fields:
            raise TaskInvalid("an extraction needs at least 1 field, this has 0")
        for each in self.fields:
            if (each.type is FieldType.CHOICE) != bool(each.choices):
                raise TaskInvalid(
                    f"field '{each.name}': type 'choice' and a list of choices go together"
                )
            _check_names(list(each.choices), f"choice of '{each.name}'")


@dataclass(frozen=True, kw_only=True)
class Rewrite(_Common):
    """Write the text anew; what `keep` names must survive, which is checked afterwards."""

    keep: tuple[Keep, ...] = tuple(Keep)


@dataclass(frozen=True, kw_only=True)
class Summarise(_Common):
    """Write a shorter text."""


WritingTask: TypeAlias = Rewrite | Summarise
Task: TypeAlias = Classify | Extract | WritingTask


def kind_of(task: Task) -> Kind:
    """The kind of a task."""
    match task:
        case Classify():
            return Kind.CLASSIFY
        case Extract():
            return Kind.EXTRACT
        case Rewrite():
            return Kind.REWRITE
        case Summarise():
            return Kind.SUMMARISE


def identity(task: Task) -> str:
    """What corrections belong to: the task's id.

    For a bare task, a digest of its kind and its labels, fields or instruction.
    """
    if task.id:
        return task.id
    match task:
        case Classify():
            parts = sorted(task.answers)
        case Extract():
            parts = sorted(each.name for each in task.fields)
        case Rewrite() | Summarise():
            parts = [task.instruction]
    return f"{kind_of(task)}-{_digest(parts)}"


def version(task: Task) -> str:
    """A digest of all that can change an answer.

    Priors, calibration and heads belong to it.
    """
    match task:
        case Classify():
            own: list[object] = [
                [[label.name, label.meaning] for label in task.labels],
                task.multiple,
                task.none,
            ]
        case Extract():
            own = [
                [
                    f.name,
                    f.description,
                    f.type,
                    f.multiline,
                    f.many,
                    f.required,
                    list(f.choices),
                ]
                for f in task.fields
            ]
        case Rewrite():
            own = [list(task.keep)]
        case Summarise():
            own = []
    shown = [[example.text, example.answer] for example in task.examples]
    adapted = [task.adapter] if task.adapter else []
    return _digest([kind_of(task), task.instruction, own, shown, *adapted])


def _digest(value: object) -> str:
    import hashlib  # noqa: PLC0415 - loads OpenSSL, and a list of tasks needs no digest

    return hashlib.sha256(json.dumps(value, ensure_ascii=False).encode()).hexdigest()[:16]


def _check_names(names: list[str], what: str) -> None:
    seen: set[str] = set()
    for name in names:
        if not name.strip():
            raise TaskInvalid(f"a {what} has an empty name")
        if name in seen:
            raise TaskInvalid(f"the {what} '{name}' is given twice")
        seen.add(name)
