"""What of the window is made after it is seen: when first wanted, or in a pause."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Made = TypeVar("Made")

_PAUSE = 40
"""Milliseconds that the window has for itself between two things that are made."""


class Late(Generic[Made]):
    """Something that is made when it is first wanted; on the UI thread."""

    def __init__(self, make: Callable[[], Made]) -> None:
        """`make` also loads what it needs."""
        self._make = make
        self._made: Made | None = None
        self._calls: list[Callable[[Made], object]] = []

    def get(self) -> Made:
        """It, made now if it is not there yet, and told all that it missed."""
        if self._made is None:
            self._made = made = self._make()
            calls, self._calls = self._calls, []
            for call in calls:
                call(made)
        return self._made

    @property
    def made(self) -> Made | None:
        """It, if it is there."""
        return self._made

    def tell(self, call: Callable[[Made], object]) -> None:
        """Call this with it: now, or else as soon as it is made."""
        if self._made is None:
            self._calls.append(call)
        else:
            call(self._made)


class Pauses(QObject):
    """Does one step after the other, with room between them for what the user does."""

    def __init__(self, steps: Sequence[Callable[[], object]], owner: QObject) -> None:
        super().__init__(owner)
        self._steps = list(steps)
        self._timer = QTimer(self)
        self._timer.setInterval(_PAUSE)
        self._timer.timeout.connect(self._do_next)

    def begin(self) -> None:
        """Begin, or go on."""
        if self._steps:
            self._timer.start()

    def _do_next(self) -> None:
        step = self._steps.pop(0)
        if not self._steps:
            self._timer.stop()
        step()


def load(modules: Sequence[str]) -> None:
    """Load these on the thread that calls, so that the UI thread need not."""
    for name in modules:
        import_module(name)
