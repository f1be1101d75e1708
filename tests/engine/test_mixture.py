"""A head from what a model says alone: what it sorts out, and what it never does."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onhand.domain.heads import Head
from onhand.domain.train_request import Train
from onhand.engine.llama.train import train

LABELS = 4


def made_up(texts, width, right, seed=1):
    """States around a middle for each label, and answers that are right so often."""
    chance = np.random.default_rng(seed)
    labels = chance.integers(0, LABELS, texts)
    states = chance.normal(size=(LABELS, width))[labels]
    states = states + 0.8 * chance.normal(size=(texts, width))
    said = np.where(chance.random(texts) < right, labels, chance.integers(0, LABELS, texts))
    shares = np.full((texts, LABELS), 0.2)
    shares[np.arange(texts), said] = 0.4
    return labels, Train(
        states=tuple(map(tuple, states.tolist())), shares=tuple(map(tuple, shares.tolist()))
    )


def answered(request, width=None):
    trained = train(request, width)
    head = Head(weights=trained.weights, bias=trained.bias, own=trained.own)
    return np.array(
        [
            head.applied(own, state)
            for own, state in zip(request.shares, request.states, strict=True)
        ]
    )


@pytest.mark.parametrize(("texts", "width"), [(150, 20), (200, 300), (500, 60)])
def test_states_that_lie_together_get_the_label_that_most_of_them_have(texts, width):
    labels, request = made_up(texts, width, right=0.5)
    said = np.array(request.shares).argmax(axis=1) == labels
    assert said.mean() < 0.75
    assert (answered(request).argmax(axis=1) == labels).mean() > 0.8


def test_states_that_say_nothing_leave_the_models_answers_as_they_are():
    _, request = made_up(100, 5, right=1.0)
    same = Train(states=((1.0,) * 5,) * 100, shares=request.shares)
    said = np.array(request.shares).argmax(axis=1)
    assert (answered(same).argmax(axis=1) == said).all()


def test_a_label_that_hardly_any_text_has_is_not_given_to_those_of_others():
    _, request = made_up(200, 30, right=1.0)
    never = tuple((*(0.98 * share for share in each), 0.02) for each in request.shares)
    found = answered(Train(states=request.states, shares=never)).argmax(axis=1)
    assert (found == LABELS).mean() < 0.02


def test_only_the_view_that_the_answers_come_from_counts():
    _, request = made_up(90, 6, right=0.7)
    noise = np.random.default_rng(5).normal(size=(90, 6)).tolist()
    states = tuple(
        (*state, *more) for state, more in zip(request.states, noise, strict=True)
    )
    trained = train(Train(states=states, shares=request.shares), 6)
    assert trained == train(request)
    assert {len(row) for row in trained.weights} == {6}


@given(st.integers(2, 40), st.integers(1, 40), st.integers(2, 8), st.integers(0, 2**32 - 1))
def test_any_states_make_a_head_of_finite_numbers(texts, width, labels, seed):
    chance = np.random.default_rng(seed)
    states = chance.normal(size=(texts, width)) * chance.choice([0, 1e-6, 1, 1e4], width)
    shares = chance.dirichlet(np.full(labels, 0.05), texts)
    trained = train(
        Train(
            states=tuple(map(tuple, states.tolist())),
            shares=tuple(map(tuple, shares.tolist())),
        )
    )
    assert np.isfinite(trained.weights).all()
    assert np.isfinite(trained.bias).all()
    assert len(trained.weights) == len(trained.bias) == labels
