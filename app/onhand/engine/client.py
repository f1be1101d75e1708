"""The engine as its users see it: started when needed, and anew after a crash."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from onhand.domain.errors import AppError, EngineCrashed, EngineFailed, ModelMissing
from onhand.domain.primitives import (
    Count,
    Counted,
    Embed,
    Embedded,
    EngineState,
    Fill,
    Filled,
    PrefixCache,
    Probe,
    Probed,
    Request,
    Score,
    Scored,
    Train,
    Trained,
    Write,
    Written,
)
from onhand.domain.progress import Cancelled, CancelToken, OnText, ignore_text
from onhand.engine.connection import Connection, Ended, Silent
from onhand.engine.protocol import Ask, Cancel, Done, Event, Failed, Piece, Stopped
from onhand.engine.startup import Patience, Started, Startup, Wish

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from onhand.services.ports import LadderStore, SettingsStore

Answer = TypeVar(
    "Answer", bound="Scored | Filled | Written | Embedded | Counted | Trained | Probed"
)

KERNEL_FAULTS = (
    *("SIGILL", "SIGSEGV", "SIGBUS", "SIGFPE", "it hung"),
    *("illegal instruction", "access violation"),
)
"""Ends that point at the build of the kernels; that an engine was killed does not."""

ATTEMPTS = 2
"""So often is a request put to an engine that dies of it."""


class EngineClient:
    """An `Engine` in a process of its own.

    One request at a time, from one thread at a time; `CancelToken.cancel` from any thread.
    """

    def __init__(
        self,
        argv: Sequence[str],
        *,
        ladder: LadderStore,
        settings: SettingsStore,
        log: Path | None = None,
        patience: Patience = Patience(),  # noqa: B008 - it cannot be changed
    ) -> None:
        """Start nothing yet.

        Args:
            argv: starts an engine.
            ladder: remembers which build of the kernels runs here.
            settings: size of the context, number of threads, and whether a sandbox is
                required; read before each request.
            log: takes what native code prints, which is no user text.
            patience: how long an engine may be silent.
        """
        self._argv = tuple(argv)
        self._log = log
        self._settings = settings
        self._patience = patience
        self._startup = Startup(self._connect, ladder, patience)
        self._prepared: Connection | None = None
        self._running: Started | None = None
        self._wish: Wish | None = None
        self._model: Path | None = None
        self._cache: PrefixCache | None = None
        self._last_id = 0

    def prepare(self) -> None:
        """Start the process ahead of the first request; returns at once."""
        if self._running is None and self._prepared is None:
            self._prepared = Connection(self._argv, self._log)

    def use(self, model: Path) -> None:
        """Answer with this model from the next request on."""
        self._model = model

    def use_cache(self, cache: PrefixCache | None) -> None:
        """Where to look for decoded prefixes from the next request on."""
        self._cache = cache

    def close(self) -> None:
        """End the process."""
        if self._prepared is not None:
            self._prepared.close()
        if self._running is not None:
            self._running.connection.close()
        self._prepared = self._running = None

    def state(self) -> EngineState:
        """What is loaded; loads it if need be."""
        return self._engine(CancelToken()).state

    def score(self, request: Score, cancel: CancelToken) -> Scored:
        """How probable each option is behind each text."""
        return self._ask(request, Scored, cancel)

    def fill(self, request: Fill, cancel: CancelToken) -> Filled:
        """Copy values out of a text."""
        return self._ask(request, Filled, cancel)

    def write(self, request: Write, cancel: CancelToken, on_text: OnText) -> Written:
        """Write; pieces arrive through `on_text`.

        After a crash it begins again, without pieces.
        """
        return self._ask(request, Written, cancel, on_text)

    def embed(self, request: Embed, cancel: CancelToken) -> Embedded:
        """Hidden states behind each text."""
        return self._ask(request, Embedded, cancel)

    def count(self, request: Count, cancel: CancelToken) -> Counted:
        """Number of tokens of each text."""
        return self._ask(request, Counted, cancel)

    def train(self, request: Train, cancel: CancelToken) -> Trained:
        """A head for some hidden states."""
        return self._ask(request, Trained, cancel)

    def probe(self, request: Probe, cancel: CancelToken) -> Probed:
        """How fast the model is here."""
        return self._ask(request, Probed, cancel)

    def _ask(
        self,
        request: Request,
        kind: type[Answer],
        cancel: CancelToken,
        on_text: OnText = ignore_text,
    ) -> Answer:
        """Put a request to the engine, once more if it dies of it."""
        for attempt in range(ATTEMPTS):
            cancel.raise_if_cancelled()
            engine = self._engine(cancel)
            try:
                reply = self._converse(engine.connection, request, cancel, on_text)
            except (Ended, Silent) as failure:
                self.close()
                how = failure.how if isinstance(failure, Ended) else "it hung"
                if attempt == ATTEMPTS - 1:
                    if any(fault in how for fault in KERNEL_FAULTS):
                        self._startup.distrust(engine, f"requests ended with {how}")
                    raise EngineCrashed(how) from failure
                on_text = ignore_text
                continue
            if not isinstance(reply, kind):
                raise EngineFailed("it answered out of turn")
            return reply
        raise EngineFailed("it was not asked")

    def _engine(self, cancel: CancelToken) -> Started:
        """The running engine with the model that is wanted."""
        if self._model is None:
            raise ModelMissing("none was chosen")
        settings = self._settings.load()
        wish = Wish(
            model=str(self._model),
            context=settings.context,
            threads=settings.threads,
            confined=settings.require_sandbox,
        )
        if self._running is not None and wish == self._wish:
            return self._running
        if self._running is not None:
            self._running.connection.close()
            self._running = None
        self._running = self._startup(wish, cancel)
        self._wish = wish
        return self._running

    def _connect(self) -> Connection:
        prepared, self._prepared = self._prepared, None
        if prepared is not None:
            if prepared.is_open:
                return prepared
            prepared.close()
        return Connection(self._argv, self._log)

    def _converse(
        self, connection: Connection, request: Request, cancel: CancelToken, on_text: OnText
    ) -> object:
        """Send a request and follow it to its end."""
        self._last_id += 1
        asked = self._last_id
        connection.send(Ask(id=asked, request=request, cache=self._cache))
        forget = cancel.listen(lambda: connection.send(Cancel(id=asked)))
        if cancel.cancelled:  # between sending and listening
            connection.send(Cancel(id=asked))
        try:
            while True:
                event = self._event(connection, cancel)
                match event:
                    case Piece(id=number, text=text) if (
                        number == asked and not cancel.cancelled
                    ):
                        on_text(text)
                    case Done(id=number, reply=reply) if number == asked:
                        cancel.raise_if_cancelled()
                        return reply
                    case Stopped(id=number) if number == asked:
                        raise Cancelled
                    case Failed(id=number, code=code, detail=detail) if number == asked:
                        raise AppError.from_code(code, detail)
                    case _:
                        pass
        finally:
            forget()

    def _event(self, connection: Connection, cancel: CancelToken) -> Event:
        """The next event. A stopped request that does not end takes the process with it."""
        waited = 0.0
        while True:
            try:
                return connection.receive(self._patience.stop)
            except Silent:
                waited += self._patience.stop
                if cancel.cancelled:
                    self.close()
                    raise Cancelled from None
                if waited >= self._patience.stall:
                    raise
