"""Stopping and telling how far: what long work and the interface share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


class Cancelled(Exception):
    """The user stopped the work.

    An outcome, not an error: nothing is shown, nothing recorded.
    """


class CancelToken:
    """Asks running work to stop; `cancel` may be called from any thread."""

    def __init__(self, part_of: CancelToken | None = None) -> None:
        """`part_of` stops the work that this token stops a part of."""
        self._cancelled = False
        self._part_of = part_of
        self._listeners: list[Callable[[], None]] = []

    @property
    def cancelled(self) -> bool:
        """Whether somebody asked to stop."""
        return self._cancelled

    @property
    def whole(self) -> CancelToken:
        """What stops the work for good: this token, or that of which its work is a part."""
        return self if self._part_of is None else self._part_of.whole

    def cancel(self) -> None:
        """Ask to stop; every listener is called at once, on this thread."""
        self._cancelled = True
        for listener in tuple(self._listeners):
            listener()

    def raise_if_cancelled(self) -> None:
        """Unwind with `Cancelled` if somebody asked to stop."""
        if self._cancelled:
            raise Cancelled

    def listen(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` when work is cancelled; returns what takes it off again."""
        self._listeners.append(listener)

        def forget() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return forget


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far long work is.

    Attributes:
        done: units finished.
        total: units in all, 0 where nobody knows.
        seconds_left: estimate from the speed so far, or None before there is one.
        note: what is going on, for people; never user text.
    """

    done: int
    total: int
    seconds_left: float | None = None
    note: str = ""


OnProgress = Callable[[Progress], None]
OnText = Callable[[str], None]


def ignore_progress(_: Progress) -> None:
    """Nobody watches."""


def ignore_text(_: str) -> None:
    """Nobody reads along."""
