"""What every memory of the crash ladder does."""

from __future__ import annotations

import pytest

from fakes.stores import FakeLadder
from onhand.domain.ladder import LadderRecord, Rung, Verdict
from onhand.storage.ladder_file import LadderFile

RECORD = (
    LadderRecord(fingerprint="cpu-1")
    .ending(Rung(variant="zen4"), Verdict.CRASHED, "died of SIGILL")
    .beginning(Rung(variant="haswell", repack=False))
)


@pytest.fixture(params=["fake", "file"])
def store(request, tmp_path):
    if request.param == "fake":
        return FakeLadder()
    return LadderFile(tmp_path / "data" / "ladder.json")


def test_at_first_nothing_is_known(store):
    assert store.load() is None


def test_a_record_comes_back_as_it_was_saved(store):
    store.save(RECORD)
    assert store.load() == RECORD


def test_the_last_record_counts(store):
    store.save(RECORD)
    other = RECORD.ending(Rung(variant="haswell", repack=False), Verdict.GOOD)
    store.save(other)
    assert store.load() == other
