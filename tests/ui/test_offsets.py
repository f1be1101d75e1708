"""Positions survive the way into Qt and back, whatever the text is made of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QPlainTextEdit

from onhand.ui.offsets import code_point_offset, shown, utf16_offset

pytestmark = pytest.mark.ui

PIECES = st.sampled_from(
    # line ends, combining marks, invisible marks, right to left, beyond the basic plane
    [
        *("a", " ", "\t", "\n", "\r\n", "\r", "\u2028", "\u2029", "\x85", "\x00"),
        *("é", "e\u0301", "\u00a0", "\ufeff", "\ufffe", "漢字", "𝄞"),
        *("\u05e9\u05dc\u05d5\u05dd", "\u202b\u0645\u0631\u062d\u202c"),
        *("😀", "👩‍👩‍👧", "🇩🇪", "👍🏽"),
    ]
)
TEXTS = st.lists(PIECES | st.text(max_size=3), max_size=25).map("".join)


@given(TEXTS)
def test_a_text_box_gives_back_what_is_shown(qapp, text):
    box = QPlainTextEdit()
    box.textCursor().insertText(shown(text))
    assert shown(box.document().toRawText()) == shown(text)


def test_a_mark_behind_half_a_line_end_is_the_first_that_is_selected(qapp):
    box = QPlainTextEdit()
    box.textCursor().insertText(shown("a\r\n\ufeff"))
    cursor = QTextCursor(box.document())
    cursor.setPosition(utf16_offset("a\r\n\ufeff", 2))
    cursor.setPosition(utf16_offset("a\r\n\ufeff", 4), QTextCursor.MoveMode.KeepAnchor)
    assert shown(cursor.selectedText()) == shown("\ufeff")


@given(TEXTS, st.data())
def test_qt_selects_just_what_our_offsets_name(qapp, text, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    box = QPlainTextEdit()
    box.textCursor().insertText(shown(text))
    cursor = QTextCursor(box.document())
    cursor.setPosition(utf16_offset(text, start))
    cursor.setPosition(utf16_offset(text, end), QTextCursor.MoveMode.KeepAnchor)
    inside = shown(text[start:end])
    # A cut between the two halves of a line end counts for neither side.
    if text[:start].endswith("\r") and text[start:].startswith("\n"):
        # What comes behind it is the first of what is selected then.
        inside = shown(inside.removeprefix("\n")) if end > start else inside
    assert shown(cursor.selectedText()) == inside


@given(TEXTS)
def test_every_character_is_found_again_from_its_position_in_qt(text):
    inside_line_end = {at + 1 for at in range(len(text)) if text[at : at + 2] == "\r\n"}
    for index in range(len(text) + 1):
        if index not in inside_line_end:
            assert code_point_offset(text, utf16_offset(text, index)) == index


@given(TEXTS, st.integers(-5, 200))
def test_any_position_names_a_place_in_the_text(text, units):
    assert 0 <= code_point_offset(text, units) <= len(text)


def test_a_position_inside_an_emoji_is_its_beginning():
    assert code_point_offset("a😀b", 2) == 1


def test_half_a_character_is_shown_as_a_mark():
    assert shown("a\ud83db") == "a\N{REPLACEMENT CHARACTER}b"
