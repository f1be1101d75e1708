"""The names of labels as texts that nobody had to give: what they tell, and what not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onhand.domain.heads import Head
from onhand.domain.train_request import Train
from onhand.engine.llama.train import train

LABELS, WIDTH = 6, 40


def made_up(texts=120, seed=1):
    """States around a middle for each label, and of names, which lie apart from texts."""
    chance = np.random.default_rng(seed)
    middles = chance.normal(size=(LABELS, WIDTH))
    labels = chance.integers(0, LABELS, texts)
    states = middles[labels] + chance.normal(size=(texts, WIDTH))
    names = 0.7 * middles + 0.5 * chance.normal(size=(LABELS, WIDTH)) + 3.0
    return labels, states, names


def rows(numbers):
    return tuple(map(tuple, np.asarray(numbers, float).tolist()))


def request(states, names=(), labels=()):
    """Texts of which the model itself knows nothing."""
    return Train(
        states=rows(states),
        shares=((1 / LABELS,) * LABELS,) * len(states),
        names=rows(names),
        labels=tuple(map(int, labels)),
    )


def answered(trained, states):
    head = Head(trained.weights, trained.bias, trained.own)
    said = [head.applied((1 / LABELS,) * LABELS, state) for state in rows(states)]
    return np.array(said).argmax(axis=1)


def test_names_tell_the_labels_of_texts_of_which_the_model_knows_nothing():
    labels, states, names = made_up()
    assert (answered(train(request(states)), states) == labels).mean() < 0.4
    assert (answered(train(request(states, names)), states) == labels).mean() > 0.9


def test_a_few_labelled_texts_tell_more_beside_the_names():
    labels, states, names = made_up(400)
    few, rest = slice(0, 12), slice(12, None)
    alone = train(request(states[few], (), labels[few]))
    beside = train(request(states[few], names, labels[few]))
    one, two = (
        (answered(each, states[rest]) == labels[rest]).mean() for each in (alone, beside)
    )
    assert two > one + 0.1


def test_names_that_are_all_alike_leave_the_models_answers_as_they_are():
    chance = np.random.default_rng(3)
    shares = chance.dirichlet(np.ones(LABELS), 80)
    given_ = Train(states=((1.0,) * 5,) * 80, shares=rows(shares), names=((2.0,) * 5,) * 6)
    trained = train(given_)
    head = Head(trained.weights, trained.bias, trained.own)
    found = np.array([head.applied(each, (1.0,) * 5) for each in shares])
    assert (found.argmax(axis=1) == shares.argmax(axis=1)).all()


def test_a_second_view_plays_no_part_in_names():
    labels, states, names = made_up()
    noise = np.random.default_rng(4).normal(size=states.shape)
    two = train(request(np.hstack([states, noise]), np.hstack([names, names])), WIDTH)
    assert two == train(request(states, names))
    taught = train(
        request(np.hstack([states, noise]), np.hstack([names, names]), labels), WIDTH
    )
    assert {len(row) for row in taught.weights} == {2 * WIDTH}


@pytest.mark.parametrize("labelled", [False, True])
@given(st.integers(2, 30), st.integers(2, 8), st.data())
def test_any_names_make_a_head_of_finite_numbers(labelled, texts, labels, data):
    """The last answer may have no name."""
    chance = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    named = data.draw(st.integers(labels - 1, labels))
    scale = chance.choice([0, 1e-6, 1, 1e4], 7)
    trained = train(
        Train(
            states=rows(chance.normal(size=(texts, 7)) * scale),
            shares=rows(chance.dirichlet(np.full(labels, 0.05), texts)),
            names=rows(chance.normal(size=(named, 7)) * scale),
            labels=tuple(chance.integers(0, labels, texts).tolist()) if labelled else (),
        )
    )
    assert np.isfinite(trained.weights).all()
    assert np.isfinite(trained.bias).all()
    assert np.isfinite(trained.own)
