"""Values of a task file as what they should be; what is wrong with them, for people."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

import msgspec

from onhand.domain.tasks import FieldType, Keep, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from enum import StrEnum

    from onhand.domain.task_lines import Path

Shape = TypeVar("Shape")

_PLACE = re.compile(r" - at `\$(?P<path>[^`]*)`$")
_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+)\]")
_UNKNOWN = re.compile(r"unknown field `(?P<name>.*)`$", re.DOTALL)

_CHOICES: Mapping[str, type[StrEnum]] = MappingProxyType(
    {"kind": Kind, "type": FieldType, "keep": Keep}
)
_IN_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "str": "a text",
        "bool": "true or false",
        "int": "a whole number",
        "float": "a number",
        "array": "a list",
        "object": "a table",
    }
)


class Misfit(Exception):
    """Something in the file is not of the expected form."""

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(what)
        self.path, self.what = path, what


def shaped(value: object, shape: type[Shape], path: Path) -> Shape:
    """A value that stands at `path` as what it should be.

    Raises:
        Misfit: it is none of that, or something in it is not.
    """
    try:
        return msgspec.convert(value, shape)
    except msgspec.ValidationError as error:
        message = str(error)
        if place := _PLACE.search(message):
            message = message[: place.start()]
            steps = _STEP.findall(place["path"])
            path = (*path, *(name or int(number) for name, number in steps))
        if unknown := _UNKNOWN.search(message):
            path = (*path, unknown["name"])
        raise Misfit(path, _in_words(message, path)) from error


def _in_words(message: str, path: Path) -> str:
    """What msgspec says of a value, for people."""
    if unknown := _UNKNOWN.search(message):
        return f"there is no key '{unknown['name']}' here"
    if message.startswith("Invalid enum value"):
        choices = next(_CHOICES[str(step)] for step in reversed(path) if step in _CHOICES)
        return f"expected one of {', '.join(choices)}"

    def named(quoted: re.Match[str]) -> str:
        kinds = [kind for kind in quoted[1].split(" | ") if kind != "null"]
        return " or ".join(_IN_WORDS.get(kind, f"'{kind}'") for kind in kinds)

    message = message.replace("Object missing required field", "there must be a key")
    message = re.sub(r"`([^`]*)`", named, message)
    return message[:1].lower() + message[1:]
