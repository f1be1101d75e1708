"""Whether a model fits: what is called fitting must run, and what does not says why."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.engine import FakeEngine
from fakes.fit import AWAY, GB, FitBench
from fakes.stores import FakeModels, FakeSettings, FakeTunings, FakeWorkshop
from onhand.domain.engine_errors import OutOfMemory
from onhand.domain.fit import (
    Memory,
    Need,
    Place,
    Verdict,
    fit_of,
    kv_bytes,
    page_seconds,
)
from onhand.domain.ladder import LadderRecord, Rung
from onhand.domain.ladder import Verdict as Result
from onhand.domain.progress import Cancelled, CancelToken
from onhand.domain.settings import Settings
from onhand.services.fit_ports import RunningEngine
from onhand.services.models import Models
from onhand.services.ports import InstalledModel

FILE = Path("/models/away-4b.gguf")
HERE = InstalledModel(id="away-4b", title="Away", path=FILE, bytes=AWAY.bytes)
NEEDED = AWAY.bytes + 4096 * 100_000 + 200_000_000

amounts = st.integers(0, 1 << 42)
memories = st.builds(
    Memory,
    free=amounts,
    swap=amounts,
    most=amounts,
    addresses=st.none() | amounts,
)
needs = st.builds(Need, weights=amounts, context=amounts, disk=amounts)
places = st.builds(
    Place, memory=memories, shared=amounts, mapped=amounts, disk=amounts, build=st.text()
)


@given(need=needs, place=places)
def test_what_fits_has_memory_addresses_and_disk(need, place):
    fit = fit_of(need, place)
    if fit.verdict is Verdict.FITS:
        assert need.memory <= place.memory.free - place.mapped
        assert need.memory <= place.memory.most
        assert need.addresses <= (place.memory.addresses or need.addresses)
        assert not need.disk or need.disk <= place.disk
    else:
        assert fit.reasons
    assert fit.free >= 0


@given(need=needs, place=places, more=amounts)
def test_more_memory_never_makes_it_worse(need, place, more):
    memory = place.memory
    richer = dataclasses.replace(memory, free=memory.free + more, most=memory.most + more)
    before = fit_of(need, place)
    after = fit_of(need, dataclasses.replace(place, memory=richer))
    order = list(Verdict)
    assert order.index(after.verdict) <= order.index(before.verdict)


@pytest.mark.parametrize(
    ("free", "swap", "most", "verdict"),
    [
        (8, 0, 16, Verdict.FITS),
        (3.3, 0, 16, Verdict.TIGHT),
        (2, 4, 16, Verdict.TIGHT),
        (2, 0, 16, Verdict.TOO_LARGE),
        (1, 1, 2, Verdict.CANNOT_RUN),
    ],
)
def test_the_verdict_goes_by_what_is_free_and_what_there_is(free, swap, most, verdict):
    bench = FitBench()
    bench.machine.had = Memory(free=int(free * GB), swap=swap * GB, most=most * GB)
    fit = bench.fitting()(HERE)
    assert fit.verdict is verdict
    assert fit.needs == NEEDED
    assert (not fit.reasons) is (verdict is Verdict.FITS)


def test_a_limit_is_named():
    bench = FitBench()
    bench.machine.had = Memory(free=GB, swap=0, most=GB, limit="this session's group")
    fit = bench.fitting()(HERE)
    assert fit.reasons == ("It needs 3.1 GB of memory, this session's group has 1.0 GB.",)


def test_a_model_that_is_not_here_needs_room_on_the_disk():
    bench = FitBench()
    assert bench.fitting()(AWAY).disk == AWAY.bytes
    bench.machine.disk = 2 * GB
    fit = bench.fitting()(AWAY)
    assert fit.verdict is Verdict.TOO_LARGE
    assert "2.5 GB on the disk, 2.0 GB are free" in fit.reasons[0]
    assert bench.fitting()(HERE).verdict is Verdict.FITS


def test_the_context_counts_as_far_as_the_model_has_one():
    bench = FitBench()
    small, large = (
        bench.fitting(FakeSettings(Settings(context=size)))(HERE).needs
        for size in (1024, 131072)
    )
    assert large - small == (4096 - 1024) * 100_000


def test_what_a_token_takes_is_supposed_from_above_where_it_is_not_known():
    assert kv_bytes(5, 10**9) == 5
    assert kv_bytes(None, 396_705_472) >= 114_688
    stranger = dataclasses.replace(HERE, path=Path("/models/other.gguf"))
    assert FitBench().fitting()(stranger).needs > NEEDED


def test_the_same_model_in_another_window_shares_its_weights():
    bench = FitBench()
    bench.machine.had = Memory(free=4 * GB, swap=0, most=16 * GB)
    held = RunningEngine(model=str(FILE), own=False, private=GB // 2, mapped=2 * GB)
    bench.machine.running = [held]
    fit = bench.fitting()(HERE)
    assert fit.verdict is Verdict.FITS
    assert "count twice" in fit.reasons[0]


def test_another_model_in_another_window_keeps_its_weights_in_use():
    bench = FitBench()
    bench.machine.had = Memory(free=4 * GB, swap=0, most=16 * GB)
    held = RunningEngine(model="/models/x.gguf", own=False, private=GB, mapped=2 * GB)
    bench.machine.running = [held]
    fit = bench.fitting()(HERE)
    assert fit.verdict is Verdict.TOO_LARGE
    assert fit.free == 2 * GB


def test_the_model_of_this_program_makes_way():
    bench = FitBench()
    bench.machine.had = Memory(free=2 * GB, swap=0, most=16 * GB)
    held = RunningEngine(model="/models/x.gguf", own=True, private=2 * GB, mapped=GB)
    bench.machine.running = [held]
    assert bench.fitting()(HERE).verdict is Verdict.FITS


def test_a_processor_without_avx_is_told():
    bench = FitBench()
    record = LadderRecord(fingerprint="here").ending(Rung(variant="sse42"), Result.GOOD)
    bench.ladder.save(record)
    fit = bench.fitting()(HERE)
    assert fit.verdict is Verdict.FITS
    assert "no AVX" in fit.reasons[0]


def test_a_kind_that_cannot_answer_is_never_called_fitting():
    hybrid = msgspec.structs.replace(AWAY, architecture="granitehybrid")
    bench = FitBench(hybrid)
    for model in (hybrid, HERE):
        fit = bench.fitting()(model)
        assert fit.verdict is Verdict.CANNOT_RUN
        assert "take a dense one" in fit.reasons[0]


def test_too_large_a_model_is_refused_before_it_is_loaded_unless_the_user_insists():
    bench = FitBench()
    bench.machine.size = AWAY.bytes
    bench.fitting().raise_if_too_large(FILE)
    bench.machine.had = Memory(free=GB, swap=0, most=16 * GB)
    with pytest.raises(OutOfMemory, match=r"needs 3\.1 GB of memory, 1\.0 GB are free"):
        bench.fitting().raise_if_too_large(FILE)
    settings = FakeSettings(Settings(check_memory=False))
    bench.fitting(settings).raise_if_too_large(FILE)


def test_a_file_that_is_not_there_is_not_a_matter_of_memory():
    bench = FitBench()
    bench.machine.had = Memory(free=0, swap=0, most=0)
    bench.fitting().raise_if_too_large(FILE)


def test_an_engine_that_says_so_or_is_killed_for_memory_ended_for_want_of_it():
    bench = FitBench()
    bench.machine.size = AWAY.bytes
    fitting = bench.fitting()
    fitting.raise_if_too_large(FILE)
    assert fitting.blamed(FILE, "SIGABRT", "something else") is None
    assert fitting.blamed(FILE, "SIGKILL", "") is None
    said = "terminate called after throwing an instance of 'std::bad_alloc'"
    assert "3.1 GB" in str(fitting.blamed(FILE, "SIGABRT", said))
    bench.machine.killed = 1
    assert isinstance(fitting.blamed(FILE, "SIGKILL", ""), OutOfMemory)


@pytest.mark.parametrize(
    "had",
    [
        Memory(free=GB, swap=0, most=GB),
        Memory(free=8 * GB, swap=0, most=16 * GB, addresses=2 * GB),
    ],
)
def test_an_engine_that_dies_below_a_limit_ended_for_want_of_memory(had):
    bench = FitBench()
    bench.machine.size = AWAY.bytes
    bench.machine.had = had
    assert isinstance(bench.fitting().blamed(FILE, "SIGSEGV", ""), OutOfMemory)


def trying(bench, workshop=None, settings=None):
    settings = settings or FakeSettings()
    models = Models(
        store=FakeModels(HERE),
        settings=settings,
        engine=FakeEngine(),
        tunings=FakeTunings(),
        wanted="",
    )
    return bench.models(models, workshop or FakeWorkshop(), settings)


def test_a_measured_model_tells_what_a_page_takes():
    bench, workshop = FitBench(), FakeWorkshop()
    workshop.speeds = {"away": (100.0, 10.0)}
    fit = trying(bench, workshop)
    assert fit.estimate(HERE).page_seconds is None
    progress = []
    found = fit.measure("", CancelToken(), progress.append)
    assert found.page_seconds == page_seconds(100.0, 10.0) == pytest.approx(10.67)
    assert fit.estimate(HERE) == found
    assert fit.measured("away").read == 100.0
    assert [each.done for each in progress] == [0, 1, 2, 3, 4]


def test_what_was_measured_belongs_to_the_device_that_was_wished_for():
    bench, settings = FitBench(), FakeSettings()
    fit = trying(bench, settings=settings)
    fit.measure("", CancelToken())
    settings.save(dataclasses.replace(settings.load(), device="cpu"))
    assert fit.estimate(HERE).page_seconds is None


def test_a_stopped_measurement_leaves_nothing():
    bench, cancel = FitBench(), CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        trying(bench).measure("", cancel)
    assert bench.measured.known == {}
