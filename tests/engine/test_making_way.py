"""A batch on a real engine makes way for single texts, and loses no row."""

from __future__ import annotations

import threading

import pytest

from fakes.desk import Desk
from fakes.starter import STARTER, needs_starter, real_engine
from fakes.stores import (
    FakeClock,
    FakeJobs,
    FakeRows,
    FakeSink,
)
from fakes.tasks import QUEUE
from fakes.ways import FakeWay
from onhand.domain.progress import CancelToken
from onhand.services.ports import InstalledModel
from onhand.services.run_batch import RunBatch

pytestmark = [pytest.mark.e2e, *needs_starter]

TEXTS = tuple(
    f"{words} {number}"
    for number in range(12)
    for words in ("I was charged twice for order", "The screen is black since day")
)


class Visitors(FakeWay):
    """Somebody comes soon after each request was sent to the engine, for a while."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self._left = count
        self._threads: list[threading.Thread] = []

    def watch(self, listener, /):
        """Listen, and let somebody come while the engine works."""
        forget = super().watch(listener)
        if self._left:
            self._left -= 1
            self._threads.append(threading.Timer(0.03, self.come))
            self._threads[-1].start()
        return forget

    def join(self) -> None:
        """Wait for those who are on their way."""
        for each in self._threads:
            each.join()


class Jobs(FakeJobs):
    """A journal that tells when something was stored."""

    def __init__(self, events: list[str]) -> None:
        super().__init__()
        self._events = events

    def add(self, records):
        """Keep some records."""
        super().add(records)
        self._events.append("stored")


def test_single_texts_are_answered_in_the_middle_of_a_batch():
    way = Visitors(6)
    sink = FakeSink()
    with real_engine(context=1024) as engine:
        model = InstalledModel(id="starter", title="Starter", path=STARTER, bytes=1)
        desk = Desk(engine, model)
        way.on_serve = lambda: desk.run_task(
            QUEUE, "My invoice is wrong", cancel=CancelToken()
        )
        run_batch = RunBatch(
            runner=desk.answering,
            select_model=desk.models.select,
            jobs=Jobs(way.events),
            private_jobs=FakeJobs,
            clock=FakeClock(),
        )
        desk.models.loaded()
        job = run_batch(QUEUE, FakeRows(*TEXTS), sink, cancel=CancelToken(), way=way)
        way.join()
        way.serve()
    assert (job.done, job.failed) == (len(TEXTS), 0)
    assert [each.text for each in sink.written] == [*TEXTS]
    assert len(desk.history.stored) == way.events.count("served") == 6
    assert {each.outcome.answer.label for each in desk.history.stored} == {
        desk.history.stored[0].outcome.answer.label
    }
    for number, event in enumerate(way.events):
        if event == "comes":
            served = way.events.index("served", number)
            assert way.events[number:served].count("stored") <= 1
