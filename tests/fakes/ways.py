"""Those who want the thread of a long run, in tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class FakeWay:
    """Others that come whenever a test says so; notes when they are served.

    Attributes:
        events: what happened, in order.
        listeners: who wants to hear when somebody comes.
        on_serve: called for each of those who wait.
    """

    def __init__(self) -> None:
        self.events: list[str] = []
        self.listeners: list[Callable[[], None]] = []
        self.on_serve: Callable[[], object] = int
        self._waiting = 0

    def come(self) -> None:
        """Somebody waits from now on."""
        self.events.append("comes")
        self._waiting += 1
        for listener in tuple(self.listeners):
            listener()

    def watch(self, listener, /):
        """As the port says."""
        self.listeners.append(listener)
        if self._waiting:
            listener()
        return lambda: self.listeners.remove(listener)

    def serve(self) -> None:
        """As the port says."""
        while self._waiting:
            self._waiting -= 1
            self.on_serve()
            self.events.append("served")
