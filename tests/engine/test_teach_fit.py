"""Fitting a head to labelled states: few texts of many dimensions, and many of few."""

from __future__ import annotations

import numpy as np
import pytest

from onhand.domain.train_request import Train
from onhand.engine.llama.ridge import axes_of
from onhand.engine.llama.train import train

LABELS = 3


def made_up(texts, width, seed=1):
    """States around a middle for each label, and answers of a model that knows nothing."""
    chance = np.random.default_rng(seed)
    labels = chance.integers(0, LABELS, texts)
    middles = chance.normal(size=(LABELS, width))
    states = middles[labels] + 0.8 * chance.normal(size=(texts, width))
    return Train(
        states=tuple(map(tuple, states.tolist())),
        shares=((1 / LABELS,) * LABELS,) * texts,
        labels=tuple(labels.tolist()),
    )


@pytest.mark.parametrize(("texts", "width"), [(20, 50), (50, 20), (50, 50), (60, 1)])
def test_the_axes_make_up_the_kernel(texts, width):
    rows = np.random.default_rng(2).normal(size=(texts, width))
    strengths, axes = axes_of(rows)
    assert len(strengths) <= max(width, texts)
    assert axes * strengths @ axes.T == pytest.approx(rows @ rows.T, abs=1e-8)
    assert axes.T @ axes == pytest.approx(np.eye(len(strengths)), abs=1e-8)


def test_dimensions_that_never_vary_do_no_harm():
    strengths, axes = axes_of(np.ones((30, 4)))
    assert strengths == pytest.approx([120.0])
    assert axes[:, 0] ** 2 == pytest.approx(np.full(30, 1 / 30))


@pytest.mark.parametrize(("texts", "width"), [(40, 64), (200, 16), (700, 16)])
def test_what_is_held_out_is_answered_rightly_where_there_is_something_to_learn(
    texts, width
):
    request = made_up(texts, width)
    found = train(request)
    held_out = np.array(found.held_out).argmax(axis=1)
    assert (held_out == np.array(request.labels)).mean() > 0.9
    assert np.array(found.held_out).sum(axis=1) == pytest.approx(1.0)
    logits = np.array(request.states) @ np.array(found.weights).T + np.array(found.bias)
    assert (logits.argmax(axis=1) == np.array(request.labels)).mean() > 0.9


def test_leaving_out_says_what_a_fit_without_the_text_says():
    request = made_up(700, 16, seed=3)
    shuffled = np.random.default_rng(4).integers(0, LABELS, 700)
    nothing = Train(
        states=request.states, shares=request.shares, labels=tuple(shuffled.tolist())
    )
    held_out = np.array(train(nothing).held_out).argmax(axis=1)
    # Labels that no state tells are not learned by heart, however they were counted.
    assert (held_out == shuffled).mean() < 0.45


def many_labels(texts, labels=40, width=32, seed=5):
    """Some texts of each of many labels, and a model that is right in one of three."""
    chance = np.random.default_rng(seed)
    middles = np.random.default_rng(6).normal(size=(labels, width))
    right = np.arange(texts) % labels
    states = middles[right] + 1.2 * chance.normal(size=(texts, width))
    said = np.where(chance.random(texts) < 1 / 3, right, chance.integers(0, labels, texts))
    shares = np.full((texts, labels), 0.1 / (labels - 1))
    shares[np.arange(texts), said] = 0.9
    return states, shares, right


def request(states, shares, labels):
    return Train(
        states=tuple(map(tuple, states.tolist())),
        shares=tuple(map(tuple, shares.tolist())),
        labels=tuple(labels.tolist()),
    )


def share_right(found, states, shares, labels):
    logits = states @ np.array(found.weights).T + np.array(found.bias)
    logits += found.own * np.log(shares)
    return (logits.argmax(axis=1) == labels).mean()


def test_a_head_for_many_labels_gets_the_weight_that_it_deserves():
    # With five texts a label, a regression says little more than 0 of each: 0.1 of the
    # right one. What it says has to count as much as if it said 1.
    found = train(request(*many_labels(200)))
    assert share_right(found, *many_labels(400, seed=7)) > 0.85


def test_a_view_that_tells_nothing_does_not_blur_the_other():
    states, shares, labels = many_labels(200)
    others, usual, right = many_labels(400, seed=7)
    chance = np.random.default_rng(8)
    loud = [np.hstack([rows, chance.normal(size=rows.shape)]) for rows in (states, others)]
    together = train(request(loud[0], shares, labels))
    apart = train(request(loud[0], shares, labels), states.shape[1])
    assert len(apart.weights[0]) == loud[0].shape[1]
    one, two = (share_right(each, loud[1], usual, right) for each in (together, apart))
    assert two > one + 0.05
    assert two > 0.85


def test_a_rare_label_is_found_where_states_tell_it():
    chance = np.random.default_rng(9)
    labels = np.array([0] * 90 + [1] * 5 + [2] * 5)
    middles = 2 * chance.normal(size=(LABELS, 24))
    states = middles[labels] + chance.normal(size=(100, 24))
    found = train(request(states, np.full((100, LABELS), 1 / LABELS), labels))
    rare = np.array([1, 2] * 50)
    others = middles[rare] + chance.normal(size=(100, 24))
    assert share_right(found, others, np.full((100, LABELS), 1 / LABELS), rare) > 0.9
