"""The engine as its users see it: started when needed, and anew after a crash."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from onhand.domain.errors import EngineCrashed, EngineFailed, ModelMissing
from onhand.domain.ladder import CPU
from onhand.domain.pace import Pace
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
    Write,
    WriteEach,
    Written,
    WrittenEach,
)
from onhand.domain.progress import CancelToken, OnText
from onhand.domain.settings import Settings
from onhand.domain.train_request import Train, Trained
from onhand.domain.weigh_request import Weigh, Weighed
from onhand.engine.connection import Connection, Ended, Silent
from onhand.engine.conversation import Conversation, ignore_part
from onhand.engine.protocol import Piece, Whole
from onhand.engine.starting import is_kernel_fault
from onhand.engine.startup import Patience, Started, Startup
from onhand.engine.watch import NoWatch
from onhand.engine.wishes import Manner, question, wish_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from onhand.domain.primitives import Reply
    from onhand.engine.conversation import OnPart
    from onhand.engine.watch import Watch
    from onhand.engine.wishes import Wish
    from onhand.services.ports import LadderStore, OnWhole, SettingsStore

Answer = TypeVar("Answer", bound="Reply")

ATTEMPTS = 2
"""So often is a request put to an engine that dies of it."""


class EngineClient:
    """An `Engine` in a process of its own; `CancelToken.cancel` from any thread."""

    def __init__(  # noqa: PLR0913 - by keyword, and each is a part of its own
        self,
        argv: Sequence[str],
        *,
        ladder: LadderStore,
        settings: SettingsStore,
        log: Path | None = None,
        patience: Patience = Patience(),  # noqa: B008 - it cannot be changed
        watch: Watch | None = None,
        admit: Callable[[Path], bool] = lambda _: True,
    ) -> None:
        """Start nothing yet.

        Args:
            argv: starts an engine.
            ladder: remembers which build of the kernels runs here.
            settings: the context's size, threads, sandbox; read before each request.
            log: takes what native code prints, which is no user text.
            patience: how long an engine may be silent.
            watch: knows memory and power of the machine; None: nobody does.
            admit: tells whether anybody vouches for a file, or raises an `AppError`.
        """
        self._argv, self._log = tuple(argv), log
        self._settings = settings
        self._patience = patience
        self._watch = watch or NoWatch()
        self._startup = Startup(self._connect, ladder, patience, self._watch)
        self._wakes = self._watch.wakes()
        self._pace, self._now = Pace(), Settings()
        self._admit = admit
        self._prepared: Connection | None = None
        self._running: Started | None = None
        self._wish: Wish | None = None
        self._model: Path | None = None
        self._cache: PrefixCache | None = None
        self._adapter: Path | None = None
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

    def use_adapter(self, adapter: Path | None) -> None:
        """Answer with this LoRA adapter from the next request on; None: without.

        Raises:
            AdapterUnusable: it is none.
        """
        if adapter is not None:
            self._watch.raise_if_no_adapter(adapter)
        self._adapter = adapter

    @property
    def asleep(self) -> bool:
        """Whether the model was loaded, and its memory was given back."""
        return self._running is not None and self._running.connection.slept

    def close(self) -> None:
        """End the process."""
        prepared, self._prepared = self._prepared, None
        if prepared is not None:
            prepared.close()
        self._end()

    def _end(self) -> None:
        """End the process that has a model."""
        running, self._running = self._running, None
        if running is not None:
            self._watch.leave(running.connection.pid)
            running.connection.close()

    def state(self, cancel: CancelToken | None = None) -> EngineState:
        """What is loaded; loads it if need be."""
        return self._engine(cancel or CancelToken()).state

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

        def listen(event: Piece | Whole) -> None:
            if isinstance(event, Piece):
                on_text(event.text)

        return self._ask(request, Written, cancel, listen)

    def write_each(
        self, request: WriteEach, cancel: CancelToken, on_whole: OnWhole
    ) -> None:
        """Write several texts; each arrives through `on_whole`, once.

        After a crash it begins again, and tells the others at the end.
        """
        told: set[int] = set()

        def tell(index: int, written: Written) -> None:
            if index not in told:
                told.add(index)
                on_whole(index, written)

        def listen(event: Piece | Whole) -> None:
            if isinstance(event, Whole):
                tell(event.index, event.written)

        reply = self._ask(request, WrittenEach, cancel, listen)
        for index, written in enumerate(reply.texts):
            tell(index, written)

    def embed(self, request: Embed, cancel: CancelToken) -> Embedded:
        """Hidden states behind each text."""
        return self._ask(request, Embedded, cancel)

    def count(self, request: Count, cancel: CancelToken) -> Counted:
        """Number of tokens of each text."""
        return self._ask(request, Counted, cancel)

    def train(self, request: Train, cancel: CancelToken) -> Trained:
        """A head for some hidden states."""
        return self._ask(request, Trained, cancel)

    def weigh(self, request: Weigh, cancel: CancelToken) -> Weighed:
        """Weights of features that choose what is right."""
        return self._ask(request, Weighed, cancel)

    def probe(self, request: Probe, cancel: CancelToken) -> Probed:
        """How fast the model is here."""
        return self._ask(request, Probed, cancel)

    def _ask(
        self,
        request: Request,
        kind: type[Answer],
        cancel: CancelToken,
        on_part: OnPart = ignore_part,
    ) -> Answer:
        """Put a request to the engine, once more if it dies of it."""
        for attempt in range(ATTEMPTS):
            cancel.raise_if_cancelled()
            engine = self._engine(cancel)
            try:
                reply = self._conversed(engine.connection, request, cancel, on_part)
            except (Ended, Silent) as failure:
                self._raise_if_final(engine, failure, final=attempt == ATTEMPTS - 1)
                on_part = ignore_part
                continue
            if not isinstance(reply, kind):
                raise EngineFailed("it answered out of turn")
            return reply
        raise EngineFailed("it was not asked")

    def _raise_if_final(
        self, engine: Started, failure: Ended | Silent, *, final: bool
    ) -> None:
        """End what is left of an engine that died of a request, and say why it did.

        Raises:
            OutOfMemory: for want of memory; to try it again would change nothing.
            EngineCrashed: it was the last attempt.
        """
        words, slept = engine.connection.last_words(), engine.connection.slept
        self.close()
        how = failure.how if isinstance(failure, Ended) else "it hung"
        blamed = self._watch.blamed(Path(engine.state.model), how, words)
        if blamed is not None and not slept:
            raise blamed from failure
        if final:
            if is_kernel_fault(how):
                self._startup.distrust(engine, f"requests ended with {how}")
            raise EngineCrashed(how) from failure

    def _engine(self, cancel: CancelToken) -> Started:
        """The running engine with the model that is wanted."""
        if self._model is None:
            raise ModelMissing("none was chosen")
        running, afresh = self._running, self._is_doubtful()
        self._now = self._settings.load()
        wish = wish_of(self._model, self._now, afresh=afresh)
        same = wish == self._wish and not afresh
        if running is not None and same and running.connection.is_open:
            return running
        self._end()
        self._watch.raise_if_too_large(self._model)
        vouched = replace(wish, vouched=self._admit(self._model))
        self._running = self._startup(vouched, cancel.whole)
        self._watch.enter(self._running.connection.pid, self._model)
        self._wish, self._pace = wish, Pace(self._running.floor)
        return self._running

    def _is_doubtful(self) -> bool:
        """Whether a device may have changed: the machine slept, or it got slow."""
        before, self._wakes = self._wakes, self._watch.wakes()
        on_device = self._running is not None and self._running.rung.device != CPU
        return on_device and (self._wakes != before or self._pace.dropped)

    def _connect(self) -> Connection:
        prepared, self._prepared = self._prepared, None
        if prepared is not None:
            if prepared.is_open:
                return prepared
            prepared.close()
        return Connection(self._argv, self._log)

    def _conversed(
        self, connection: Connection, request: Request, cancel: CancelToken, on_part: OnPart
    ) -> object:
        """What the engine replies; one that does not stop when it is told to is ended."""
        self._last_id += 1
        battery = self._watch.on_battery()
        manner = Manner(cache=self._cache, adapter=self._adapter, on_battery=battery)
        ask = question(self._last_id, request, manner, self._now)
        patience = self._patience
        converse = Conversation(
            connection, self._pace, stop=patience.stop, stall=patience.stall
        )
        try:
            return converse(ask, cancel, on_part)
        finally:
            if cancel.cancelled and not connection.is_open:
                self.close()
