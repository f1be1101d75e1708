"""Where a measured share probably is."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onhand.domain.intervals import of_ratio, of_share

PARTS = st.lists(
    st.integers(0, 8).flatmap(lambda most: st.tuples(st.integers(0, most), st.just(most))),
    max_size=40,
)


@given(parts=PARTS)
def test_the_interval_of_a_ratio_is_around_it_and_the_same_each_time(parts):
    low, high = of_ratio(parts)
    assert 0 <= low < high <= 1
    assert (low, high) == of_ratio(reversed(parts))
    if total := sum(below for _, below in parts):
        assert low <= sum(above for above, _ in parts) / total <= high


def test_of_texts_that_count_alike_it_is_about_that_of_their_share():
    for right, texts in ((12, 12), (0, 12), (45, 50), (300, 500)):
        found = of_ratio([(2, 2)] * right + [(0, 2)] * (texts - right))
        assert found == pytest.approx(of_share(right / texts, texts), abs=0.03)


def test_nine_in_ten_intervals_and_more_hold_the_ratio_that_texts_are_drawn_from():
    chance = random.Random(8)  # noqa: S311 - a sample, not a secret
    kinds = [(0, 2), (2, 4), (2, 3), (4, 4), (0, 1), (0, 0), (2, 2)]
    ratio = sum(above for above, _ in kinds) / sum(below for _, below in kinds)
    held = 0
    for _ in range(100):
        low, high = of_ratio(chance.choices(kinds, k=80))
        held += low <= ratio <= high
    assert held >= 90


def test_without_a_label_nothing_is_known():
    assert of_ratio([]) == of_ratio([(0, 0)] * 50) == (0.0, 1.0)
