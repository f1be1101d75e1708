"""One engine process and its pipes: messages out, events in, with time limits."""

from __future__ import annotations

import queue
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from onhand.child_process import ChildGone, ChildProcess
from onhand.domain.errors import EngineFailed
from onhand.engine.protocol import (
    Event,
    Garbled,
    Message,
    Slept,
    decode_event,
    encode,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from onhand.domain.progress import CancelToken

GLANCE_SECONDS = 0.1
"""Between two looks whether the user has stopped."""

LAST_WORDS = 8192
"""Bytes of what an engine printed that are looked at after its end."""

GONE_SECONDS = 2.0
"""How long an engine may take to end when its input closes."""


class Ended(Exception):
    """The process ended; `how` says it in a word, for example "SIGILL"."""

    def __init__(self, how: str) -> None:
        super().__init__(how)
        self.how = how


class Silent(Exception):
    """The process said nothing for too long."""


class Connection:
    """Starts an engine process. `send` may be called from any thread, the rest from one."""

    def __init__(self, argv: Sequence[str], errors: Path | None) -> None:
        """`errors` takes what native code prints.

        Raises:
            EngineFailed: the process cannot be started.
        """
        try:
            self._child = ChildProcess.start(argv, errors)
        except ChildGone as failure:
            raise EngineFailed(str(failure)) from failure
        self._errors, self._heard = errors, _size(errors)
        self._slept = threading.Event()
        self._sending = threading.Lock()
        self._events: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        threading.Thread(target=self._read, daemon=True).start()

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._child.pid

    @property
    def is_open(self) -> bool:
        """Whether the process still runs."""
        return self._child.exit_status == "running"

    @property
    def slept(self) -> bool:
        """Whether the process ended because nobody asked for long."""
        return self._slept.is_set()

    def last_words(self) -> str:
        """What native code printed since the start, the end of it; no user text."""
        if self._errors is None:
            return ""
        try:
            with self._errors.open("rb") as file:
                file.seek(max(self._heard, _size(self._errors) - LAST_WORDS))
                return file.read(LAST_WORDS).decode(errors="replace")
        except OSError:
            return ""

    def send(self, message: Message) -> None:
        """Write a message; that the process has ended is told by `receive`."""
        with self._sending, suppress(ChildGone):
            self._child.write_line(encode(message))

    def receive(self, patience: float) -> Event:
        """The next event; waits `patience` seconds at most.

        Raises:
            Ended: the process is gone.
            Silent: it said nothing in this time.
        """
        try:
            event = self._events.get(timeout=patience)
        except queue.Empty:
            raise Silent from None
        if event is None:
            self._events.put(None)
            self._child.wait(GONE_SECONDS)
            raise Ended(self._child.exit_status)
        return event

    def next_event(self, patience: float, cancel: CancelToken) -> Event:
        """The next event; a stop is noticed within a moment.

        Raises:
            Ended, Silent: as for `receive`.
            Cancelled: the user stopped it.
        """
        waited = 0.0
        while True:
            cancel.raise_if_cancelled()
            try:
                return self.receive(GLANCE_SECONDS)
            except Silent:
                waited += GLANCE_SECONDS
                if waited >= patience:
                    raise

    def close(self) -> None:
        """End the process; returns when it is gone."""
        self._child.close(grace=GONE_SECONDS)

    def kill(self) -> None:
        """End it in the middle of whatever it does, where it has nothing to finish."""
        self._child.close(grace=0.0)

    def _read(self) -> None:
        while (line := self._child.read_line()) is not None:
            try:
                event = decode_event(line)
            except Garbled:
                break
            if isinstance(event, Slept):
                self._slept.set()
            else:
                self._events.put(event)
        self._events.put(None)


def _size(file: Path | None) -> int:
    try:
        return file.stat().st_size if file is not None else 0
    except OSError:
        return 0
