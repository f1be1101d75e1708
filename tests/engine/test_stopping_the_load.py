"""Stopping while the engine's process loads its model, with real processes and files."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from pathlib import Path

import pytest

from fakes.desk import Desk
from fakes.requests import WORK
from fakes.starter import STARTER, needs_starter, real_engine, usual_notes
from fakes.stores import FakeLadder
from fakes.tasks import QUEUE
from onhand.domain.ladder import Rung, Verdict
from onhand.domain.primitives import Count
from onhand.domain.progress import Cancelled, CancelToken
from onhand.services.ports import InstalledModel

pytestmark = [
    pytest.mark.e2e,
    *needs_starter,
    pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX"),
]

BEST = Rung(variant="best")
MODEL = InstalledModel(id="starter", title="Starter", path=STARTER, bytes=1)

HANGING = {
    "the file is read": "best=load:hang",
    "the file is read, and nothing is heard": "best=load:stuck",
    "the trial batch runs": "best=hang",
    "the trial batch runs, and nothing is heard": "best=stuck",
}
while_it_hangs = pytest.mark.parametrize("fault", HANGING.values(), ids=HANGING)


def wait_until(is_so, seconds=60.0):
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.001)


def read(path):
    return path.read_text() if path.exists() else ""


class Interrupted(CancelToken):
    """Raises what Ctrl+C raises in the middle of a command."""

    def raise_if_cancelled(self):
        """Unwind as Python does."""
        if self.cancelled:
            raise KeyboardInterrupt


@contextlib.contextmanager
def stopping_when(is_so, kind=CancelToken):
    """A token that is stopped on another thread as soon as something is so."""
    cancel = kind()

    def stop():
        wait_until(is_so)
        cancel.cancel()

    stopper = threading.Thread(target=stop)
    stopper.start()
    yield cancel
    stopper.join()


def stopping_when_it_hangs(crashing, fault, kind=CancelToken):
    how = fault.partition("=")[2].rpartition(":")[2]
    return stopping_when(lambda: f"{how} best\n" in read(crashing.diary_file), kind)


@while_it_hangs
def test_a_task_that_is_stopped_does_not_wait_for_the_model(crashing, fault):
    ladder = FakeLadder()
    with real_engine(argv=crashing.argv(fault, once=""), ladder=ladder) as engine:
        desk = Desk(engine, MODEL)
        with (
            stopping_when_it_hangs(crashing, fault) as cancel,
            pytest.raises(Cancelled),
        ):
            desk.run_task(QUEUE, "I was charged twice", cancel=cancel)
        assert desk.history.stored == []
        assert ladder.record.of(BEST).verdict is None
        assert ladder.record.of(BEST).unfinished == 0
        desk.run_task(QUEUE, "I was charged twice", cancel=CancelToken())
        assert len(desk.history.stored) == 1
        assert engine.state().variant == "best"
        assert engine.state().notes == ()
    assert ladder.record.of(BEST).verdict is Verdict.GOOD
    assert crashing.diary().count("start") == 2


@while_it_hangs
def test_ctrl_c_is_no_more_held_against_the_build_than_a_stop(crashing, fault):
    ladder = FakeLadder()
    with real_engine(argv=crashing.argv(fault, once=""), ladder=ladder) as engine:
        with (
            stopping_when_it_hangs(crashing, fault, Interrupted) as cancel,
            pytest.raises(KeyboardInterrupt),
        ):
            engine.state(cancel)
        assert ladder.record.of(BEST).verdict is None
        assert ladder.record.of(BEST).unfinished == 0
        assert engine.state().variant == "best"


@while_it_hangs
def test_estimating_a_task_is_stopped_likewise(crashing, fault):
    with real_engine(argv=crashing.argv(fault, once="")) as engine:
        desk = Desk(engine, MODEL)
        with (
            stopping_when_it_hangs(crashing, fault) as cancel,
            pytest.raises(Cancelled),
        ):
            desk.run_task.estimate(QUEUE, "I was charged twice", cancel)
        assert desk.run_task.estimate(QUEUE, "I was charged twice", CancelToken()).tokens


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="there is no /proc")
def test_a_stop_once_the_file_is_in_memory_leaves_nothing_behind(proven):
    ladder = FakeLadder()
    with real_engine(ladder=ladder) as engine:
        engine.prepare()
        process = Path(f"/proc/{engine._prepared.pid}")
        with (
            stopping_when(lambda: STARTER.name in read(process / "maps")) as cancel,
            pytest.raises(Cancelled),
        ):
            WORK["score"](engine, cancel)
        failed = [each for each in ladder.record.trials if each.verdict is Verdict.CRASHED]
        assert failed == []
        assert ladder.record.of(proven).unfinished == 0
        assert engine.count(Count(texts=("one two",)), CancelToken()).tokens[0] >= 2
        assert engine.state().notes == usual_notes()
