"""What every memory of the layouts of models does."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from fakes.stores import FakeLadder, FakeTunings
from onhand.domain.errors import DiskFull
from onhand.domain.ladder import LadderRecord
from onhand.domain.layouts import Comparison, Layout, Speed, Tuning
from onhand.services.ports import InstalledModel
from onhand.storage.tuning_files import TuningFiles


@pytest.fixture
def ladder():
    return FakeLadder(LadderRecord(fingerprint="here"))


@pytest.fixture(params=["fake", "files"])
def store(request, tmp_path, ladder):
    if request.param == "fake":
        return FakeTunings(tmp_path)
    return TuningFiles(tmp_path / "layouts", ladder)


@pytest.fixture
def model(tmp_path):
    file = tmp_path / "tiny.gguf"
    file.write_bytes(b"weights")
    return InstalledModel(id="tiny", title="Tiny", path=file, bytes=7)


def tuning(store, model, layout=Layout.Q4_0):
    file = store.place(model, layout) if layout else ""
    return Tuning(
        layout=layout,
        file=str(file),
        machine=store.machine(),
        before=Speed(read=100, write=10),
        after=Speed(read=300, write=20),
        comparison=Comparison(texts=10, same=9),
        reason="" if layout else "nothing is faster",
    )


def made(store, model):
    """A tuning whose file is there."""
    store.prepare(model)
    store.place(model, Layout.Q4_0).write_bytes(b"other weights")
    return tuning(store, model)


def test_at_first_nothing_is_known(store, model):
    assert store.load(model) is None


def test_a_tuning_comes_back_as_it_was_saved(store, model):
    kept = made(store, model)
    store.save(model, kept)
    assert store.load(model) == kept


def test_that_nothing_is_faster_is_remembered_too(store, model):
    store.prepare(model)
    store.save(model, tuning(store, model, None))
    assert store.load(model) == tuning(store, model, None)


def test_what_is_forgotten_leaves_no_file(store, model):
    kept = made(store, model)
    store.save(model, kept)
    store.forget(model)
    assert store.load(model) is None
    assert not store.place(model, Layout.Q4_0).exists()
    store.forget(model)
    store.remove(store.place(model, Layout.Q8_0))


def test_the_file_in_use_is_not_offered_to_be_written(store, model):
    kept = made(store, model)
    store.save(model, kept)
    assert str(store.place(model, Layout.Q4_0)) != kept.file
    again = made(store, model)
    store.save(model, again)
    assert str(store.place(model, Layout.Q4_0)) == kept.file


@pytest.fixture
def files(tmp_path, ladder):
    return TuningFiles(tmp_path / "layouts", ladder)


def test_on_another_machine_nothing_is_known(files, model, ladder):
    files.save(model, made(files, model))
    ladder.save(LadderRecord(fingerprint="there"))
    assert files.load(model) is None


def test_of_another_file_under_the_same_name_nothing_is_known(files, model):
    files.save(model, made(files, model))
    model.path.write_bytes(b"newer weights")
    os.utime(model.path, ns=(1, 1))
    assert files.load(model) is None


def test_a_layout_whose_file_is_gone_is_not_used(files, model):
    kept = made(files, model)
    files.save(model, kept)
    Path(kept.file).unlink()
    assert files.load(model) is None


@pytest.mark.parametrize("content", [b"", b"{", b'{"x": 1}', b"\xff", b"[" * 9999])
def test_a_damaged_memory_is_an_empty_one(files, model, content, tmp_path):
    files.save(model, made(files, model))
    (tmp_path / "layouts" / "layouts.json").write_bytes(content)
    assert files.load(model) is None
    files.save(model, made(files, model))
    assert files.load(model) is not None


def test_a_model_that_is_too_large_for_the_disk_is_refused_first(files, model):
    vast = InstalledModel(id="vast", title="Vast", path=model.path, bytes=10**18)
    with pytest.raises(DiskFull, match="MB are needed"):
        files.prepare(vast)
