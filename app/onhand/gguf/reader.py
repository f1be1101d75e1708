"""Reads the header of a GGUF file, and believes none of its numbers.

Every count and length is compared with a cap and with what is left of the file before
anything of that size is read; values that nobody asks for are stepped over. So memory stays
small and time is bounded by the length of the header, whatever the file says.
"""

from __future__ import annotations

import os
import struct
from typing import TYPE_CHECKING, BinaryIO

from onhand.domain.errors import ModelUnusable
from onhand.domain.model_header import ModelHeader
from onhand.gguf.layout import ARRAY, FILE_TYPES, STRING, TENSORS, VALUES

if TYPE_CHECKING:
    from pathlib import Path

    Scalar = str | int | float | bool

MAGIC = b"GGUF"
VERSIONS = (2, 3)

MOST_VALUES, MOST_TENSORS = 10_000, 100_000
LONGEST_TEXT, LONGEST_KEY, LONGEST_TENSOR_NAME = 1_000_000, 65_535, 64
MOST_DIMENSIONS = 4
MOST_NUMBERS = 1 << 60
LARGEST_ALIGNMENT = 1 << 20

SHOWN = 200
"""Characters of a text that are passed on."""


def read_header(path: Path) -> ModelHeader:
    """What the header of a file says.

    Raises:
        ModelUnusable: it is no whole GGUF file of a single model.
        OSError: the system cannot read it.
    """
    with path.open("rb") as file:
        source = _Source(file, os.fstat(file.fileno()).st_size)
        if source.take(len(MAGIC)) != MAGIC:
            raise ModelUnusable("it does not begin as GGUF files do")
        version = source.number("I")
        if version not in VERSIONS:
            raise ModelUnusable(
                f"it has version {version} of the format; 2 and 3 are known"
            )
        tensors = source.count(MOST_TENSORS, least=24, what="tensors")
        values = _values(source)
        numbers = _tensors(source, tensors, _alignment(values))
    return _header(values, tensors, numbers)


class _Source:
    """A file from which no more is read than there is."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file = file
        self.left = size
        self.position = 0

    def take(self, length: int) -> bytes:
        """The next bytes."""
        self._raise_if_short(length)
        found = self._file.read(length)
        if len(found) != length:
            raise ModelUnusable("it became shorter while it was read")
        return found

    def skip(self, length: int) -> None:
        """Step over the next bytes."""
        self._raise_if_short(length)
        self._file.seek(length, os.SEEK_CUR)

    def number(self, form: str) -> int:
        """The next whole number; `form` is that of `struct`."""
        (found,) = struct.unpack(f"<{form}", self.take(struct.calcsize(form)))
        return int(found)

    def scalar(self, form: str) -> Scalar:
        """The next number or truth."""
        found: Scalar
        (found,) = struct.unpack(f"<{form}", self.take(struct.calcsize(form)))
        return found

    def count(self, most: int, *, least: int, what: str) -> int:
        """How many things come, each of `least` bytes at least."""
        found = self.number("Q")
        if found > most or found * least > self.left:
            raise ModelUnusable(f"it claims to have {found} {what}")
        return found

    def text(self, longest: int) -> str:
        """The next text."""
        length = self.count(longest, least=1, what="characters in a text")
        return self.take(length).decode(errors="replace")

    def _raise_if_short(self, length: int) -> None:
        if length > self.left:
            raise ModelUnusable("it ends in the middle of its header")
        self.left -= length
        self.position += length


def _values(source: _Source) -> dict[str, Scalar]:
    found: dict[str, Scalar] = {}
    keys: set[str] = set()
    for _ in range(source.count(MOST_VALUES, least=13, what="values")):
        key = source.text(LONGEST_KEY)
        if key in keys:
            raise ModelUnusable(f"it says twice what '{key[:SHOWN]}' is")
        keys.add(key)
        kind = source.number("I")
        if kind == ARRAY:
            _skip_list(source)
        else:
            found[key] = _value(source, kind)
    return found


def _value(source: _Source, kind: int) -> Scalar:
    if kind == STRING:
        return source.text(LONGEST_TEXT)
    if kind not in VALUES:
        raise ModelUnusable(f"it has a value of the unknown type {kind}")
    return source.scalar(VALUES[kind])


def _skip_list(source: _Source) -> None:
    """Step over a list: of numbers in one step, of texts one by one."""
    kind = source.number("I")
    if kind == STRING:
        for _ in range(source.count(source.left, least=8, what="texts in a list")):
            source.skip(source.count(LONGEST_TEXT, least=1, what="characters in a text"))
        return
    if kind not in VALUES:
        raise ModelUnusable(f"it has a list of the unknown type {kind}")
    size = struct.calcsize(VALUES[kind])
    source.skip(source.count(source.left, least=size, what="numbers in a list") * size)


def _alignment(values: dict[str, Scalar]) -> int:
    found = values.get("general.alignment", 32)
    if not isinstance(found, int) or not 0 < found <= LARGEST_ALIGNMENT:
        raise ModelUnusable(f"its tensors begin at multiples of {found!r:.30}")
    if found & (found - 1):
        raise ModelUnusable(f"its tensors begin at multiples of {found}")
    return found


def _tensors(source: _Source, count: int, alignment: int) -> int:
    """Read the table of tensors; returns how many numbers they have in all."""
    names: set[str] = set()
    numbers, ends = 0, [0]
    for _ in range(count):
        name = source.text(LONGEST_TENSOR_NAME)
        if name in names:
            raise ModelUnusable(f"it has two tensors '{name}'")
        names.add(name)
        size = _numbers(source)
        kind, offset = source.number("I"), source.number("Q")
        if offset % alignment:
            raise ModelUnusable(f"the tensor '{name}' begins where none may")
        numbers += size
        ends.append(offset + _bytes(kind, size))
    behind = -source.position % alignment
    if count and max(ends) > source.left - behind:
        raise ModelUnusable("it is cut off: it does not hold all of its tensors")
    return numbers


def _numbers(source: _Source) -> int:
    dimensions = source.number("I")
    if not 0 < dimensions <= MOST_DIMENSIONS:
        raise ModelUnusable(f"it has a tensor with {dimensions} dimensions")
    product = 1
    for _ in range(dimensions):
        length = source.number("Q")
        product *= length
        if not 0 < product < MOST_NUMBERS:
            raise ModelUnusable(f"it has a tensor with {length} numbers in a row")
    return product


def _bytes(kind: int, numbers: int) -> int:
    """Bytes of a tensor; of a type that is not known at least one bit a number."""
    block, size = TENSORS.get(kind, (8, 1))
    return -(-numbers // block) * size


def _header(values: dict[str, Scalar], tensors: int, numbers: int) -> ModelHeader:
    architecture = _text(values, "general.architecture")
    if not architecture:
        raise ModelUnusable("it does not say of which architecture it is")
    if values.get("split.count", 0) not in (0, 1):
        raise ModelUnusable("it is one of several parts of a model")
    file_type = values.get("general.file_type")
    context = values.get(f"{architecture}.context_length")
    return ModelHeader(
        architecture=architecture,
        kind=_text(values, "general.type") or "model",
        name=_text(values, "general.name"),
        licence=_text(values, "general.license"),
        quantisation=FILE_TYPES.get(file_type, "") if isinstance(file_type, int) else "",
        parameters=numbers,
        tensors=tensors,
        context=context if isinstance(context, int) else None,
        has_template="tokenizer.chat_template" in values,
    )


def _text(values: dict[str, Scalar], key: str) -> str:
    found = values.get(key, "")
    return found[:SHOWN] if isinstance(found, str) else ""
