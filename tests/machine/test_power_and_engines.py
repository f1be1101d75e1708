"""Power and sleep, and the notes on engines that run."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onhand.domain.primitives import Count
from onhand.domain.settings import Settings
from onhand.engine.wishes import Manner, question
from onhand.machine.engines import EngineNotes
from onhand.machine.here import ThisMachine
from onhand.machine.power import SLEPT, Wakefulness, on_battery


class Clocks:
    """A clock on the wall, and one that stands still while the machine sleeps."""

    def __init__(self):
        self.wall = datetime(2026, 3, 1, tzinfo=UTC)
        self.steady = 0.0

    def now(self):
        return self.wall

    def pass_time(self, seconds, *, asleep=False):
        self.wall += timedelta(seconds=seconds)
        self.steady += 0 if asleep else seconds


def test_sleep_is_noticed_by_two_clocks_and_counted_once():
    clocks = Clocks()
    power = Wakefulness(clocks, lambda: clocks.steady)
    clocks.pass_time(10_000)
    assert power.wakes() == 0
    clocks.pass_time(SLEPT + 1, asleep=True)
    assert [power.wakes(), power.wakes()] == [1, 1]
    clocks.pass_time(SLEPT - 1, asleep=True)
    assert power.wakes() == 1


def test_whether_it_runs_on_battery_can_always_be_asked():
    assert on_battery() in (True, False)


@pytest.mark.parametrize(
    ("setting", "battery", "saving"),
    [(True, True, True), (True, False, False), (False, True, False)],
)
def test_threads_are_saved_on_battery_unless_the_user_does_not_want_it(
    setting, battery, saving
):
    manner = Manner(cache=None, adapter=Path("/a.gguf"), on_battery=battery)
    asked = question(3, Count(texts=("x",)), manner, Settings(save_battery=setting))
    assert asked.saving is saving
    assert (asked.id, asked.adapter, asked.idle) == (3, "/a.gguf", 600.0)


@pytest.fixture
def notes(tmp_path):
    return EngineNotes(tmp_path / "engines")


def test_a_noted_process_is_told_until_it_leaves(notes, tmp_path):
    model = tmp_path / "model.gguf"
    model.write_bytes(b"GGUF")
    assert notes.running() == []
    notes.enter(os.getpid(), model)
    [engine] = notes.running()
    assert (engine.model, engine.own) == (str(model), True)
    assert engine.private > 0
    notes.leave(os.getpid())
    notes.leave(os.getpid())
    assert notes.running() == []


def test_a_dead_process_and_another_one_with_its_number_are_forgotten(notes, tmp_path):
    with subprocess.Popen(
        [sys.executable, "-c", "input()"], stdin=subprocess.PIPE
    ) as child:
        notes.enter(child.pid, tmp_path)
        assert len(notes.running()) == 1
        child.stdin.close()
    assert notes.running() == []
    notes.enter(os.getpid(), tmp_path)
    [file] = (tmp_path / "engines").iterdir()
    told = msgspec.json.decode(file.read_bytes())
    file.write_bytes(msgspec.json.encode(told | {"began": told["began"] - 1}))
    assert notes.running() == []
    assert list((tmp_path / "engines").iterdir()) == []


@given(st.binary(max_size=100))
def test_whatever_stands_in_a_note_is_no_failure(tmp_path_factory, content):
    folder = tmp_path_factory.mktemp("engines")
    (folder / "1.json").write_bytes(content)
    EngineNotes(folder).running()


def test_a_folder_that_cannot_be_written_is_no_failure(tmp_path):
    (tmp_path / "file").write_text("no folder")
    notes = EngineNotes(tmp_path / "file" / "engines")
    notes.enter(os.getpid(), tmp_path)
    notes.leave(os.getpid())
    assert notes.running() == []


def test_this_machine_has_memory_and_a_disk(notes, tmp_path):
    machine = ThisMachine(models=tmp_path / "not" / "there", engines=notes)
    memory = machine.memory()
    assert 0 < memory.free <= memory.most <= psutil.virtual_memory().total
    assert machine.disk_free() > 0
    assert machine.size_of(Path(__file__)) == Path(__file__).stat().st_size
    assert machine.size_of(tmp_path / "gone") == 0
    assert machine.kills() >= 0
