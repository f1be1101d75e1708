"""The one door between the window and threads: work goes out, results come back.

There are five workers. One owns the services, opens them at its first job and closes them
at the end; it does one job after the other, so jobs never race for the engine. One owns the
archive, so that a search waits for no model. Two own a shelf of models each: one fetches,
which takes hours, the other checks, imports and removes. The last does what needs none of
these, so that reading a file waits for nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtCore import QObject, Qt, Signal
from shiboken6 import isValid

from onhand.domain.errors import AppError
from onhand.domain.progress import Cancelled, CancelToken
from onhand.ui.workers import Opened, Worker

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from types import TracebackType

    from onhand.services.bundle import Archive, Services
    from onhand.services.first_screen import FirstScreen
    from onhand.services.making_way import Way
    from onhand.services.shelf import Shelf

Result = TypeVar("Result")
OpenServices = Callable[[], "AbstractContextManager[Services]"]
OpenArchive = Callable[[], "AbstractContextManager[Archive]"]
OpenShelf = Callable[[], "AbstractContextManager[Shelf]"]
MakeFirst = Callable[[], "FirstScreen"]

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


def lasting(owner: QObject, then: Then[Result]) -> Then[Result]:
    """What follows a job, unless its owner is gone by then: a dialog may be closed."""

    def done(result: Result) -> None:
        if isValid(owner):
            then.done(result)

    def failed(error: AppError) -> None:
        if isValid(owner):
            then.failed(error)

    def ended() -> None:
        if isValid(owner):
            then.ended()

    return Then(done=done, failed=failed, ended=ended)


class Jobs(QObject):
    """Runs work in the background.

    Signals:
        queued: a job has to wait for others with the services.
        rested: nothing runs or waits any more.
    """

    queued = Signal()
    rested = Signal()
    _posted = Signal(object)

    def __init__(
        self,
        open_services: OpenServices,
        open_archive: OpenArchive,
        open_shelf: OpenShelf,
        make_first: MakeFirst | None = None,
    ) -> None:
        """The shelf is opened twice, and each is used on its own thread.

        `make_first` is called on that of the services, which are loaded after it; None:
        they show the first screen themselves.
        """
        super().__init__()
        self._make_first = make_first
        self._services = Opened(open_services)
        self._archive = Opened(open_archive)
        self._fetching = Opened(open_shelf)
        self._keeping = Opened(open_shelf)
        self._tokens: set[CancelToken] = set()
        self._closed = False
        self._bench = Worker("services")
        self._files = Worker("archive")
        self._fetcher = Worker("fetching")
        self._keeper = Worker("keeping")
        self._side = Worker("side")
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

    def start_first(
        self, work: Callable[[FirstScreen], Result], then: Then[Result]
    ) -> None:
        """Run what the first screen needs, before anything that `start` is given later."""
        self._submit(self._bench, lambda: work(self._first()), then, CancelToken())

    def look_up(self, work: Callable[[Archive], Result], then: Then[Result]) -> None:
        """Run work on what is kept, at the same time as that which needs the engine."""
        self._submit(self._files, lambda: work(self._archive.get()), then, CancelToken())

    def start_aside(self, work: Callable[[], Result], then: Then[Result]) -> None:
        """Run work that needs neither services nor archive, at the same time."""
        self._submit(self._side, work, then, CancelToken())

    def fetch(
        self, work: Callable[[Shelf], Result], then: Then[Result], cancel: CancelToken
    ) -> None:
        """Run a download after those begun before it; beside everything else."""
        self._submit(self._fetcher, lambda: work(self._fetching.get()), then, cancel)

    def keep(
        self,
        work: Callable[[Shelf], Result],
        then: Then[Result],
        cancel: CancelToken | None = None,
    ) -> None:
        """Run work on the model files that are here; beside everything else."""
        token = cancel or CancelToken()
        self._submit(self._keeper, lambda: work(self._keeping.get()), then, token)

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
        owners = (
            (self._bench, self._services),
            (self._files, self._archive),
            (self._fetcher, self._fetching),
            (self._keeper, self._keeping),
        )
        for worker, owned in owners:
            worker.do(owned.close, urgent=False)
        for worker in (self._side, *(worker for worker, _ in owners)):
            worker.finish()

    def _first(self) -> FirstScreen:
        return self._services.get() if self._make_first is None else self._make_first()

    def _submit(
        self,
        worker: Worker,
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
                case AppError() as error:
                    then.failed(error)
                case Cancelled():
                    pass
                case bug:
                    raise bug
        finally:
            then.ended()
        if not self._tokens:
            self.rested.emit()

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
