"""The words of an office document as lines, whatever its elements are called."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Paragraphs:
    """Gathers the words of a part while expat reads it.

    A paragraph is a line. A row of a table is one too, its cells parted by tabs.
    """

    paragraphs: frozenset[str]
    rows: frozenset[str]
    cells: frozenset[str]

    def __init__(self) -> None:
        self.words: list[str] = []
        self._around: list[list[str]] = []
        self._rows: list[list[str]] = []
        self._inside = 0
        self._skipped = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        if self._skipped or self.skips(name):
            self._skipped += 1
            return
        if name in self.paragraphs:
            # One in another is a box at some place of it.
            self.end_line()
        elif name in self.rows:
            self._rows.append([])
        elif name in self.cells:
            self.apart()
        self.begun(name, attributes)

    def end(self, name: str) -> None:
        """An element ends."""
        if self._skipped:
            self._skipped -= 1
            return
        self.ended(name)
        if name in self.paragraphs:
            self.words.append("\n")
        elif name in self.cells:
            cell = self.together()
            if self._rows:
                self._rows[-1].append(cell)
        elif name in self.rows:
            self.words.append(_line(self._rows.pop()))

    def said(self, words: str) -> None:
        """Words between them."""
        if self._inside and not self._skipped:
            self.words.append(words)

    def apart(self) -> None:
        """Gather what follows for itself, until `together`."""
        self._around.append(self.words)
        self.words = []

    def together(self) -> str:
        """What was gathered since `apart`."""
        words = "".join(self.words)
        self.words = self._around.pop()
        return words

    def text(self) -> str:
        """All that was gathered."""
        return "".join(self.words)

    def end_line(self) -> None:
        """Begin a line, unless that was just done."""
        last = next((each for each in reversed(self.words) if each), "\n")
        if not last.endswith("\n"):
            self.words.append("\n")

    def skips(self, name: str) -> bool:
        """Whether nothing in this element is said."""
        raise NotImplementedError

    def begun(self, name: str, attributes: Mapping[str, str]) -> None:
        """What is particular to the format, where an element begins."""
        raise NotImplementedError

    def ended(self, name: str) -> None:
        """The same where it ends."""
        raise NotImplementedError


def _line(cells: list[str]) -> str:
    """A row as a line. Who lays out a page with a table has one cell in a row."""
    filled = [cell for cell in cells if cell.strip()]
    if len(filled) == 1 and "\n" in filled[0].strip():
        return filled[0].strip("\n") + "\n"
    words = (" ".join(re.split(r"[\t\n]+", cell.strip())) for cell in cells)
    return "\t".join(words).rstrip("\t") + "\n"
