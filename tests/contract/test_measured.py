"""What every memory of measured speeds does."""

from __future__ import annotations

import msgspec
import pytest

from fakes.fit import FakeMeasured, good_ladder
from onhand.domain.ladder import LadderRecord, Rung, Verdict
from onhand.services.fit_ports import Measured
from onhand.storage.measured_files import MeasuredFile

FAST = Measured(
    machine="here",
    rung="cpu (zen4)",
    device="automatic",
    context=4096,
    load=1.5,
    read=100.0,
    write=10.0,
    page=10.7,
    memory=10**9,
)


@pytest.fixture
def ladder():
    return good_ladder("zen4")


@pytest.fixture(params=["fake", "file"])
def store(request, tmp_path, ladder):
    if request.param == "fake":
        return FakeMeasured()
    return MeasuredFile(tmp_path / "data" / "measured.json", ladder)


@pytest.fixture
def files(tmp_path, ladder):
    return MeasuredFile(tmp_path / "data" / "measured.json", ladder)


@pytest.fixture
def model(tmp_path):
    path = tmp_path / "model.gguf"
    path.write_bytes(b"GGUF and more")
    return path


def test_at_first_nothing_is_known(store, model):
    assert store.load(model, "automatic") is None


def test_what_was_measured_comes_back_for_its_device(store, model):
    slow = msgspec.structs.replace(FAST, device="cpu", read=1.0)
    store.save(model, FAST)
    store.save(model, slow)
    assert store.load(model, "automatic") == FAST
    assert store.load(model, "cpu") == slow
    assert store.load(model.with_name("other.gguf"), "cpu") is None


def test_another_file_under_the_same_name_is_measured_anew(files, model):
    files.save(model, FAST)
    model.write_bytes(b"GGUF and something else")
    assert files.load(model, "automatic") is None


def test_another_processor_or_library_is_measured_anew(files, model, ladder):
    files.save(model, FAST)
    ladder.save(LadderRecord(fingerprint="there"))
    assert files.load(model, "automatic") is None


def test_a_build_that_failed_since_is_measured_anew(files, model, ladder):
    files.save(model, FAST)
    ladder.save(ladder.load().ending(Rung(variant="zen4"), Verdict.CRASHED, "SIGILL"))
    assert files.load(model, "automatic") is None


@pytest.mark.parametrize("content", [b"", b"{", b'{"x": 1}', b"\xff", b"[" * 9999])
def test_a_damaged_file_is_an_empty_one(files, model, tmp_path, content):
    files.save(model, FAST)
    (tmp_path / "data" / "measured.json").write_bytes(content)
    assert files.load(model, "automatic") is None
    files.save(model, FAST)
    assert files.load(model, "automatic") == FAST


def test_a_folder_that_cannot_be_written_is_no_failure(tmp_path, model, ladder):
    (tmp_path / "file").write_text("no folder")
    store = MeasuredFile(tmp_path / "file" / "measured.json", ladder)
    store.save(model, FAST)
    assert store.load(model, "automatic") is None
