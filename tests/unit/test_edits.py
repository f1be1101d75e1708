"""Edits between two texts: whole words, in order, each to be taken or left."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from onhand.domain.answers import Edit
from onhand.domain.edits import EXACT, apply_edits, edits_between

words = st.lists(
    st.sampled_from(
        [
            "the",
            "cat",
            "Katze",
            "会议三点",
            "😀",
            "e\u0301",
            " ",
            "\r\n",
            ",",
            "3.50",
            "שלום",
        ]
    ),
    max_size=30,
).map("".join)


def sound(edits: tuple[Edit, ...], before: str) -> bool:
    """Whether edits lie within a text, in order and without overlap, and change it."""
    return all(
        0 <= edit.start <= edit.end <= len(before)
        and before[edit.start : edit.end] != edit.text
        for edit in edits
    ) and all(one.end <= two.start for one, two in pairwise(edits))


@given(st.text() | words, st.text() | words)
@example("", "")
@example("", "new")
@example("gone", "")
@example("She go to school.", "She went to school.")
def test_all_edits_turn_one_text_into_the_other(before, after):
    edits = edits_between(before, after)
    assert sound(edits, before)
    assert apply_edits(before, edits) == after


@given(words, words, st.data())
def test_any_of_the_edits_can_be_left_out(before, after, data):
    edits = edits_between(before, after)
    taken = data.draw(st.lists(st.sampled_from(edits), unique=True)) if edits else []
    chosen = [edit for edit in edits if edit in taken]
    mixed = apply_edits(before, chosen)
    grown = sum(len(edit.text) - (edit.end - edit.start) for edit in chosen)
    assert len(mixed) == len(before) + grown


@given(st.text())
def test_the_same_text_has_no_edits(text):
    assert edits_between(text, text) == ()


def test_edits_are_whole_words():
    assert edits_between("She go to school yesterday", "She went to school") == (
        Edit(start=4, end=6, text="went"),
        Edit(start=16, end=26, text=""),
    )


@pytest.mark.parametrize(
    ("before", "after", "edits"),
    [
        ("我们明天下午三点见面", "我们明天下午四点见面", [Edit(start=6, end=7, text="四")]),
        ("3月見る", "4月見る", [Edit(start=0, end=1, text="4")]),
    ],
)
def test_where_no_spaces_tell_words_apart_edits_are_characters(before, after, edits):
    assert list(edits_between(before, after)) == edits


def test_offsets_count_code_points():
    assert edits_between("😀 e\u0301 bad", "😀 e\u0301 good") == (
        Edit(start=5, end=8, text="good"),
    )


@pytest.mark.parametrize("share", [0.0, 0.1, 1.0])
def test_a_long_text_is_compared_as_closely_as_a_short_one(share):
    dice = random.Random(7)  # noqa: S311 - the same text each time
    vocabulary = [f"word{number}" for number in range(500)] + ["the", "of", "and"] * 100
    old = dice.choices(vocabulary, k=3000)
    new = [dice.choice(vocabulary) if dice.random() < share else word for word in old]
    before, after = " ".join(old), " ".join(new)
    assert (2 * len(old)) ** 2 > 10 * EXACT
    edits = edits_between(before, after)
    assert sound(edits, before)
    assert apply_edits(before, edits) == after
    if share < 1:
        changed = sum(one != two for one, two in zip(old, new, strict=True))
        assert len(edits) <= 1.1 * changed
        assert sum(edit.end - edit.start for edit in edits) <= 10 * changed


def test_a_long_text_that_moved_is_still_turned_into_the_other():
    lines = [f"Line {number} says {number * 7 % 11} things.\n" for number in range(600)]
    before, after = "".join(lines), "".join(lines[300:] + lines[:300])
    edits = edits_between(before, after)
    assert sound(edits, before)
    assert apply_edits(before, edits) == after
