"""The threads behind the window, and what each of them owns."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from typing import Generic, TypeVar

Owned = TypeVar("Owned")


class Opened(Generic[Owned]):
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
class Job:
    """Something to do; an urgent one may be done in a pause of another."""

    work: Callable[[], None]
    urgent: bool


class Worker:
    """A thread that does one job after the other, urgent ones first.

    A `Way` for jobs that take long.
    """

    def __init__(self, name: str) -> None:
        self._waiting: deque[Job] = deque()
        self._listeners: list[Callable[[], None]] = []
        self._changed = threading.Condition()
        self._finished = False
        self._thread = threading.Thread(target=self._work, name=name)
        self._thread.start()

    def do(self, work: Callable[[], None], *, urgent: bool) -> None:
        """Do this after everything of its kind that waits; it should not raise."""
        with self._changed:
            self._waiting.append(Job(work, urgent))
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

    def _take_urgent(self) -> Job | None:
        with self._changed:
            job = next((job for job in self._waiting if job.urgent), None)
            if job is not None:
                self._waiting.remove(job)
            return job

    def _take(self) -> Job | None:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._finished)
            urgent = self._take_urgent()
            if urgent is not None or not self._waiting:
                return urgent
            return self._waiting.popleft()

    def _work(self) -> None:
        while (job := self._take()) is not None:
            job.work()
