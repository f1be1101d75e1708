"""The net helper as its users see it: started for one file, and ended with it."""

from __future__ import annotations

import uuid
from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec

from onhand.child_process import ChildGone, ChildProcess
from onhand.domain.errors import AppError
from onhand.domain.fetching import Attempt, FetchState, Outcome
from onhand.domain.model_errors import NetworkFailed
from onhand.net.protocol import (
    Begin,
    Closed,
    Event,
    Failed,
    Fetched,
    Garbled,
    Noted,
    Opening,
    Progress,
    Replied,
    decode_event,
    encode,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from onhand.domain.fetching import Fetch
    from onhand.domain.progress import CancelToken
    from onhand.services.model_ports import Ledger
    from onhand.services.ports import Clock

GRACE_SECONDS = 0.1
"""How long a helper that is not needed any more may take to end by itself."""


class NetClient:
    """Fetches files by a process of its own. One file at a time for each call."""

    def __init__(
        self, argv: Sequence[str], *, ledger: Ledger, clock: Clock, log: Path | None = None
    ) -> None:
        """Start nothing yet.

        Args:
            argv: starts a net helper.
            ledger: where each connection is written down before it is opened.
            clock: tells when.
            log: gets what the helper's libraries print.
        """
        self._argv = argv
        self._ledger = ledger
        self._clock = clock
        self._log = log

    def fetch(
        self, wanted: Fetch, cancel: CancelToken, on_state: Callable[[FetchState], None]
    ) -> None:
        """Fetch what is missing of a file; `on_state` is called on this thread.

        Raises:
            NetworkFailed: it did not come through; what has arrived is kept.
            WrongChecksum: the server has another file than the one that is expected.
            DiskFull, DataFolderUnwritable: there is no room for it, or no place.
            Cancelled: the user stopped it; what has arrived is kept.
        """
        cancel.raise_if_cancelled()
        try:
            child = ChildProcess.start(self._argv, self._log)
        except ChildGone as failure:
            raise NetworkFailed(f"the net helper {failure}") from failure
        forget = cancel.listen(child.kill)
        conversation = _Conversation(child, self._ledger, self._clock, wanted)
        try:
            cancel.raise_if_cancelled()  # between starting and listening
            conversation.run(on_state)
        except ChildGone as failure:
            cancel.raise_if_cancelled()
            raise NetworkFailed(f"the net helper ended with {failure}") from failure
        finally:
            forget()
            child.close(grace=GRACE_SECONDS)
            conversation.end()


class _Conversation:
    """What is said between the two ends, from `Begin` to the end."""

    def __init__(
        self, child: ChildProcess, ledger: Ledger, clock: Clock, wanted: Fetch
    ) -> None:
        self._child = child
        self._ledger = ledger
        self._clock = clock
        self._wanted = wanted
        self._open: Attempt | None = None

    def run(self, on_state: Callable[[FetchState], None]) -> None:
        """Ask, and follow to the end; raises as `NetClient.fetch` does, and `ChildGone`."""
        self._child.write_line(encode(Begin(fetch=self._wanted)))
        while not isinstance(event := self._event(), Fetched | Replied):
            match event:
                case Opening():
                    self._note(event)
                case Closed(bytes=count, outcome=outcome):
                    self._close(count, outcome)
                case Progress(done=done, received=received, pause=pause, reason=reason):
                    if self._open is not None:
                        self._open = msgspec.structs.replace(self._open, bytes=received)
                    on_state(FetchState(done=done, pause=pause, reason=reason))
                case Failed(code=code, detail=detail):
                    raise AppError.from_code(code, detail)

    def end(self) -> None:
        """Write down what became of a connection that was broken off on this side."""
        if self._open is not None:
            with suppress(AppError):
                self._close(self._open.bytes, Outcome.STOPPED)

    def _event(self) -> Event:
        line = self._child.read_line()
        if line is None:
            self._child.wait(GRACE_SECONDS)
            raise ChildGone(self._child.exit_status)
        try:
            return decode_event(line)
        except Garbled as failure:
            raise ChildGone(f"an unknown message: {failure}") from failure

    def _note(self, opening: Opening) -> None:
        attempt = Attempt(
            id=uuid.uuid4().hex,
            at=self._clock.now().isoformat(timespec="seconds"),
            host=opening.host,
            reason=f"download {self._wanted.expected.name}",
            allowed=opening.allowed,
            outcome=Outcome.OPEN if opening.allowed else Outcome.REFUSED,
        )
        self._ledger.write(attempt)
        if opening.allowed:
            self._open = attempt
            self._child.write_line(encode(Noted(number=opening.number)))

    def _close(self, count: int, outcome: Outcome) -> None:
        attempt, self._open = self._open, None
        if attempt is not None:
            self._ledger.write(
                msgspec.structs.replace(attempt, bytes=count, outcome=outcome)
            )
