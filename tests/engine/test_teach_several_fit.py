"""Fitting a head where any number of labels may be right."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onhand.domain.heads import Head
from onhand.domain.train_request import Train
from onhand.engine.llama.ridge import PENALTIES, Rows
from onhand.engine.llama.stacking import NESTED
from onhand.engine.llama.teach_several import teach_several
from onhand.engine.llama.train import train

LABELS = 4


def made_up(texts, width, seed=1, noise=0.8):
    """States that add up what each label brings, and a model that knows nothing."""
    chance = np.random.default_rng(seed)
    right = chance.random((texts, LABELS)) < 0.35
    brought = chance.normal(size=(LABELS, width))
    states = right @ brought + noise * chance.normal(size=(texts, width))
    return request(states, right, np.full((texts, LABELS), 0.5))


def request(states, right, shares):
    return Train(
        states=tuple(map(tuple, states.tolist())),
        shares=tuple(map(tuple, shares.tolist())),
        right=tuple(tuple(np.flatnonzero(row).tolist()) for row in right),
    )


def truth(asked):
    """Which labels are right, as a table."""
    return np.array([[at in right for at in range(LABELS)] for right in asked.right])


@pytest.mark.parametrize(("texts", "width"), [(60, 64), (200, 16), (NESTED + 50, 16)])
def test_what_is_held_out_is_answered_rightly_where_there_is_something_to_learn(
    texts, width
):
    asked = made_up(texts, width)
    found = train(asked)
    held_out = np.array(found.held_out)
    assert ((held_out >= 0.5) == truth(asked)).mean() > 0.85
    assert ((held_out > 0) & (held_out < 1)).all()


def test_the_head_says_what_it_was_fitted_to():
    asked = made_up(120, 16, noise=0.1)
    found = teach_several(asked)
    head = Head(
        weights=found.weights, bias=found.bias, own=found.own or 0.0, temperature=1.0
    )
    pairs = zip(asked.shares, asked.states, strict=True)
    said = np.array([head.applied_apart(*pair) for pair in pairs])
    assert ((said >= 0.5) == truth(asked)).mean() > 0.98


@given(seed=st.integers(0, 10**6), penalty=st.sampled_from(PENALTIES))
@settings(max_examples=15, deadline=None)
def test_leaving_a_text_out_is_a_fit_without_it(seed, penalty):
    chance = np.random.default_rng(seed)
    rows = np.hstack([chance.normal(size=(12, 5)), np.ones((12, 1))])
    targets = (chance.random((12, 2)) < 0.5).astype(float)
    asked = Rows(rows[:, :5])
    scaled = (rows[:, :5] - rows[:, :5].mean(axis=0)) / (rows[:, :5].std(axis=0) + 1e-3)
    design = np.hstack([scaled / np.sqrt(5), np.ones((12, 1))])
    found = asked.left_out(targets, penalty)
    for text in range(12):
        others = np.arange(12) != text
        inner = design[others].T @ design[others] + penalty * np.eye(6)
        weights = np.linalg.solve(inner, design[others].T @ targets[others])
        assert found[text] == pytest.approx(design[text] @ weights, abs=1e-8)
    weights, bias = asked.weights(targets, penalty)
    inner = design.T @ design + penalty * np.eye(6)
    fitted = design @ np.linalg.solve(inner, design.T @ targets)
    assert rows[:, :5] @ weights.T + bias == pytest.approx(fitted, abs=1e-8)


def test_labels_that_no_state_tells_are_not_learned_by_heart():
    asked = made_up(300, 64, seed=3)
    shuffled = np.random.default_rng(4).permutation(truth(asked))
    nothing = request(np.array(asked.states), shuffled, np.array(asked.shares))
    held_out = np.array(teach_several(nothing).held_out)
    # About as often right as saying no to everything.
    assert ((held_out >= 0.5) == shuffled).mean() <= 1 - shuffled.mean() + 0.02
    assert held_out.mean() == pytest.approx(shuffled.mean(), abs=0.05)


def test_evidence_that_is_right_keeps_its_weight_where_states_say_nothing():
    chance = np.random.default_rng(5)
    right = chance.random((40, LABELS)) < 0.35
    found = teach_several(
        request(chance.normal(size=(40, 32)), right, np.where(right, 0.9, 0.1))
    )
    assert (found.own or 0.0) >= 1.0
    assert ((np.array(found.held_out) >= 0.5) == right).all()


def test_a_label_that_no_text_has_is_not_expected():
    asked = made_up(50, 16)
    right = truth(asked)
    right[:, 0] = False
    found = teach_several(request(np.array(asked.states), right, np.array(asked.shares)))
    assert np.array(found.held_out)[:, 0].max() < 0.5
