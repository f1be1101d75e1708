"""What is different between two measurements."""

from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from fakes.measurements import TINY
from onhand.domain.measured_change import Change


def other(**changed):
    return msgspec.structs.replace(TINY, at="2026-03-05T05:06:00+00:00", **changed)


def test_the_later_one_is_what_it_came_to_whatever_comes_first():
    better = other(right=75)
    for pair in ((TINY, better), (better, TINY)):
        change = Change.between(*pair)
        assert (change.before, change.after) == (TINY, better)
        assert round(change.accuracy, 9) == 0.15


def test_what_was_the_same_is_told_apart():
    change = Change.between(TINY, other(model="large", sample="x", version="v2"))
    assert (change.same_model, change.same_texts, change.same_task) == (False,) * 3
    change = Change.between(TINY, other())
    assert change.same_model
    assert change.same_texts
    assert change.same_task


def test_the_probability_is_that_of_the_test_of_two_shares():
    # By hand: pooled 0.675, spread 0.06624, z = 2.2645.
    assert round(Change.between(TINY, other(right=75)).chance, 4) == 0.0235


@given(st.data())
def test_it_is_a_probability_the_same_in_both_directions(data):
    sizes = st.integers(1, 10_000)
    one, two = data.draw(sizes), data.draw(sizes)
    before = msgspec.structs.replace(TINY, texts=one, right=data.draw(st.integers(0, one)))
    after = other(texts=two, right=data.draw(st.integers(0, two)))
    chance = Change(before, after).chance
    assert 0 <= chance <= 1
    assert abs(chance - Change(after, before).chance) < 1e-12
    if before.accuracy == after.accuracy:
        assert chance == 1
