"""Starting an engine: climbs down the crash ladder until a model runs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from onhand.domain.engine_errors import OutOfMemory
from onhand.domain.errors import AppError, EngineFailed, ModelUnusable
from onhand.domain.ladder import Rung, Verdict
from onhand.domain.primitives import EngineState
from onhand.domain.progress import Cancelled, CancelToken
from onhand.engine.choosing import Choice, Choosing, remarks
from onhand.engine.connection import Connection, Ended, Silent
from onhand.engine.protocol import Load
from onhand.engine.starting import (
    KILLED,
    greeting,
    is_illegal,
    of_file,
    of_trial,
    ready,
    want_loaded,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from onhand.engine.watch import Watch
    from onhand.engine.wishes import Wish
    from onhand.services.ports import LadderStore


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
class Started:
    """A running engine.

    Attributes:
        floor: tokens a second that the processor reads, where the model runs on another
            device; else 0.
        vouched: whether anybody vouches for the model.
    """

    connection: Connection
    state: EngineState
    rung: Rung
    rungs: tuple[Rung, ...]
    floor: float = 0.0
    vouched: bool = True


class Startup:
    """Starts engines; remembers in the ladder's store what ran and what did not."""

    def __init__(
        self,
        connect: Callable[[], Connection],
        ladder: LadderStore,
        patience: Patience,
        watch: Watch,
    ) -> None:
        self._connect = connect
        self._watch = watch
        self._choosing = Choosing(ladder)
        self._patience = patience

    def __call__(self, wish: Wish, cancel: CancelToken) -> Started:
        """Start an engine on the best rung that runs here.

        The processor comes first. A device is tried beside it when it has run, so that it
        is known what the device is worth.

        Raises:
            ModelMissing, ModelUnusable: the file is not there, or no model.
            OutOfMemory: there is not enough memory for it.
            SandboxMissing: the system does not keep the engine off the network.
            EngineFailed: no rung runs here.
            Cancelled: the user stopped it; nothing is held against the rung then, nor is
                it after Ctrl+C, which interrupts a command wherever it is.
        """
        tried: set[str] = set()
        passed: dict[str, str] = {}
        while True:
            cancel.raise_if_cancelled()
            connection = self._connect()
            try:
                hello = greeting(connection, self._patience.greeting, cancel)
                choice = self._choosing.choose(hello, wish, tried, passed)
                tried.add(choice.rung.name)
                state = self._try_or_pass(connection, wish, choice, passed, cancel)
                final = state is not None and self._choosing.is_final(
                    hello, wish, choice, passed
                )
            except AppError:
                connection.close()
                raise
            except (Cancelled, KeyboardInterrupt):
                # llama.cpp lets a file be mapped, and read, in one call, which nothing but
                # the end of the process breaks off; so does all of the memory come back.
                connection.kill()
                raise
            if state is not None and final:
                notes = (*state.notes, *remarks(hello, wish, passed))
                return Started(
                    connection=connection,
                    state=msgspec.structs.replace(state, notes=notes),
                    rung=choice.rung,
                    rungs=hello.rungs,
                    floor=choice.floor(wish.model),
                    vouched=wish.vouched,
                )
            connection.close()

    def distrust(self, started: Started, reason: str) -> None:
        """Step down from a rung that ran at first and failed later; the last is kept.

        A model that nobody vouches for says nothing of a rung.
        """
        if started.vouched:
            self._choosing.distrust(started.rung, started.rungs, reason)

    def _try_or_pass(
        self,
        connection: Connection,
        wish: Wish,
        choice: Choice,
        passed: dict[str, str],
        cancel: CancelToken,
    ) -> EngineState | None:
        """Load on a rung; None when it failed. What a device lacks is no failure of all."""
        try:
            return self._try(connection, wish, choice, cancel)
        except (EngineFailed, OutOfMemory, ModelUnusable) as error:
            if choice.kernels is None:
                raise
            passed[choice.rung.name] = str(error)
            return None

    def _try(
        self, connection: Connection, wish: Wish, choice: Choice, cancel: CancelToken
    ) -> EngineState | None:
        """Load on a rung; None when it failed, which is remembered."""
        rung, record = choice.rung, choice.record
        known = record.speeds_of(rung, wish.model) if record.proven(rung) else None
        if wish.afresh:
            known = None
        # Kernels differ by the layout of the weights: each model proves itself once.
        prove = known is None
        if prove:
            self._choosing.keep(record.beginning(rung))
        try:
            state = self._load(connection, wish, choice, known=known, cancel=cancel)
        except (Cancelled, KeyboardInterrupt, AppError):
            if prove:
                self._choosing.keep(record)
            raise
        except (Ended, Silent) as failure:
            self._note(connection, wish, choice, failure)
            return None
        if known is None:
            known = (state.read_speed, state.write_speed)
            record = record.ending(rung, Verdict.GOOD).with_speeds(rung, wish.model, known)
            self._choosing.keep(record)
        return msgspec.structs.replace(
            state,
            read_speed=known[0],
            write_speed=known[1],
            notes=record.notes(),
            rung=rung.name,
        )

    def _note(
        self,
        connection: Connection,
        wish: Wish,
        choice: Choice,
        failure: Ended | Silent,
    ) -> None:
        """Write down that a rung failed; one that was killed from outside has not.

        Raises:
            OutOfMemory: neither has one that had no memory.
            ModelUnusable: nor one that was given a file that nobody vouches for.
        """
        rung, record = choice.rung, choice.record
        if _says_nothing_of_kernels(wish, failure):
            self._choosing.keep(record)
            raise of_trial(Path(wish.model), failure) from failure
        if isinstance(failure, Silent):
            reason = f"the trial batch took longer than {self._patience.trial:.0f} seconds"
            self._choosing.keep(record.ending(rung, Verdict.HUNG, reason))
            return
        blamed = self._blamed(connection, wish, failure.how)
        if blamed is not None:
            self._choosing.keep(record)
            raise blamed from failure
        if failure.how not in KILLED:
            reason = f"the trial batch ended with {failure.how}"
            self._choosing.keep(record.ending(rung, Verdict.CRASHED, reason))

    def _load(
        self,
        connection: Connection,
        wish: Wish,
        choice: Choice,
        *,
        known: tuple[float, float] | None,
        cancel: CancelToken,
    ) -> EngineState:
        connection.send(
            Load(
                model=wish.model,
                rung=choice.rung,
                context=wish.context,
                threads=wish.threads,
                confined=wish.confined,
                prove=known is None,
                kernels=choice.kernels,
                idle=wish.idle,
                speeds=known or (0.0, 0.0),
            )
        )
        try:
            want_loaded(connection, self._patience.loading, cancel)
        except Ended as failure:
            if choice.kernels is not None or is_illegal(failure):
                raise  # the fault of the device, or of the build
            blamed = self._blamed(connection, wish, failure.how)
            raise blamed or of_file(failure.how) from failure
        return ready(connection, self._patience.trial, cancel)

    def _blamed(self, connection: Connection, wish: Wish, how: str) -> AppError | None:
        """Why an engine ended, where that was for want of memory."""
        return self._watch.blamed(Path(wish.model), how, connection.last_words())


def _says_nothing_of_kernels(wish: Wish, failure: Ended | Silent) -> bool:
    """Whether a trial that failed may have failed because of a hostile file."""
    if wish.vouched:
        return False
    return isinstance(failure, Silent) or not (is_illegal(failure) or failure.how in KILLED)
