"""What was spent: the file and its stand-in keep the same promises."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fakes.cloud import FakeSpending
from fakes.spending_child import spending
from fakes.stores import NOON
from onhand.domain.cloud_errors import OverBudget
from onhand.storage.spending import SpendingFile


@pytest.fixture(params=["file", "fake"])
def store(request, tmp_path):
    return (
        SpendingFile(tmp_path / "d" / "s.db") if request.param == "file" else FakeSpending()
    )


def test_nothing_is_spent_at_first(store):
    assert store.spent(NOON) == 0
    assert list(store.all()) == []


def test_what_is_set_aside_counts_until_it_is_settled(store):
    store.reserve(spending("a"), 2000)
    assert store.spent(NOON) == 1000
    [row] = store.all()
    assert (row.reserved, row.cost, row.settled) == (1000, 1000, False)
    store.settle("a", 300, 10, 20)
    assert store.spent(NOON) == 300
    [row] = store.all()
    assert (row.cost, row.settled, row.read, row.written) == (300, True, 10, 20)
    assert row.at == NOON


def test_nothing_is_set_aside_beyond_the_limit(store):
    store.reserve(spending("a"), 1999)
    with pytest.raises(OverBudget):
        store.reserve(spending("b"), 1999)
    store.settle("a", 999, None, None)
    store.reserve(spending("b"), 1999)
    assert store.spent(NOON) == 1999
    store.reserve(spending("c"), None)


def test_it_never_costs_more_than_was_set_aside(store):
    store.reserve(spending("a"), 1000)
    store.settle("a", 5000, 1, 1)
    assert store.spent(NOON) == 1000


def test_a_month_ends_and_a_request_without_price_costs_nothing_known(store):
    for number, at in enumerate(
        (NOON, NOON - timedelta(days=1), NOON + timedelta(days=31))
    ):
        store.reserve(spending(str(number), at=at), 1000)
    store.reserve(spending("x", None), 1000)
    store.settle("x", None, 1, 1)
    assert store.spent(NOON) == 1000
    assert store.spent(NOON.replace(month=12)) == 0
    assert [each.cost for each in store.all()] == [1000, 1000, 1000, None]
