"""What the rows of a file are called that have no id of their own."""

from __future__ import annotations

import re
from functools import cached_property
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_MADE = re.compile("(r+)[0-9]+")


class RowNames:
    """Calls rows by their ids, or by their places.

    A row without an id is "r" and its number, from 1. Where any id of the file has that
    form, it is "rr" and its number, and so on: no name that is made is an id that is given.
    The same file gives the same names every time.
    """

    def __init__(self, ids: Callable[[], Iterable[str]]) -> None:
        """`ids` reads all ids of the file; it is asked once, at the first row without one.

        Only the forms that were seen are kept, however many ids there are.
        """
        self._ids = ids

    def __call__(self, given: str, position: int) -> str:
        """The name of a row with this id, or "", at a place from 0."""
        return given or f"{self._letters}{position + 1}"

    @cached_property
    def _letters(self) -> str:
        found = (_MADE.fullmatch(each) for each in self._ids())
        taken = {len(each[1]) for each in found if each}
        return "r" * next(length for length in count(1) if length not in taken)


def only_given(given: str, _position: int) -> str:
    """The id of a row alone: what to call rows in order to read their ids."""
    return given
