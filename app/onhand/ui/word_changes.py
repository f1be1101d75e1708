"""What a rewrite changed, as pieces of text in reading order."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from onhand.domain.reviewing import Review, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onhand.domain.answers import Edit

NONE = -1
"""The number of no change."""


class Change(Enum):
    """What became of a piece of text."""

    KEPT = auto()
    DELETED = auto()
    ADDED = auto()


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A run of text with one fate; `edit` is the number of the change it belongs to."""

    text: str
    change: Change
    edit: int = NONE


def pieces(text: str, edits: Sequence[Edit]) -> list[Piece]:
    """The given text with its edits.

    Kept and deleted make the old text, kept and added the new one.

    `edits` must not overlap; a deletion comes before what replaces it.
    """
    return reviewed_pieces(Review(text, edits))


def reviewed_pieces(review: Review) -> list[Piece]:
    """The given text with the changes that are under review.

    Kept and added make the text as it is now. An open change shows both what was and what
    shall be, one that was taken only what is new, one that was left what was there before.
    """
    found: list[Piece] = []
    position = 0
    pairs = zip(review.edits, review.verdicts, strict=True)
    for number, (edit, verdict) in enumerate(pairs):
        old, new = review.before[edit.start : edit.end], edit.text
        found.append(Piece(text=review.before[position : edit.start], change=Change.KEPT))
        match verdict:
            case Verdict.LEFT:
                found.append(Piece(text=old, change=Change.KEPT, edit=number))
            case Verdict.TAKEN:
                found.append(Piece(text=new, change=Change.ADDED, edit=number))
            case Verdict.OPEN:
                found.append(Piece(text=old, change=Change.DELETED, edit=number))
                found.append(Piece(text=new, change=Change.ADDED, edit=number))
        position = edit.end
    found.append(Piece(text=review.before[position:], change=Change.KEPT))
    return [piece for piece in found if piece.text]
