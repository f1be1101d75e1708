"""What both users of a net helper say to it, whatever it shall do.

No connection is opened before it stands in the ledger, and each is closed there.
"""

from __future__ import annotations

import uuid
from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec

from onhand.child_process import ChildGone, ChildProcess
from onhand.domain.errors import AppError
from onhand.domain.fetching import Attempt, Outcome
from onhand.net.protocol import (
    Closed,
    Event,
    Failed,
    Garbled,
    Noted,
    Opening,
    Progress,
    decode_event,
    encode,
)

if TYPE_CHECKING:
    from onhand.services.model_ports import Ledger
    from onhand.services.ports import Clock

GRACE_SECONDS = 0.1
"""How long a helper that is not needed any more may take to end by itself."""


class Conversation:
    """One conversation with one helper; on the thread that reads from it.

    Attributes:
        opened: whether a connection was allowed to be opened.
    """

    def __init__(
        self, child: ChildProcess, ledger: Ledger, clock: Clock, reason: str
    ) -> None:
        """`reason` is what the ledger says of its connections."""
        self._child = child
        self._ledger = ledger
        self._clock = clock
        self._reason = reason
        self._open: Attempt | None = None
        self.opened = False

    def say(self, line: bytes) -> None:
        """Send a message; raises `ChildGone` where nobody reads it."""
        self._child.write_line(line)

    def next_event(self) -> Event:
        """What the helper says next, once the ledger has what it is to have of it.

        Raises:
            ChildGone: the helper ended, or said what is no message.
            AppError: it failed; or the ledger cannot be written.
        """
        event = self._read()
        match event:
            case Opening():
                self._note(event)
            case Closed(bytes=count, outcome=outcome, sent=sent):
                self._close(count, outcome, sent)
            case Progress(received=received) if self._open is not None:
                self._open = msgspec.structs.replace(self._open, bytes=received)
            case Failed(code=code, detail=detail):
                raise AppError.from_code(code, detail)
            case _:
                pass
        return event

    def end(self) -> None:
        """Write down what became of a connection that was broken off on this side."""
        if self._open is not None:
            with suppress(AppError):
                self._close(self._open.bytes, Outcome.STOPPED, self._open.sent)

    def _read(self) -> Event:
        line = self._child.read_line()
        if line is None:
            self._child.wait(GRACE_SECONDS)
            raise ChildGone(self._child.exit_status)
        try:
            return decode_event(line)
        except Garbled as failure:
            # Without what it says: that may be a reply, which is the user's.
            raise ChildGone("an unknown message") from failure

    def _note(self, opening: Opening) -> None:
        attempt = Attempt(
            id=uuid.uuid4().hex,
            at=self._clock.now().isoformat(timespec="seconds"),
            host=opening.host,
            reason=self._reason,
            allowed=opening.allowed,
            outcome=Outcome.OPEN if opening.allowed else Outcome.REFUSED,
            # Written before it is so: a crash must not hide what may have been sent.
            sent=opening.sends if opening.allowed else 0,
        )
        self._ledger.write(attempt)
        if opening.allowed:
            self._open, self.opened = attempt, True
            self.say(encode(Noted(number=opening.number)))

    def _close(self, count: int, outcome: Outcome, sent: int) -> None:
        attempt, self._open = self._open, None
        if attempt is not None:
            self._ledger.write(
                msgspec.structs.replace(attempt, bytes=count, outcome=outcome, sent=sent)
            )
