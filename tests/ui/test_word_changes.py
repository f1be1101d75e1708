"""Edits as pieces: nothing is lost on either side."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from onhand.domain.answers import Edit
from onhand.domain.edits import apply_edits, edits_between
from onhand.ui.word_changes import Change, pieces

WORDS = st.lists(
    st.sampled_from(["one", "two", " ", "\n", "é", "😀", ".", "not"]), max_size=20
).map("".join)


def text_of(changes, *fates):
    return "".join(piece.text for piece in changes if piece.change in fates)


@given(WORDS, WORDS)
def test_the_pieces_hold_the_old_text_and_the_new_one(before, after):
    changes = pieces(before, edits_between(before, after))
    assert text_of(changes, Change.KEPT, Change.DELETED) == before
    assert text_of(changes, Change.KEPT, Change.ADDED) == after


@given(WORDS)
def test_a_text_without_edits_is_kept_whole(text):
    assert text_of(pieces(text, ()), Change.KEPT) == text


def test_edits_may_come_in_any_order():
    edits = (Edit(start=4, end=7, text="C"), Edit(start=0, end=3, text="A"))
    changes = pieces("one two", edits)
    assert text_of(changes, Change.KEPT, Change.ADDED) == "A C"
    assert apply_edits("one two", sorted(edits, key=lambda edit: edit.start)) == "A C"
