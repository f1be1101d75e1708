"""What every memory of priors does."""

from __future__ import annotations

import pytest

from fakes.stores import FakePriors
from onhand.domain.priors import Prior
from onhand.storage.priors import SqlitePriors

PRIOR = Prior.of_neutral([(0.7, 0.1, 0.2)]).with_texts([(0.1, 0.2, 0.7)])


@pytest.fixture(params=["fake", "sqlite"])
def store(request, database):
    return FakePriors() if request.param == "fake" else SqlitePriors(database)


def test_at_first_nothing_is_known(store):
    assert store.load("v1", "tiny") is None


def test_a_prior_comes_back_as_it_was_saved(store):
    store.save("v1", "tiny", PRIOR)
    assert store.load("v1", "tiny") == PRIOR
    assert store.load("v2", "tiny") is None
    assert store.load("v1", "large") is None


def test_the_last_one_counts(store):
    store.save("v1", "tiny", PRIOR)
    later = PRIOR.with_texts([(1.0, 0.0, 0.0)])
    store.save("v1", "tiny", later)
    assert store.load("v1", "tiny") == later


@pytest.mark.parametrize("content", ["", "{", "[]", '{"neutral": "x"}'])
def test_what_cannot_be_read_is_not_known(database, content):
    store = SqlitePriors(database)
    store.save("v1", "tiny", PRIOR)
    with database.writing() as connection:
        connection.execute("UPDATE priors SET prior = ?", (content,))
    assert store.load("v1", "tiny") is None
