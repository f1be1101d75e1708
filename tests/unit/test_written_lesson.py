"""How much of what was written people would have to change."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onhand.domain.edit_rate import edit_rate
from onhand.domain.teaching import Verdict
from onhand.domain.written_lesson import written_lesson_of

WORDS = st.lists(st.sampled_from(["a", "b", "c", "d", "e", ","]), max_size=12).map(" ".join)


@pytest.mark.parametrize(
    ("written", "right", "rate"),
    [
        ("a b c d", "a b c d", 0.0),
        (" a b\nc d ", "a b\nc d", 0.0),
        ("a b c d", "a x c d", 0.25),
        ("a b c", "a b c d", 0.25),
        ("a b c d e", "a b c d", 0.25),
        ("", "a b c d", 1.0),
        ("a b c d", "x y", 1.0),
        ("a", "", 1.0),
        ("", "", 0.0),
        ("On 3 May.", "On 3 May!", 0.25),
    ],
)
def test_the_rate_is_words_to_be_changed_for_each_right_one(written, right, rate):
    assert edit_rate(written, right) == rate


@given(written=WORDS, right=WORDS)
def test_the_rate_is_a_share_and_nothing_where_all_words_are_right(written, right):
    rate = edit_rate(written, right)
    assert 0 <= rate <= 1
    assert (rate == 0) == (written.split() == right.split())


RIGHT = [f"Note {at}. Next: {at} o'clock." for at in range(12)]


def test_what_comes_nearer_is_adopted():
    before = [f"Somebody comes at {at}" for at in range(12)]
    after = [each.replace("Note", "A note") for each in RIGHT]
    lesson = written_lesson_of(RIGHT, before, [*after[:-1], RIGHT[-1]], skipped=2)
    assert lesson.verdict is Verdict.ADOPTED
    assert (lesson.examples, lesson.before, lesson.after) == (12, 0, 1)
    assert lesson.skipped == 2
    assert lesson.edits[0] > 0.5 > 0.2 > lesson.edits[1] > 0
    assert lesson.probability < 0.01


@pytest.mark.parametrize("after", [RIGHT, [f"{each} ." for each in RIGHT]])
def test_what_does_not_come_nearer_is_not(after):
    lesson = written_lesson_of(RIGHT, RIGHT, after)
    assert lesson.verdict is Verdict.NO_GAIN
    assert lesson.before == 12


def test_one_text_that_comes_nearer_could_be_chance():
    before = ["Something else", *RIGHT[1:]]
    assert written_lesson_of(RIGHT, before, RIGHT).verdict is Verdict.NO_GAIN
