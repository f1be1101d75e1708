"""One part of an input, so that several machines can share its rows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from onhand.domain.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from onhand.services.batch_ports import Row, RowSource

_WRITTEN = re.compile(r"\s*([0-9]{1,6})\s*/\s*([0-9]{1,6})\s*")


@dataclass(frozen=True)
class Part:
    """The `number`th of `total` parts, from 1: every `total`th row."""

    number: int
    total: int

    def __str__(self) -> str:
        return f"{self.number}/{self.total}"

    @staticmethod
    def read(text: str) -> Part:
        """The part that is written as, for example, "3/8".

        Raises:
            UsageError: it is none.
        """
        found = _WRITTEN.fullmatch(text)
        if found:
            part = Part(int(found[1]), int(found[2]))
            if 1 <= part.number <= part.total:
                return part
        raise UsageError(f"'{text}' is no part; write 3/8 for the third of eight")


class PartRows:
    """The rows of a source that belong to one part; they keep their positions."""

    def __init__(self, source: RowSource, part: Part) -> None:
        self._source = source
        self._part = part

    @property
    def path(self) -> Path:
        """Where the whole input lies."""
        return self._source.path

    @property
    def column(self) -> str:
        """Where in a row the text is."""
        return self._source.column

    @property
    def told(self) -> str:
        """How the input is read."""
        return self._source.told

    def fingerprint(self) -> str:
        """A digest of the whole input, and which part of it this is."""
        return f"{self._source.fingerprint()} {self._part}"

    def columns(self) -> tuple[str, ...]:
        """What the columns are called."""
        return self._source.columns()

    def rows(self) -> Iterator[Row]:
        """The rows of this part, in order."""
        return islice(self._source.rows(), self._part.number - 1, None, self._part.total)

    @property
    def whole(self) -> RowSource:
        """The input of which this is a part."""
        return self._source

    @property
    def part(self) -> Part:
        """Which part it is."""
        return self._part


def whole_of(source: RowSource) -> RowSource:
    """The whole input of a source: parts learn from the same rows as a single run."""
    return source.whole if isinstance(source, PartRows) else source


def is_in(position: int, source: RowSource) -> bool:
    """Whether the row at a position of the whole input is one of the source's."""
    if not isinstance(source, PartRows):
        return True
    return position % source.part.total == source.part.number - 1


def count_in(total: int, source: RowSource) -> int:
    """How many of so many rows of the whole input are the source's."""
    if not isinstance(source, PartRows):
        return total
    return len(range(source.part.number - 1, total, source.part.total))
