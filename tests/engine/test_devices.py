"""Devices beside the processor, over real processes whose device is a stand-in."""

from __future__ import annotations

import contextlib

import pytest

from fakes.requests import LONG, PROMPT, QUESTION
from fakes.starter import STARTER, needs_starter
from fakes.stores import FakeSettings
from onhand.domain.errors import EngineCrashed, EngineFailed
from onhand.domain.ladder import NO_FASTER
from onhand.domain.primitives import Score
from onhand.domain.progress import CancelToken
from onhand.domain.settings import Device, Settings
from onhand.engine.client import EngineClient
from onhand.engine.llama import devices
from onhand.engine.watch import NoWatch
from onhand.storage.ladder_file import LadderFile

pytestmark = [pytest.mark.e2e, *needs_starter]


class SleepyWatch(NoWatch):
    """A machine that sleeps when told."""

    slept = 0

    def wakes(self):
        """As told."""
        return self.slept


@pytest.fixture
def ladder(tmp_path):
    return LadderFile(tmp_path / "data" / "engine.json")


@pytest.fixture
def watch():
    return SleepyWatch()


@pytest.fixture
def start(crashing, ladder, watch):
    """Starts an engine with a made-up device."""

    @contextlib.contextmanager
    def started(*bad, wished=Device.AUTOMATIC, driver="1", **options):
        client = EngineClient(
            crashing.argv(*bad, device=f"cuda={driver}", **options),
            ladder=ladder,
            settings=FakeSettings(Settings(context=1024, device=wished)),
            watch=watch,
        )
        client.use(STARTER)
        with contextlib.closing(client):
            yield client

    return started


def ask(engine, text="charged twice"):
    request = Score(prompt=PROMPT, texts=(text,), questions=(QUESTION,))
    return engine.score(request, CancelToken())


def test_a_device_is_tried_when_the_processor_has_run_and_is_used(start, crashing):
    with start() as engine:
        assert ask(engine)
        state = engine.state()
    assert (state.device, state.rung, state.notes) == ("cuda", "cuda (driver 1)", ())
    assert crashing.diary() == ["start", "trial best", "start", "trial cuda"]
    with start() as engine:
        assert engine.state() == state
    assert crashing.diary() == ["start", "load cuda"]


@pytest.mark.parametrize("when", ["batch", "load"])
def test_a_device_that_crashes_is_left_until_its_driver_is_another(start, crashing, when):
    with start(f"cuda={when}:SIGSEGV") as engine:
        assert ask(engine)
        state = engine.state()
    assert state.device == "cpu"
    assert state.notes == ("cuda (driver 1): the trial batch ended with SIGSEGV",)
    crashing.diary()
    with start(f"cuda={when}:SIGSEGV") as engine:
        assert engine.state().device == "cpu"
    assert crashing.diary() == ["start", "load best"]
    with start(driver="2") as engine:
        assert engine.state().device == "cuda"
        assert engine.state().notes == ()


def test_a_device_that_is_no_faster_makes_way_for_the_processor(start, crashing):
    with start(reads="90") as engine:
        assert engine.state().device == "cpu"
        assert engine.state().notes == (f"cuda (driver 1): {NO_FASTER}",)
    with start(wished=Device.CUDA, reads="90") as engine:
        assert engine.state().device == "cuda"


def test_a_device_that_is_too_small_says_so(start):
    with start(small="cuda") as engine:
        assert ask(engine)
        [note] = engine.state().notes
        assert "cuda (driver 1)" in note
        assert "room for 3 of 30 layers" in note


def test_who_wants_the_processor_gets_it(start, crashing):
    with start(wished=Device.CPU) as engine:
        assert engine.state().device == "cpu"
        assert engine.state().notes == ()
    assert crashing.diary() == ["start", "trial best"]


def test_a_device_that_is_not_there_is_told(start):
    with start(wished=Device.VULKAN) as engine:
        assert engine.state().device == "cpu"
        [note] = engine.state().notes
        assert note.startswith("vulkan: there is no such device here")


def test_after_the_machine_slept_a_device_proves_itself_again(start, crashing, watch):
    with start() as engine:
        ask(engine)
        crashing.diary()
        ask(engine)
        assert crashing.diary() == []
        watch.slept += 1
        ask(engine)
        assert crashing.diary() == ["start", "trial cuda"]
        assert engine.state().device == "cuda"


def test_a_device_that_fails_in_requests_is_left(start):
    with start("cuda=later:SIGSEGV") as engine:
        assert engine.state().device == "cuda"
        with pytest.raises(EngineCrashed):
            ask(engine, LONG)
        assert ask(engine)
        assert engine.state().device == "cpu"
        assert "requests ended with SIGSEGV" in engine.state().notes[0]


def test_a_device_that_got_slow_proves_itself_again(start, crashing):
    with start() as engine:
        engine.state()
        crashing.diary()
        # The stand-in is the processor itself: against a floor that it cannot reach.
        engine._pace._floor = 1e9
        ask(engine, LONG)
        ask(engine)
        assert crashing.diary() == ["start", "trial cuda"]


def test_layers_go_on_a_device_as_far_as_its_memory_reaches():
    weights, context = 2_000_000_000, 400_000_000
    assert devices.layers_on(8 * 10**9, weights, context, 29) == 30
    some = devices.layers_on(2 * 10**9, weights, context, 29)
    assert 10 < some < 25
    with pytest.raises(EngineFailed, match="too little"):
        devices.layers_on(10**9, weights, context, 29)


def test_modules_and_drivers_are_found_by_looking_at_files_alone(tmp_path):
    for name in ("libggml-vulkan.so", "libggml-cuda.so", "libggml-cpu-x64.so", "x.txt"):
        (tmp_path / name).touch()
    found = devices.modules([tmp_path])
    assert list(found) == ["cuda", "vulkan"]
    assert devices.driver("cuda", tmp_path) == ""
    version = tmp_path / "proc/driver/nvidia/version"
    version.parent.mkdir(parents=True)
    version.write_text("NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.54.15  Tue\n")
    assert devices.driver("cuda", tmp_path) == "550.54.15"
    icd = tmp_path / "usr/share/vulkan/icd.d/radeon_icd.json"
    icd.parent.mkdir(parents=True)
    icd.write_text('{"ICD": {"library_path": "/usr/lib/libvulkan_radeon.so"}}')
    before = devices.driver("vulkan", tmp_path)
    assert before
    library = tmp_path / "usr/lib/libvulkan_radeon.so"
    library.parent.mkdir(parents=True)
    library.write_bytes(b"newer")
    assert devices.driver("vulkan", tmp_path) not in ("", before)
