"""Warns where the data folder lies in a place that is not good for a database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from onhand.domain.history_errors import PlaceShared

if TYPE_CHECKING:
    from collections.abc import Callable


class PlaceNotes(Protocol):
    """Remembers, in the data folder, what was told of it."""

    def told(self) -> str | None:
        """What was told of the folder at this place; None where nobody has looked."""
        ...

    def note(self, shared: str) -> None:
        """Remember it; what cannot be written is not remembered."""
        ...


class DataPlace:
    """Whether the data folder lies on a network or sync drive."""

    def __init__(self, look: Callable[[], str], notes: PlaceNotes) -> None:
        """`look` says what shares the folder, or "" where nothing does."""
        self._look = look
        self._notes = notes

    def warning(self) -> PlaceShared | None:
        """The warning that the place deserves."""
        shared = self._look()
        return PlaceShared(shared) if shared else None

    def warning_once(self) -> PlaceShared | None:
        """Likewise, but only the first time at this place."""
        if self._notes.told() is not None:
            return None
        shared = self._look()
        self._notes.note(shared)
        return PlaceShared(shared) if shared else None
