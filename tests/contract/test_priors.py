"""What every memory of priors does."""

from __future__ import annotations

import pytest

from fakes.stores import NOON, FakePriors
from onhand.domain.priors import Prior
from onhand.services.keeping_ports import Which
from onhand.storage.forgetting import forget_in
from onhand.storage.priors import SqlitePriors

PRIOR = Prior.of_neutral([(0.7, 0.1, 0.2)]).with_texts([(0.1, 0.2, 0.7)])


@pytest.fixture(params=["fake", "sqlite"])
def store(request, database):
    return FakePriors() if request.param == "fake" else SqlitePriors(database)


@pytest.fixture
def forget(store, database):
    """Forgets everything, elsewhere."""
    if isinstance(store, FakePriors):
        return store.forget
    return lambda: forget_in(database, Which(all=True), NOON)


def test_at_first_nothing_is_known(store):
    assert store.load("v1", "tiny") is None


def test_a_prior_comes_back_as_it_was_saved(store):
    store.save("v1", "tiny", PRIOR, store.mark())
    assert store.load("v1", "tiny") == PRIOR
    assert store.load("v2", "tiny") is None
    assert store.load("v1", "large") is None


def test_the_last_one_counts(store):
    store.save("v1", "tiny", PRIOR, store.mark())
    later = PRIOR.with_texts([(1.0, 0.0, 0.0)])
    store.save("v1", "tiny", later, store.mark())
    assert store.load("v1", "tiny") == later


def test_a_mark_changes_when_something_is_forgotten_and_not_before(store, forget):
    before = store.mark()
    store.save("v1", "tiny", PRIOR, before)
    assert store.mark() == before
    marks = {before}
    for number in range(2, 4):
        forget()
        marks.add(store.mark())
        assert store.load("v1", "tiny") is None
        assert len(marks) == number


def test_what_was_learned_before_something_was_forgotten_is_not_kept_after_it(
    store, forget
):
    before = store.mark()
    forget()
    store.save("v1", "tiny", PRIOR, before)
    assert store.load("v1", "tiny") is None
    store.save("v1", "tiny", PRIOR, store.mark())
    assert store.load("v1", "tiny") == PRIOR


@pytest.mark.parametrize("content", ["", "{", "[]", '{"neutral": "x"}'])
def test_what_cannot_be_read_is_not_known(database, content):
    store = SqlitePriors(database)
    store.save("v1", "tiny", PRIOR, store.mark())
    with database.writing() as connection:
        connection.execute("UPDATE priors SET prior = ?", (content,))
    assert store.load("v1", "tiny") is None
