"""The net helper's process: one conversation, about one file or one request.

The main thread works; one reader thread takes messages in, and ends the process when the
input closes, which it does whatever way the parent ends. What has arrived by then is kept.
"""

from __future__ import annotations

import os
import queue
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, BinaryIO

from onhand.domain.cloud_errors import CloudTimedOut
from onhand.domain.errors import AppError
from onhand.net.protocol import (
    Begin,
    Closed,
    Event,
    Failed,
    Fetched,
    Garbled,
    Message,
    Noted,
    Opening,
    Post,
    Progress,
    Replied,
    decode_message,
    encode,
)

if TYPE_CHECKING:
    from onhand.domain.fetching import Outcome

TELL_SECONDS = 0.1
"""Progress is told so often at most."""


class Server:
    """One conversation over two streams."""

    def __init__(self, source: BinaryIO, sink: BinaryIO) -> None:
        self._source = source
        self._sink = sink
        self._inbox: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self._opened = 0
        self._told = 0.0
        self._turn = threading.RLock()

    def run(self) -> None:
        """Do what is asked for; returns when that is told."""
        threading.Thread(target=self._read, daemon=True).start()
        match self._inbox.get():
            case Begin() as begin:
                self._fetch(begin)
            case Post() as post:
                self._post(post)
            case Noted():
                return

    def _fetch(self, begin: Begin) -> None:
        # Takes most of a second; until then the reader must be able to end the process.
        from onhand.net.fetching import Fetching  # noqa: PLC0415
        from onhand.net.hub import HubSession  # noqa: PLC0415

        try:
            Fetching(begin.fetch, HubSession(begin.fetch, self), self).run()
        except AppError as error:
            self._send(Failed(code=error.code, detail=error.detail))
        else:
            self._send(Fetched())

    def _post(self, message: Post) -> None:
        wanted = message.post
        late = threading.Timer(wanted.patience.total, self._late)
        late.daemon = True
        late.start()
        from onhand.net.posting import post  # noqa: PLC0415 - as above
        from onhand.net.providers import ProviderSession  # noqa: PLC0415

        try:
            reply = post(wanted, ProviderSession(wanted, self), self)
        except AppError as error:
            self._send(Failed(code=error.code, detail=error.detail))
        else:
            self._send(Replied(reply=reply))

    def _late(self) -> None:
        """Give up, whatever the other thread waits for."""
        with self._turn:
            self._send(Failed(code=CloudTimedOut.code, detail="it took too long"))
            os._exit(0)

    def opening(self, host: str, *, allowed: bool, sends: int = 0) -> None:
        """Tell of a connection; returns when it is written down."""
        self._opened += 1
        self._send(Opening(number=self._opened, host=host, allowed=allowed, sends=sends))
        while allowed:
            if self._inbox.get() == Noted(number=self._opened):
                return

    def closed(self, received: int, outcome: Outcome, *, sent: int = 0) -> None:
        """Tell what became of the last connection."""
        self._send(Closed(number=self._opened, bytes=received, outcome=outcome, sent=sent))

    def replying(self, received: int) -> None:
        """Tell how much of a reply has come, now and then."""
        self.arrived(0, received)

    def waiting(self, pause: float, reason: str) -> None:
        """Tell that a request is sent again after so many seconds."""
        self.pausing(0, pause, reason)

    def arrived(self, done: int, received: int) -> None:
        """Tell how far it is, now and then."""
        if time.monotonic() - self._told >= TELL_SECONDS:
            self._told = time.monotonic()
            self._send(Progress(done=done, received=received))

    def pausing(self, done: int, pause: float, reason: str) -> None:
        """Tell that it goes on after so many seconds."""
        self._told = 0.0
        self._send(Progress(done=done, pause=pause, reason=reason))

    def _read(self) -> None:
        for line in iter(self._source.readline, b""):
            with suppress(Garbled):
                self._inbox.put(decode_message(line))
        os._exit(0)

    def _send(self, event: Event) -> None:
        with self._turn:
            try:
                self._sink.write(encode(event) + b"\n")
                self._sink.flush()
            except OSError:
                os._exit(0)
