"""Starting an engine: climbs down the crash ladder until a model runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from onhand.domain.errors import AppError, EngineFailed, ModelUnusable
from onhand.domain.ladder import LadderRecord, Rung, Verdict, next_rung
from onhand.domain.primitives import EngineState
from onhand.domain.progress import Cancelled, CancelToken
from onhand.engine.connection import Connection, Ended, Silent
from onhand.engine.protocol import VERSION, Failed, Hello, Load, Loaded, Ready

if TYPE_CHECKING:
    from collections.abc import Callable

    from onhand.services.ports import LadderStore

KILLED = ("SIGKILL", "SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT")
"""Ends that came from outside, at logging out for example, and say nothing of a rung."""


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How many seconds an engine may be silent.

    Attributes:
        greeting: until it says that it runs.
        loading: until the model is in memory.
        trial: in the trial batch.
        stall: in a request; one that decodes nothing for so long hangs.
        stop: after a request was stopped; then the process is ended instead.
    """

    greeting: float = 60.0
    loading: float = 600.0
    trial: float = 60.0
    stall: float = 180.0
    stop: float = 3.0


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What to load. `threads` 0: one for each core; `confined`: only off the network."""

    model: str
    context: int
    threads: int
    confined: bool = False


@dataclass(frozen=True, kw_only=True)
class Started:
    """A running engine."""

    connection: Connection
    state: EngineState
    rung: Rung
    rungs: tuple[Rung, ...]


class Startup:
    """Starts engines; remembers in the ladder's store what ran and what did not."""

    def __init__(
        self,
        connect: Callable[[], Connection],
        ladder: LadderStore,
        patience: Patience,
    ) -> None:
        self._connect = connect
        self._ladder = ladder
        self._patience = patience
        self._latest: LadderRecord | None = None

    def __call__(self, wish: Wish, cancel: CancelToken) -> Started:
        """Start an engine on the best rung that runs here.

        Raises:
            ModelMissing, ModelUnusable: the file is not there, or no model.
            SandboxMissing: the system does not keep the engine off the network.
            EngineFailed: no rung runs here.
            Cancelled: the user stopped it; nothing is held against the rung then.
        """
        tried: set[str] = set()
        while True:
            connection = self._connect()
            try:
                hello = greeting(connection, self._patience.greeting, cancel)
                record, rung = self._choose(hello, tried)
                tried.add(rung.name)
                state = self._try(connection, wish, rung, record, cancel)
            except (AppError, Cancelled):
                connection.close()
                raise
            if state is not None:
                return Started(
                    connection=connection, state=state, rung=rung, rungs=hello.rungs
                )
            connection.close()

    def distrust(self, started: Started, reason: str) -> None:
        """Step down from a rung that ran at first and failed later; the last is kept."""
        record = self._latest or self._ladder.load()
        if record is None:
            return
        record = record.ending(started.rung, Verdict.CRASHED, reason)
        if next_rung(started.rungs, record) is not None:
            self._keep(record)

    def _keep(self, record: LadderRecord) -> None:
        """Write down what is known, and know it for as long as this program runs.

        Where nothing can be written the ladder would begin at its first rung for ever.
        """
        self._latest = record
        self._ladder.save(record)

    def _choose(self, hello: Hello, tried: set[str]) -> tuple[LadderRecord, Rung]:
        """The rung to try.

        When all have failed, in earlier starts, this one gives each of them another chance.
        """
        record = self._record(hello.fingerprint)
        rung = next_rung(hello.rungs, record)
        if rung is None and not tried:
            record = LadderRecord(fingerprint=hello.fingerprint)
            rung = next_rung(hello.rungs, record)
        if rung is None:
            raise EngineFailed("; ".join(record.notes()))
        return record, rung

    def _record(self, fingerprint: str) -> LadderRecord:
        record = self._latest or self._ladder.load()
        if record is None or record.fingerprint != fingerprint:
            return LadderRecord(fingerprint=fingerprint)
        return record

    def _try(
        self,
        connection: Connection,
        wish: Wish,
        rung: Rung,
        record: LadderRecord,
        cancel: CancelToken,
    ) -> EngineState | None:
        """Load on a rung; None when it failed, which is remembered."""
        known = record.speeds_of(rung, wish.model) if record.proven(rung) else None
        # Kernels differ by the layout of the weights: each model proves itself once.
        prove = known is None
        if prove:
            self._keep(record.beginning(rung))
        try:
            state = self._load(connection, wish, rung, known=known, cancel=cancel)
        except (Cancelled, AppError):
            if prove:
                self._keep(record)
            raise
        except Ended as failure:
            if failure.how in KILLED:
                return None
            reason = f"the trial batch ended with {failure.how}"
            self._keep(record.ending(rung, Verdict.CRASHED, reason))
            return None
        except Silent:
            reason = f"the trial batch took longer than {self._patience.trial:.0f} seconds"
            self._keep(record.ending(rung, Verdict.HUNG, reason))
            return None
        if known is None:
            known = (state.read_speed, state.write_speed)
            record = record.ending(rung, Verdict.GOOD).with_speeds(rung, wish.model, known)
            self._keep(record)
        return msgspec.structs.replace(
            state, read_speed=known[0], write_speed=known[1], notes=record.notes()
        )

    def _load(
        self,
        connection: Connection,
        wish: Wish,
        rung: Rung,
        *,
        known: tuple[float, float] | None,
        cancel: CancelToken,
    ) -> EngineState:
        connection.send(
            Load(
                model=wish.model,
                rung=rung,
                context=wish.context,
                threads=wish.threads,
                confined=wish.confined,
                prove=known is None,
                speeds=known or (0.0, 0.0),
            )
        )
        _want_loaded(connection, self._patience.loading, cancel)
        match connection.next_event(self._patience.trial, cancel):
            case Ready(state=state):
                return state
            case Failed(code=code, detail=detail):
                raise AppError.from_code(code, detail)
            case _:
                raise EngineFailed("it answered out of turn")


def greeting(connection: Connection, patience: float, cancel: CancelToken) -> Hello:
    """The first event of a new engine.

    Raises:
        EngineFailed: it did not start, or is another version.
        Cancelled: the user stopped it.
    """
    try:
        event = connection.next_event(patience, cancel)
    except (Ended, Silent) as failure:
        raise EngineFailed(f"it did not start ({_words(failure)})") from failure
    if not isinstance(event, Hello) or event.version != VERSION:
        raise EngineFailed("it speaks another version of the protocol")
    return event


def _want_loaded(connection: Connection, patience: float, cancel: CancelToken) -> None:
    """Wait until the model is in memory.

    A process that dies before that dies of the file, not of its kernels, unless it meets
    an instruction that the processor does not have.

    Raises:
        Ended: of its kernels.
        AppError: it cannot be loaded.
        Cancelled: the user stopped it.
    """
    try:
        event = connection.next_event(patience, cancel)
    except Ended as failure:
        if _is_illegal(failure):
            raise
        if failure.how in KILLED:
            raise EngineFailed(f"{failure.how} while it loaded the model") from failure
        raise ModelUnusable(f"loading it ended the engine ({failure.how})") from failure
    except Silent as failure:
        raise ModelUnusable(f"loading it took over {patience:.0f} seconds") from failure
    match event:
        case Loaded():
            return
        case Failed(code=code, detail=detail):
            raise AppError.from_code(code, detail)
        case _:
            raise EngineFailed("it answered out of turn")


def _is_illegal(failure: Ended) -> bool:
    return failure.how == "SIGILL" or "illegal instruction" in failure.how


def _words(failure: Ended | Silent) -> str:
    return failure.how if isinstance(failure, Ended) else "no greeting"
