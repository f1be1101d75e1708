"""What every memory of samples does."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fakes.stores import FakeSamples
from onhand.domain.task_samples import MOST, Sample, Seen, numbers
from onhand.storage.task_samples import SqliteSamples


def seen(value):
    return Seen(numbers([value, 0.5, -2.0]), (-0.1, -2.5))


SAMPLE = Sample((numbers([1.0, 0.1, 0.0]), numbers([-1.0, 3.0, 7.5])), (seen(0.25),))


@pytest.fixture(params=["fake", "sqlite"])
def store(request, database):
    return FakeSamples() if request.param == "fake" else SqliteSamples(database)


def test_at_first_nothing_is_known(store):
    assert store.load("v1", "tiny") is None


def test_a_sample_comes_back_as_it_was_with_its_texts_in_order(store):
    store.begin("v1", "tiny", SAMPLE)
    store.begin("v1", "large", SAMPLE)
    store.add("v1", "tiny", seen(1.0))
    store.add("v1", "tiny", seen(2.0))
    assert store.load("v1", "tiny") == SAMPLE.with_text(seen(1.0)).with_text(seen(2.0))
    assert store.load("v1", "large") == SAMPLE
    assert store.load("v2", "tiny") is None


def test_one_that_begins_anew_has_no_texts(store):
    store.begin("v1", "tiny", SAMPLE)
    store.add("v1", "tiny", seen(1.0))
    other = Sample(SAMPLE.names, (seen(9.0), seen(8.0)), (seen(7.0),))
    store.begin("v1", "tiny", other)
    assert store.load("v1", "tiny") == Sample(other.names, other.neutral)


def test_a_text_of_none_is_not_kept(store):
    store.add("v1", "tiny", seen(1.0))
    store.begin("v1", "tiny", SAMPLE)
    assert store.load("v1", "tiny") == SAMPLE


def test_the_oldest_texts_go_where_there_are_too_many(store):
    store.begin("v1", "tiny", SAMPLE)
    store.begin("v2", "tiny", SAMPLE)
    store.add("v2", "tiny", seen(-1.0))
    for number in range(MOST + 3):
        store.add("v1", "tiny", seen(float(number)))
    texts = store.load("v1", "tiny").texts
    assert [each.state[0] for each in texts] == [*range(3, MOST + 3)]
    assert store.load("v2", "tiny").texts == (seen(-1.0),)


def test_rows_beyond_do_not_stay_in_the_database(database):
    store = SqliteSamples(database)
    store.begin("v1", "tiny", SAMPLE)
    for number in range(MOST + 3):
        store.add("v1", "tiny", seen(float(number)))
    with database.reading() as connection:
        [count] = connection.execute("SELECT count(*) FROM sample_texts").fetchone()
    assert count == MOST


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    content=st.one_of(
        st.binary(max_size=60),
        st.lists(
            st.one_of(st.binary(max_size=9), st.floats(), st.lists(st.floats())), max_size=3
        ).map(msgspec.msgpack.encode),
    )
)
def test_what_cannot_be_read_is_not_known(database, content):
    store = SqliteSamples(database)
    store.begin("v1", "tiny", SAMPLE)
    store.add("v1", "tiny", seen(1.0))
    with database.writing() as connection:
        connection.execute("UPDATE sample_texts SET seen = ?", (content,))
    found = store.load("v1", "tiny")
    # Whether it is whole is asked of what was read, however it got there.
    assert found == SAMPLE or not found.is_whole(2, 2) or len(found.texts) == 1
    with database.writing() as connection:
        connection.execute("UPDATE samples SET sample = ?", (content,))
    found = store.load("v1", "tiny")
    assert found is None or not found.is_whole(2, 2)
