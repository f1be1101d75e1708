"""What a rewrite changed, as pieces of text in reading order."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onhand.domain.answers import Edit


class Change(Enum):
    """What became of a piece of text."""

    KEPT = auto()
    DELETED = auto()
    ADDED = auto()


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A run of text with one fate."""

    text: str
    change: Change


def pieces(text: str, edits: Sequence[Edit]) -> list[Piece]:
    """The given text with its edits.

    Kept and deleted make the old text, kept and added the new one.

    `edits` must not overlap; a deletion comes before what replaces it.
    """
    found: list[Piece] = []
    position = 0
    for edit in sorted(edits, key=lambda each: (each.start, each.end)):
        found += [
            Piece(text=text[position : edit.start], change=Change.KEPT),
            Piece(text=text[edit.start : edit.end], change=Change.DELETED),
            Piece(text=edit.text, change=Change.ADDED),
        ]
        position = edit.end
    found.append(Piece(text=text[position:], change=Change.KEPT))
    return [piece for piece in found if piece.text]
