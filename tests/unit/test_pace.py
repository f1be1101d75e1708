"""A device that reads no faster than the processor is noticed."""

from __future__ import annotations

from onhand.domain.pace import IN_A_ROW, LEAST_TOKENS, Pace


def test_some_slow_batches_in_a_row_are_a_drop():
    pace = Pace(floor=100.0)
    for _ in range(IN_A_ROW):
        assert not pace.dropped
        pace.add(200, 4.0)
    assert pace.dropped


def test_a_fast_one_in_between_is_none():
    pace = Pace(floor=100.0)
    for seconds in (4.0, 4.0, 0.5, 4.0, 4.0):
        pace.add(200, seconds)
    assert not pace.dropped


def test_short_batches_and_no_floor_say_nothing():
    short, unwatched = Pace(floor=100.0), Pace()
    for _ in range(10):
        short.add(LEAST_TOKENS - 1, 100.0)
        unwatched.add(1000, 100.0)
    assert not short.dropped
    assert not unwatched.dropped
