"""One request to an engine, followed to its end."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING, TypeAlias

from onhand.domain.errors import AppError
from onhand.domain.progress import Cancelled
from onhand.engine.connection import Silent
from onhand.engine.protocol import (
    Ask,
    Cancel,
    Done,
    Event,
    Failed,
    Piece,
    Progress,
    Stopped,
    Whole,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from onhand.domain.pace import Pace
    from onhand.domain.primitives import Reply
    from onhand.domain.progress import CancelToken
    from onhand.engine.connection import Connection

    OnPart: TypeAlias = Callable[[Piece | Whole], None]


def ignore_part(_: Piece | Whole) -> None:
    """Nobody waits for parts of the reply."""


class Conversation:
    """Puts requests to a running engine, one at a time; on one thread."""

    def __init__(
        self, connection: Connection, pace: Pace, *, stop: float, stall: float
    ) -> None:
        """Ask nothing yet.

        Args:
            connection: to the engine.
            pace: is told how long batches take.
            stop: seconds within which a stopped request has to end.
            stall: seconds that an engine may be silent.
        """
        self._connection = connection
        self._pace = pace
        self._stop = stop
        self._stall = stall

    def __call__(self, ask: Ask, cancel: CancelToken, on_part: OnPart) -> Reply:
        """The reply; parts of it that come before go to `on_part`.

        Raises:
            AppError: as the engine says.
            Cancelled: the user stopped it. Where the request did not end, the process did.
            Ended, Silent: as for `Connection.receive`.
        """
        self._connection.send(ask)
        told, since = 0, perf_counter()
        forget = cancel.listen(lambda: self._connection.send(Cancel(id=ask.id)))
        if cancel.cancelled:  # between sending and listening
            self._connection.send(Cancel(id=ask.id))
        try:
            while True:
                match self._event(cancel):
                    case (Piece(id=ask.id) | Whole(id=ask.id)) as part:
                        if not cancel.cancelled:
                            on_part(part)
                    case Progress(id=ask.id, tokens=tokens):
                        now = perf_counter()
                        self._pace.add(tokens - told, now - since)
                        told, since = tokens, now
                    case (Done(id=ask.id) | Stopped(id=ask.id) | Failed(id=ask.id)) as end:
                        return _reply_of(end, cancel)
                    case _:
                        pass
        finally:
            forget()

    def _event(self, cancel: CancelToken) -> Event:
        """The next event. A stopped request that does not end takes the process with it."""
        waited = 0.0
        while True:
            try:
                return self._connection.receive(self._stop)
            except Silent:
                waited += self._stop
                if cancel.cancelled:
                    self._connection.close()
                    raise Cancelled from None
                if waited >= self._stall:
                    raise


def _reply_of(end: Done | Stopped | Failed, cancel: CancelToken) -> Reply:
    match end:
        case Done(reply=reply):
            cancel.raise_if_cancelled()
            return reply
        case Stopped():
            raise Cancelled
        case Failed(code=code, detail=detail):
            raise AppError.from_code(code, detail)
