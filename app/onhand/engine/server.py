"""The engine process: greets, loads a model, answers one request after the other.

The main thread does the work; one reader thread takes messages in, so that `Cancel`
overtakes and the end of the input ends the process even in the middle of a batch.
"""

from __future__ import annotations

import os
import queue
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, BinaryIO, NoReturn

import msgspec

from onhand.domain.confinement import Confinement
from onhand.domain.engine_errors import OutOfMemory
from onhand.domain.errors import AppError
from onhand.domain.progress import Cancelled
from onhand.engine.protocol import (
    VERSION,
    Ask,
    Cancel,
    Done,
    Event,
    Failed,
    Garbled,
    Hello,
    Load,
    Loaded,
    Message,
    Piece,
    Progress,
    Ready,
    Requantise,
    Requantised,
    Slept,
    Stopped,
    Whole,
    decode_message,
    encode,
)

if TYPE_CHECKING:
    from onhand.domain.primitives import Written
    from onhand.engine.runtime import Runtime


NO_MEMORY = "the engine got no more memory"

PAUSE = 0.03
"""Seconds without a message after which nobody is thought to wait for the engine."""

LINGER = 1.5
"""Seconds that the engine may go on after its input closed, when it writes files."""


class Server:
    """One conversation over two streams."""

    def __init__(
        self,
        runtime: Runtime,
        source: BinaryIO,
        sink: BinaryIO,
        confinement: Confinement = Confinement(),  # noqa: B008 - it cannot be changed
    ) -> None:
        """`confinement` says what this process has given up."""
        self._runtime = runtime
        self._source = source
        self._sink = sink
        self._confinement = confinement
        self._inbox: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._current = 0
        self._cancelled: set[int] = set()
        self._tokens = 0
        self._settled = threading.Event()
        self._settled.set()
        self._idle = 0.0

    def run(self) -> None:
        """Serve until the input closes; does not return then, the process ends."""
        self._send(
            Hello(
                version=VERSION,
                fingerprint=self._runtime.fingerprint(),
                rungs=self._runtime.rungs(),
            )
        )
        threading.Thread(target=self._read, daemon=True).start()
        while True:
            match self._next():
                case Load() as load:
                    self._load(load)
                case Requantise() as wish:
                    self._requantise(wish)
                case Ask() as ask:
                    self._answer(ask)
                case Cancel():
                    pass

    def _next(self) -> Message:
        """The next message. When none comes for a moment, what is left over gets done."""
        if not self._settled.is_set():
            with suppress(queue.Empty):
                return self._inbox.get(timeout=PAUSE)
            self._runtime.settle(self._inbox.empty)
            self._settled.set()
        try:
            return self._inbox.get(timeout=self._idle or None)
        except queue.Empty:
            self._sleep()

    def _sleep(self) -> NoReturn:
        """End, so that the memory comes back; whoever asks next starts another engine."""
        self._send(Slept())
        os._exit(0)

    def on_text(self, text: str) -> None:
        """Pass on a piece of the current request's text."""
        self._send(Piece(id=self._current, text=text))

    def on_whole(self, index: int, written: Written) -> None:
        """Pass on one of several texts."""
        self._send(Whole(id=self._current, index=index, written=written))

    def on_batch(self, tokens: int) -> None:
        """Pass on a sign of life."""
        self._tokens += tokens
        self._send(Progress(id=self._current, tokens=self._tokens))

    def _load(self, load: Load) -> None:
        self._idle = load.idle
        try:
            if load.confined:
                self._confinement.raise_if_missing()
            self._runtime.load(load)
            self._send(Loaded())
            state = self._runtime.prove() if load.prove else self._runtime.state()
        except AppError as error:
            self._send(Failed(id=0, code=error.code, detail=error.detail))
        except MemoryError:
            self._send(Failed(id=0, code=OutOfMemory.code, detail=NO_MEMORY))
        else:
            told = msgspec.structs.replace(state, confinement=self._confinement)
            self._send(Ready(state=told))

    def _requantise(self, wish: Requantise) -> None:
        try:
            if wish.confined:
                self._confinement.raise_if_missing()
            self._runtime.requantise(wish)
        except AppError as error:
            self._send(Failed(id=0, code=error.code, detail=error.detail))
        else:
            self._send(Requantised())

    def _answer(self, ask: Ask) -> None:
        with self._lock:
            self._settled.set()
            self._idle = ask.idle
            self._current, self._tokens = ask.id, 0
            stopped = ask.id in self._cancelled
            self._cancelled.clear()
            self._runtime.resume()
        event = Stopped(id=ask.id) if stopped else self._reply(ask)
        with self._lock:
            self._current = 0
        if self._runtime.unsettled:
            self._settled.clear()
        self._send(event)

    def _reply(self, ask: Ask) -> Done | Stopped | Failed:
        try:
            self._runtime.attend(ask)
            reply = self._runtime.answer(ask.request, self, ask.cache)
            return Done(id=ask.id, reply=reply)
        except Cancelled:
            return Stopped(id=ask.id)
        except AppError as error:
            return Failed(id=ask.id, code=error.code, detail=error.detail)
        except MemoryError:
            return Failed(id=ask.id, code=OutOfMemory.code, detail=NO_MEMORY)

    def _read(self) -> None:
        for line in iter(self._source.readline, b""):
            with suppress(Garbled):
                self._take(decode_message(line))
        # The other side is gone. The main thread may be deep inside native code: do not
        # wait for it, unless it is about to finish something for the next start.
        self._settled.wait(LINGER)
        os._exit(0)

    def _take(self, message: Message) -> None:
        if not isinstance(message, Cancel):
            self._inbox.put(message)
            return
        with self._lock:
            if message.id == self._current:
                self._runtime.stop()
            elif message.id > self._current:
                self._cancelled.add(message.id)

    def _send(self, event: Event) -> None:
        try:
            self._sink.write(encode(event) + b"\n")
            self._sink.flush()
        except OSError:
            os._exit(0)
