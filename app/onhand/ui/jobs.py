"""The one door between the window and threads: work goes out, results come back.

There are three workers. One owns the services, opens them at its first job and closes them
at the end; it does one job after the other, so jobs never race for the engine. One owns the
archive, so that a search waits for no model. The third does what needs neither, so that
reading a file waits for nothing.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from onhand.domain.errors import AppError
from onhand.domain.progress import Cancelled, CancelToken

if TYPE_CHECKING:
    from types import TracebackType

    from onhand.services.batch_ports import Way
    from onhand.services.bundle import Archive, Services

Owned = TypeVar("Owned")
Result = TypeVar("Result")
OpenServices = Callable[[], "AbstractContextManager[Services]"]
OpenArchive = Callable[[], "AbstractContextManager[Archive]"]

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
        queued: a job has to wait for others with the services.
        _posted: carries a closure to the UI thread.
    """

    queued = Signal()
    _posted = Signal(object)

    def __init__(self, open_services: OpenServices, open_archive: OpenArchive) -> None:
        super().__init__()
        self._services = _Opened(open_services)
        self._archive = _Opened(open_archive)
        self._tokens: set[CancelToken] = set()
        self._closed = False
        self._bench = _Worker("services")
        self._shelf = _Worker("archive")
        self._side = _Worker("side")
        self._posted.connect(self._call, Qt.ConnectionType.QueuedConnection)

    def start(
        self,
        work: Callable[[Services], Result],
        then: Then[Result],
        *,
        cancel: CancelToken | None = None,
        long: bool = False,
    ) -> None:
        """Run `work` after all jobs begun before it, or in a pause of a long one.

        `work` runs on the worker and must not touch a widget. `cancel` is used when the
        window closes. A `long` job comes after all others, whenever they are begun; it may
        use `way` to let them in.
        """
        token = cancel or CancelToken()
        waits = bool(self._tokens)
        self._submit(
            self._bench, lambda: work(self._services.get()), then, token, urgent=not long
        )
        if waits:
            self.queued.emit()

    def look_up(self, work: Callable[[Archive], Result], then: Then[Result]) -> None:
        """Run work on what is kept, at the same time as that which needs the engine."""
        self._submit(self._shelf, lambda: work(self._archive.get()), then, CancelToken())

    def start_aside(self, work: Callable[[], Result], then: Then[Result]) -> None:
        """Run work that needs neither services nor archive, at the same time."""
        self._submit(self._side, work, then, CancelToken())

    @property
    def way(self) -> Way:
        """What a long job with the services shall make way for."""
        return self._bench

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
        self._bench.do(self._services.close, urgent=False)
        self._shelf.do(self._archive.close, urgent=False)
        for worker in (self._bench, self._shelf, self._side):
            worker.finish()

    def _submit(
        self,
        worker: _Worker,
        work: Callable[[], Result],
        then: Then[Result],
        token: CancelToken,
        *,
        urgent: bool = True,
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

        worker.do(job, urgent=urgent)

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


class _Opened(Generic[Owned]):
    """Something that a worker opens at its first job and closes at the end."""

    def __init__(self, opener: Callable[[], AbstractContextManager[Owned]]) -> None:
        self._open = opener
        self._stack = ExitStack()
        self._opened: list[Owned] = []

    def get(self) -> Owned:
        """It, opened now if it is not open yet; what fails is tried again the next time."""
        if not self._opened:
            self._opened.append(self._stack.enter_context(self._open()))
        return self._opened[0]

    def close(self) -> None:
        """Close it; it would be opened again."""
        self._opened.clear()
        self._stack.close()


@dataclass(frozen=True)
class _Job:
    """Something to do; an urgent one may be done in a pause of another."""

    work: Callable[[], None]
    urgent: bool


class _Worker:
    """A thread that does one job after the other, urgent ones first.

    A `Way` for jobs that take long.
    """

    def __init__(self, name: str) -> None:
        self._waiting: deque[_Job] = deque()
        self._listeners: list[Callable[[], None]] = []
        self._changed = threading.Condition()
        self._finished = False
        self._thread = threading.Thread(target=self._work, name=name)
        self._thread.start()

    def do(self, work: Callable[[], None], *, urgent: bool) -> None:
        """Do this after everything of its kind that waits; it should not raise."""
        with self._changed:
            self._waiting.append(_Job(work, urgent))
            self._changed.notify()
            listeners = tuple(self._listeners) if urgent else ()
        for listener in listeners:
            listener()

    def finish(self) -> None:
        """Wait until everything is done, then end."""
        with self._changed:
            self._finished = True
            self._changed.notify()
        self._thread.join()

    def watch(self, listener: Callable[[], None], /) -> Callable[[], None]:
        """Call `listener` when something urgent waits; at once if something does."""
        with self._changed:
            self._listeners.append(listener)
            waits = any(job.urgent for job in self._waiting)
        if waits:
            listener()

        def forget() -> None:
            with self._changed:
                self._listeners.remove(listener)

        return forget

    def serve(self) -> None:
        """Do what is urgent, in the middle of the job that calls this."""
        while (job := self._take_urgent()) is not None:
            job.work()

    def _take_urgent(self) -> _Job | None:
        with self._changed:
            job = next((job for job in self._waiting if job.urgent), None)
            if job is not None:
                self._waiting.remove(job)
            return job

    def _take(self) -> _Job | None:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._finished)
            urgent = self._take_urgent()
            if urgent is not None or not self._waiting:
                return urgent
            return self._waiting.popleft()

    def _work(self) -> None:
        while (job := self._take()) is not None:
            job.work()
