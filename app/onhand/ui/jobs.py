"""The one door between the window and threads: work goes out, results come back.

There are two workers. One owns the services, opens them at its first job and closes them at
the end; it does one job after the other, so jobs never race for the engine or the database.
The other does what needs no services, so that reading a file does not wait for the model.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from functools import partial
from queue import SimpleQueue
from time import perf_counter
from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from onhand.domain.errors import AppError
from onhand.domain.progress import Cancelled, CancelToken

if TYPE_CHECKING:
    from types import TracebackType

    from onhand.services.bundle import Services

Result = TypeVar("Result")
OpenServices = Callable[[], "AbstractContextManager[Services]"]

_SLOW = 0.2
_log = logging.getLogger(__name__)


def _nothing() -> None:
    """Nobody waits for the end."""


@dataclass(frozen=True, kw_only=True)
class Then(Generic[Result]):
    """What follows a job, on the UI thread.

    Attributes:
        done: gets the result.
        failed: gets a known failure; any other is raised there, for the exception hook.
        ended: is called after either, and after a stop or a bug as well.
    """

    done: Callable[[Result], None]
    failed: Callable[[AppError], None]
    ended: Callable[[], None] = _nothing


class Jobs(QObject):
    """Runs work in the background.

    Signals:
        queued: a job has to wait for others with the services; long ones make way.
        _posted: carries a closure to the UI thread.
    """

    queued = Signal()
    _posted = Signal(object)

    def __init__(self, open_services: OpenServices) -> None:
        super().__init__()
        self._open = open_services
        self._services: Services | None = None
        self._stack = ExitStack()
        self._tokens: set[CancelToken] = set()
        self._closed = False
        self._bench = _Worker("services")
        self._side = _Worker("side")
        self._posted.connect(self._call, Qt.ConnectionType.QueuedConnection)

    def start(
        self,
        work: Callable[[Services], Result],
        then: Then[Result],
        *,
        cancel: CancelToken | None = None,
    ) -> None:
        """Run `work` after all jobs begun before it.

        `work` runs on the worker and must not touch a widget. `cancel` is used when the
        window closes.
        """
        token = cancel or CancelToken()
        waits = bool(self._tokens)
        self._submit(self._bench, lambda: work(self._opened()), then, token)
        if waits:
            self.queued.emit()

    def start_aside(self, work: Callable[[], Result], then: Then[Result]) -> None:
        """Run work that needs no services, at the same time as that which does."""
        self._submit(self._side, work, then, CancelToken())

    def post(self, call: Callable[[], None]) -> None:
        """Run `call` soon on the UI thread; may be called from any thread."""
        self._posted.emit(call)

    def cancel(self) -> None:
        """Ask everything that runs or waits to stop; returns at once."""
        for token in tuple(self._tokens):
            token.cancel()

    def close(self) -> None:
        """Stop everything, wait for it, and close the services; nothing runs afterwards."""
        self._closed = True
        self.cancel()
        self._bench.do(self._stack.close)
        for worker in (self._bench, self._side):
            worker.finish()

    def _submit(
        self,
        worker: _Worker,
        work: Callable[[], Result],
        then: Then[Result],
        token: CancelToken,
    ) -> None:
        if self._closed:
            return
        self._tokens.add(token)

        def job() -> None:
            attempt: _Attempt[Result] = _Attempt()
            with attempt:
                token.raise_if_cancelled()
                attempt.results.append(work())
            self.post(partial(self._deliver, attempt, then, token))

        worker.do(job)

    def _opened(self) -> Services:
        if self._services is None:
            self._services = self._stack.enter_context(self._open())
        return self._services

    def _deliver(
        self, attempt: _Attempt[Result], then: Then[Result], token: CancelToken
    ) -> None:
        self._tokens.discard(token)
        if self._closed:
            return
        try:
            match attempt.error:
                case None:
                    then.done(attempt.results[0])
                case Cancelled():
                    pass
                case AppError() as error:
                    then.failed(error)
                case bug:
                    raise bug
        finally:
            then.ended()

    def _call(self, call: Callable[[], None]) -> None:
        begun = perf_counter()
        call()
        if (held := perf_counter() - begun) > _SLOW:
            _log.info("the window was held up for %.0f ms", held * 1000)


class _Attempt(Generic[Result]):
    """Keeps whatever ends the work, to be told on another thread."""

    def __init__(self) -> None:
        self.results: list[Result] = []
        self.error: BaseException | None = None

    def __enter__(self) -> None:
        return None

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        self.error = error
        return True


class _Worker:
    """A thread that does one job after the other."""

    def __init__(self, name: str) -> None:
        self._waiting: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._work, name=name)
        self._thread.start()

    def do(self, job: Callable[[], None]) -> None:
        """Do this after everything that waits; it should not raise."""
        self._waiting.put(job)

    def finish(self) -> None:
        """Wait until everything is done, then end."""
        self._waiting.put(None)
        self._thread.join()

    def _work(self) -> None:
        while (job := self._waiting.get()) is not None:
            job()
