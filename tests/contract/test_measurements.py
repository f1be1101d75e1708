"""What every memory of measurements does."""

from __future__ import annotations

import msgspec
import pytest

from fakes.histories import open_database
from fakes.measurements import TINY, FakeMeasurements
from onhand.storage.measurements import SqliteMeasurements

ONE = msgspec.structs.replace(TINY, taught=20)
OTHER = msgspec.structs.replace(
    TINY,
    at="2026-03-05T05:06:00+00:00",
    model="large",
    right=95,
    ece=0.04,
    seconds=1.5,
    micro_f1=0.97,
)


@pytest.fixture(params=["fake", "sqlite"])
def store(request, tmp_path):
    if request.param == "fake":
        yield FakeMeasurements()
        return
    database = open_database(tmp_path / "history.db")
    yield SqliteMeasurements(database)
    database.close()


def figures(found):
    return [msgspec.structs.replace(each, id=0) for each in found]


def test_measurements_come_back_in_their_order_and_for_their_task(store):
    assert store.of("queue") == []
    store.add("queue", [ONE, OTHER])
    store.add("spam", [OTHER])
    store.add("queue", [ONE])
    assert figures(store.of("queue")) == [ONE, OTHER, ONE]
    assert figures(store.of("spam")) == [OTHER]
    assert store.of("queue")[0].accuracy == 0.6


def test_a_task_may_have_any_name(store):
    store.add("\udcff ' \" %", [ONE])
    assert figures(store.of("\udcff ' \" %")) == [ONE]


def test_each_has_a_number_by_which_it_can_be_removed(store):
    store.add("queue", [ONE, OTHER])
    store.add("spam", [ONE])
    first, second = [each.id for each in store.of("queue")]
    assert 0 < first < second
    assert not store.remove("spam", first)
    assert not store.remove("queue", 2**40)
    assert store.remove("queue", first)
    assert not store.remove("queue", first)
    assert figures(store.of("queue")) == [OTHER]
    assert figures(store.of("spam")) == [ONE]
    store.add("queue", [ONE])
    assert store.of("queue")[-1].id > second
