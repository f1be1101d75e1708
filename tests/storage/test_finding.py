"""What waits for its place in the indexes, and spans of days, change no search."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.histories import open_database
from fakes.stores import NOON
from fakes.tasks import QUEUE, RECEIPT, record
from onhand.domain.tasks import identity
from onhand.services.history_ports import Narrowed
from onhand.services.keeping_ports import Which
from onhand.storage.forgetting import forget_in
from onhand.storage.history import SqliteHistory
from onhand.storage.search_index import (
    LONGEST_WAITING,
    MOST_WAITING,
    index_waiting,
    indexed_to,
)

TEXTS = st.text("ab cdé費用 ", max_size=12)
TASKS = st.sampled_from([QUEUE, RECEIPT])
MOMENTS = st.integers(-200, 200).map(lambda hours: NOON + timedelta(hours=hours * 7))


@pytest.fixture
def database(tmp_path):
    database = open_database(tmp_path / "history.db")
    yield database
    database.close()


@pytest.fixture(scope="module")
def common(tmp_path_factory):
    database = open_database(tmp_path_factory.mktemp("finding") / "history.db")
    yield database
    database.close()


def waiting(database):
    with database.reading() as connection:
        newest = connection.execute("SELECT coalesce(max(id), 0) FROM records").fetchone()
        return newest[0] - indexed_to(connection)


def numbers(database, words="", **asked):
    asked = {"kind": None, "limit": 10**6, "before": None} | asked
    return [each.id for each in SqliteHistory(database).search(words, **asked)]


@given(
    texts=st.lists(TEXTS, max_size=MOST_WAITING - 1),
    words=TEXTS,
    limit=st.integers(1, 30),
    data=st.data(),
)
def test_a_search_gives_the_same_before_and_after_indexing(
    common, texts, words, limit, data
):
    history = SqliteHistory(common)
    added = [history.add(record(f"{text}x", data.draw(TASKS))) for text in texts]
    before = data.draw(st.sampled_from([None, *added]))
    only = data.draw(st.sampled_from([Narrowed(), Narrowed(task_id=identity(QUEUE))]))
    asked = {"limit": limit, "before": before, "only": only}
    found = numbers(common, words, **asked)
    with common.writing() as connection:
        index_waiting(connection)
    assert numbers(common, words, **asked) == found


def test_few_entries_wait_however_many_are_written(database):
    history = SqliteHistory(database)
    most = 0
    for number in range(3 * MOST_WAITING):
        history.add(record(f"text {number}"))
        most = max(most, waiting(database))
    assert 0 < most < MOST_WAITING
    assert len(numbers(database, "text")) == 3 * MOST_WAITING


def test_a_long_text_does_not_wait(database):
    SqliteHistory(database).add(record("word " * LONGEST_WAITING))
    assert waiting(database) == 0


def test_an_entry_that_waits_can_be_corrected_and_is_found_by_that(database):
    history = SqliteHistory(database)
    first, second = history.add(record("one")), history.add(record("two"))
    history.correct(first, ["technical"], NOON)
    assert waiting(database) == 0
    assert numbers(database, "technical one") == [first]
    assert numbers(database, "two") == [second]


def test_what_waits_is_forgotten_and_its_place_is_not_missed(database):
    history = SqliteHistory(database)
    kept = history.add(record("a kept text"))
    gone = [history.add(record("a text to forget")) for _ in range(3)]
    forget_in(database, Which(ids=frozenset(gone)), NOON)
    assert numbers(database, "forget") == []
    later = [history.add(record("a later text")) for _ in range(2 * MOST_WAITING)]
    assert numbers(database, "text") == [*reversed(later), kept]


@given(moments=st.lists(MOMENTS, max_size=12), since=MOMENTS, until=MOMENTS)
def test_a_span_of_time_gives_what_lies_in_it_even_if_the_clock_was_set_back(
    common, moments, since, until
):
    history = SqliteHistory(common)
    task = Narrowed(since=since, until=until)
    before = set(numbers(common, only=task))
    made = {history.add(record("a text", at=at)): at for at in moments}
    within = {number for number, at in made.items() if since <= at < until}
    assert set(numbers(common, only=task)) - before == within


def test_the_newest_days_are_found_among_many(database):
    history = SqliteHistory(database)
    days = [NOON + timedelta(days=day) for day in range(150)]
    made = [history.add(record("a text", at=at)) for at in days]
    late = history.add(record("a text", at=days[3]))
    for first in (0, 3, 80, 120, 149):
        since = Narrowed(since=days[first])
        expected = [*([late] if first <= 3 else []), *reversed(made[first:])]
        assert numbers(database, only=since) == expected
        until = Narrowed(until=days[first])
        expected = [*([late] if first > 3 else []), *reversed(made[:first])]
        assert numbers(database, only=until) == expected
