"""Brier scores, and how much nearer to what is right some probabilities are."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onhand.domain.brier import STEPS, brier, raised, steps_nearer

WEIGHTS = st.lists(st.floats(0, 1), min_size=3, max_size=3).filter(any)
ROWS = WEIGHTS.map(lambda row: [each / math.fsum(row) for each in row])
LABELS = st.integers(0, 2)


@given(ROWS, LABELS)
def test_it_is_the_sum_of_squares_of_what_each_label_misses(row, right):
    aims = [float(number == right) for number in range(3)]
    squares = ((one - two) ** 2 for one, two in zip(row, aims, strict=True))
    assert brier(row, right) == pytest.approx(math.fsum(squares), abs=1e-9)


@given(ROWS, st.floats(0.05, 5))
def test_steeper_or_flatter_probabilities_keep_their_order_and_sum(row, power):
    found = raised(row, power)
    assert math.fsum(found) == pytest.approx(1)
    for one, two in zip(row, found, strict=True):
        assert all(
            (one > other) <= (two >= another)
            for other, another in zip(row, found, strict=True)
        )


@given(st.lists(st.tuples(ROWS, LABELS), min_size=1, max_size=20))
def test_nothing_is_nearer_than_itself_but_by_being_as_loud_as_suits(pairs):
    rows, right = [row for row, _ in pairs], [label for _, label in pairs]
    # Before are made as loud as suits them, so the same rows are no nearer in all.
    found = steps_nearer(rows, rows, right)
    assert sum(found) <= len(rows) / 2 + 1e-9
    assert all(-2 * STEPS <= each <= 2 * STEPS for each in found)


def test_what_was_too_loud_is_made_as_soft_as_it_is_right():
    loud, soft = [[0.99, 0.01]] * 10, [[0.7, 0.3]] * 10
    right = [0] * 7 + [1] * 3
    assert abs(sum(steps_nearer(loud, soft, right))) <= 10
    certain = [[float(label == each) for each in (0, 1)] for label in right]
    assert sum(steps_nearer(loud, certain, right)) > 40 * 10


def test_one_label_alone_is_never_off():
    assert steps_nearer([[1.0]], [[1.0]], [0]) == [0]
