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
        assert round(change.score, 9) == 0.15


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


def test_of_fields_it_is_f1_that_changed_and_its_intervals_that_tell_chance():
    fields = {"fields": True, "low": 0.55, "high": 0.69}
    before, after = other(micro_f1=0.62, **fields), other(micro_f1=0.62, **fields)
    assert Change.between(before, after).chance == 1.0
    after = msgspec.structs.replace(after, at="2026-03-06T05:06:00+00:00", micro_f1=0.76)
    change = Change.between(after, before)
    assert round(change.score, 9) == 0.14
    # By hand: each spreads by 0.07 / 1.96, both by 0.0505, z = 2.772.
    assert round(change.chance, 4) == 0.0056


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
