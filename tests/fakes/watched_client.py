"""A client of real engines that sees every event which they send."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.engine.client import EngineClient
from onhand.engine.connection import Connection

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from onhand.engine.protocol import Event

    OnEvent = Callable[[Connection, Event], None]


class WatchedClient(EngineClient):
    """Its engines' events go to `on_event` with their connection, before they are used."""

    def on_event(self, connection: Connection, event: Event) -> None:
        """To be overridden."""

    def _connect(self) -> Connection:
        return _WatchedConnection(self._argv, self._log, self.on_event)


class _WatchedConnection(Connection):
    def __init__(self, argv: Sequence[str], errors: Path | None, on_event: OnEvent) -> None:
        super().__init__(argv, errors)
        self._on_event = on_event

    def receive(self, patience: float) -> Event:
        """The next event, which is shown first."""
        event = super().receive(patience)
        self._on_event(self, event)
        return event
