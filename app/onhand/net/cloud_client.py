"""The port `Cloud` over the net helper: a process for one request, ended with it."""

from __future__ import annotations

import uuid
from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec

from onhand.child_process import ChildGone, ChildProcess
from onhand.domain.cloud import Posting, PostPatience, PostState
from onhand.domain.cloud_errors import CloudBrokeOff, CloudUnreachable
from onhand.domain.errors import AppError
from onhand.domain.fetching import Attempt, Outcome
from onhand.net.protocol import (
    Closed,
    Event,
    Failed,
    Fetched,
    Garbled,
    Noted,
    Opening,
    Post,
    Progress,
    Replied,
    decode_event,
    encode,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from onhand.domain.cloud import Approved, CloudReply
    from onhand.domain.progress import CancelToken
    from onhand.services.cloud_ports import CloudWay, OnPost
    from onhand.services.model_ports import Ledger
    from onhand.services.ports import Clock

GRACE_SECONDS = 0.1
"""How long a helper that is not needed any more may take to end by itself."""

USUAL = PostPatience()


class CloudClient:
    """Sends what was approved, by a process of its own."""

    def __init__(
        self,
        argv: Sequence[str],
        *,
        ledger: Ledger,
        clock: Clock,
        log: Path | None = None,
        patience: PostPatience = USUAL,
    ) -> None:
        """Start nothing yet; see `NetClient`."""
        self._argv = argv
        self._ledger = ledger
        self._clock = clock
        self._log = log
        self._patience = patience

    def send(
        self, approved: Approved, way: CloudWay, cancel: CancelToken, on_state: OnPost
    ) -> CloudReply:
        """See `Cloud`."""
        cancel.raise_if_cancelled()
        try:
            child = ChildProcess.start(self._argv, self._log)
        except ChildGone as failure:
            raise CloudUnreachable(f"the net helper {failure}") from failure
        forget = cancel.listen(child.kill)
        provider = approved.payload.provider
        wanted = Posting(
            api=provider.api,
            url=provider.address,
            body=approved.payload.body,
            key=way.key,
            key_header=provider.key_header,
            hosts=way.hosts,
            proxy=way.proxy,
            patience=self._patience,
        )
        conversation = _Conversation(child, self._ledger, self._clock, provider.name)
        try:
            cancel.raise_if_cancelled()  # between starting and listening
            return conversation.run(wanted, on_state)
        except ChildGone as failure:
            cancel.raise_if_cancelled()
            raise conversation.failure(str(failure)) from failure
        finally:
            forget()
            child.close(grace=GRACE_SECONDS)
            conversation.end()


class _Conversation:
    """What is said between the two ends, from `Post` to the end."""

    def __init__(
        self, child: ChildProcess, ledger: Ledger, clock: Clock, name: str
    ) -> None:
        self._child = child
        self._ledger = ledger
        self._clock = clock
        self._name = name
        self._open: Attempt | None = None
        self._opened = False

    def run(self, wanted: Posting, on_state: OnPost) -> CloudReply:
        """Ask, and follow to the end; raises as `Cloud.send` does, and `ChildGone`."""
        self._child.write_line(encode(Post(post=wanted)))
        while not isinstance(event := self._event(), Replied):
            match event:
                case Opening():
                    self._note(event)
                case Closed(bytes=count, outcome=outcome, sent=sent):
                    self._close(count, outcome, sent)
                case Progress(received=received, pause=pause, reason=reason):
                    if self._open is not None:
                        self._open = msgspec.structs.replace(self._open, bytes=received)
                    on_state(PostState(received=received, pause=pause, reason=reason))
                case Failed(code=code, detail=detail):
                    raise AppError.from_code(code, detail)
                case Fetched():
                    raise ChildGone("a file that nobody wanted")
        return event.reply

    def failure(self, reason: str) -> AppError:
        """What it means that the helper has ended by itself."""
        if self._opened:
            return CloudBrokeOff(f"the net helper ended with {reason}")
        return CloudUnreachable(f"the net helper ended with {reason}")

    def end(self) -> None:
        """Write down what became of a connection that was broken off on this side."""
        if self._open is not None:
            with suppress(AppError):
                self._close(self._open.bytes, Outcome.STOPPED, self._open.sent)

    def _event(self) -> Event:
        line = self._child.read_line()
        if line is None:
            self._child.wait(GRACE_SECONDS)
            raise ChildGone(self._child.exit_status)
        try:
            return decode_event(line)
        except Garbled as failure:
            raise ChildGone("an unknown message") from failure

    def _note(self, opening: Opening) -> None:
        attempt = Attempt(
            id=uuid.uuid4().hex,
            at=self._clock.now().isoformat(timespec="seconds"),
            host=opening.host,
            reason=f"cloud model {self._name}",
            allowed=opening.allowed,
            outcome=Outcome.OPEN if opening.allowed else Outcome.REFUSED,
            # Written before it is so: a crash must not hide what may have been sent.
            sent=opening.sends if opening.allowed else 0,
        )
        self._ledger.write(attempt)
        if opening.allowed:
            self._open, self._opened = attempt, True
            self._child.write_line(encode(Noted(number=opening.number)))

    def _close(self, count: int, outcome: Outcome, sent: int) -> None:
        attempt, self._open = self._open, None
        if attempt is not None:
            self._ledger.write(
                msgspec.structs.replace(attempt, bytes=count, outcome=outcome, sent=sent)
            )
