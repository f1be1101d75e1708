"""An engine that nobody asks ends, gives its memory back, and comes again when asked."""

from __future__ import annotations

import contextlib
import time

import psutil
import pytest

from fakes.requests import PROMPT, QUESTION
from fakes.starter import STARTER, needs_starter
from fakes.stores import FakeLadder, FakeSettings
from onhand.bootstrap import engine_command
from onhand.domain.primitives import Score
from onhand.domain.progress import CancelToken
from onhand.domain.settings import Settings
from onhand.engine import wishes
from onhand.engine.client import EngineClient
from onhand.machine.engines import EngineNotes
from onhand.services.watching import Watching

pytestmark = [pytest.mark.e2e, *needs_starter]


class NothingToFit:
    """Has room for everything."""

    def raise_if_too_large(self, model):
        """It is not."""

    def blamed(self, model, how, last_words):
        """Nobody is."""


@pytest.fixture
def notes(tmp_path):
    return EngineNotes(tmp_path / "engines")


@pytest.fixture
def engine(notes, monkeypatch):
    """An engine that waits one second, which the settings call a minute."""
    monkeypatch.setattr(wishes, "MINUTE", 1.0)
    client = EngineClient(
        engine_command(),
        ladder=FakeLadder(),
        settings=FakeSettings(Settings(context=1024, idle_minutes=1)),
        watch=Watching(
            vet_adapter=lambda _: None,
            fitting=NothingToFit(),
            register=notes,
            on_battery=lambda: False,
            wakes=lambda: 0,
        ),
    )
    client.use(STARTER)
    with contextlib.closing(client):
        yield client


def ask(engine):
    request = Score(prompt=PROMPT, texts=("charged twice",), questions=(QUESTION,))
    return engine.score(request, CancelToken())


def wait_until(is_so, seconds=60.0):
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def test_an_idle_engine_ends_and_the_next_request_loads_it_again(engine, notes):
    assert not engine.asleep
    first = ask(engine)
    pid = engine._running.connection.pid
    [noted] = notes.running()
    assert noted.model == str(STARTER)
    assert noted.own
    assert noted.private + noted.mapped > STARTER.stat().st_size
    process = psutil.Process(pid)
    wait_until(lambda: engine.asleep)
    # Gone, or a zombie without memory until its parent looks.
    with contextlib.suppress(psutil.NoSuchProcess):
        wait_until(lambda: process.memory_info().rss == 0)
    assert notes.running() == []
    assert ask(engine) == first
    assert engine._running.connection.pid != pid
    assert not engine.asleep


def test_an_engine_that_is_told_to_stays(engine):
    engine._settings.save(Settings(context=1024, idle_minutes=0))
    ask(engine)
    pid = engine._running.connection.pid
    time.sleep(1.5)
    assert not engine.asleep
    ask(engine)
    assert engine._running.connection.pid == pid


def test_work_keeps_it_awake(engine):
    ask(engine)
    pid = engine._running.connection.pid
    end = time.monotonic() + 2.0
    while time.monotonic() < end:
        ask(engine)
    assert engine._running.connection.pid == pid
