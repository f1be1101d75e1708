"""Priors: what is the same for all texts goes, what a text says stays."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onhand.domain.priors import NEUTRAL_SHARE, Prior, normalised, without_prior
from onhand.services.batch_ports import Row
from onhand.services.sampling import SIZE, survey

LOGS = st.floats(-60, 0)


def rows(count):
    shares = st.lists(LOGS, min_size=count, max_size=count).map(normalised)
    return st.lists(shares, min_size=1, max_size=20)


def test_a_label_that_is_always_favoured_has_to_be_better_than_usual():
    prior = Prior.of_neutral([(0.9, 0.1), (0.7, 0.3)])
    assert prior.neutral == pytest.approx((0.8, 0.2))
    usual = [math.log(0.8), math.log(0.2)]
    assert without_prior(usual, prior.logs) == pytest.approx([0.5, 0.5])
    assert without_prior([math.log(0.7), math.log(0.3)], prior.logs)[1] > 0.5


def test_the_texts_of_the_user_come_to_count_more_than_the_neutral_ones():
    prior = Prior.of_neutral([(0.5, 0.5)])
    shares = [prior.with_texts([(0.9, 0.1)] * count).logs[0] for count in (0, 1, 8, 99)]
    assert shares == sorted(shares)
    assert math.exp(shares[0]) == pytest.approx(0.5)
    assert math.exp(shares[2]) == pytest.approx(0.7)
    assert math.exp(shares[3]) == pytest.approx(0.5 * NEUTRAL_SHARE + 0.9 * 0.85)


@given(neutral=rows(3), seen=rows(3))
def test_one_after_the_other_or_at_once_gives_the_same_mean(neutral, seen):
    start = Prior.of_neutral(neutral)
    at_once, one_by_one = start.with_texts(seen), start
    for row in seen:
        one_by_one = one_by_one.with_texts([row])
    assert one_by_one == at_once
    assert at_once.texts == len(seen)
    mean = [sum(column) / len(seen) for column in zip(*seen, strict=True)]
    assert at_once.seen == pytest.approx(mean)


@given(neutral=rows(4), logs=st.lists(LOGS, min_size=4, max_size=4))
def test_answers_stay_probabilities(neutral, logs):
    shares = without_prior(logs, Prior.of_neutral(neutral).logs)
    assert sum(shares) == pytest.approx(1)
    assert all(0 <= share <= 1 for share in shares)


@given(count=st.integers(0, 300))
def test_a_sample_holds_each_row_once_and_in_order(count):
    given_rows = [
        Row(position=number, name="", text=str(number)) for number in range(count)
    ]
    found = survey(given_rows)
    assert found.total == count
    assert len(found.sample) == min(count, SIZE)
    positions = [row.position for row in found.sample]
    assert positions == sorted(set(positions))
    assert found == survey(given_rows)


def test_a_sample_comes_from_everywhere():
    many = survey(Row(position=number, name="", text="") for number in range(10_000))
    halves = sum(row.position < 5000 for row in many.sample)
    assert SIZE // 4 < halves < SIZE * 3 // 4
