"""Lengths: how long a text may be, and what is said when it is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onhand.domain.length_check import (
    Limit,
    limit_in,
    rewrite_length,
    summary_length,
)
from onhand.domain.styles import SUMMARISE, Style, rewrite_in

TEXT = "The office moves to a new house in May and nobody has packed a single box so far. "
LONG = TEXT * 4


@pytest.mark.parametrize(
    ("instruction", "limit"),
    [
        ("Summarise in one sentence.", Limit(1, sentences=True)),
        ("Summarise in two or three sentences.", Limit(3, sentences=True)),
        ("At most 50 words.", Limit(50, sentences=False)),
        ("In 2-3 short sentences.", Limit(3, sentences=True)),
        ("Fasse den Text in drei Sätzen zusammen.", Limit(3, sentences=True)),
        ("In höchstens 40 Wörtern.", Limit(40, sentences=False)),
        ("Résume en deux phrases.", Limit(2, sentences=True)),
        ("En 30 palabras como máximo.", Limit(30, sentences=False)),
        ("In cinque frasi.", Limit(5, sentences=True)),
        (SUMMARISE, None),
        ("Use short sentences.", None),
    ],
)
def test_a_limit_is_read_from_the_instruction(instruction, limit):
    assert limit_in(instruction) == limit


def test_a_rewrite_that_lost_much_says_so_in_words():
    check = rewrite_length(LONG, TEXT, "Correct it.")
    assert not check.ok
    assert check.detail == "much of the text is gone: it had 72 words and has 18 now"


def test_a_text_without_spaces_is_long_by_its_characters():
    text = "关于本周三原定召开的项目例会因场地原因改到本周五下午三点在二楼大会议室举行"
    assert not rewrite_length(text, "会议改期", "Correct it.").ok
    assert rewrite_length("会议改到周五下午三点", "会议改期", "Correct it.").ok


def test_a_rewrite_to_which_much_was_added_says_so():
    assert rewrite_length(TEXT, LONG, "Correct it.").detail.startswith("much was added")


@pytest.mark.parametrize("style", Style)
def test_only_a_style_that_shortens_may_halve_a_text(style):
    check = rewrite_length(LONG, TEXT + TEXT[:60], rewrite_in(style).instruction)
    assert check.ok == (style is Style.SHORTER)


@pytest.mark.parametrize(
    ("before", "after"),
    [(LONG, LONG), (TEXT, TEXT[:60]), ("Pay now", "Please, do pay it now")],
)
def test_other_rewrites_are_long_enough(before, after):
    assert rewrite_length(before, after, "Correct it.").ok


def test_a_summary_must_be_shorter():
    assert summary_length(LONG, TEXT, SUMMARISE).ok
    told = summary_length(TEXT, TEXT, SUMMARISE).detail
    assert told == "the summary is not shorter than the text"


def test_a_summary_must_be_as_short_as_it_was_asked_for():
    assert summary_length(LONG, TEXT * 2, "In two sentences.").ok
    german = "Am 3. März kommt Dr. Osei, d. h. bald."
    assert summary_length(LONG, german, "In einem Satz.").ok
    told = summary_length(LONG, TEXT * 2, "In one sentence.").detail
    assert told == "it has 2 sentences, at most 1 were asked for"
    told = summary_length(LONG, TEXT, "In 10 words.").detail
    assert told == "it has 18 words, at most 10 were asked for"


@given(st.text(), st.text(), st.text())
def test_any_texts_can_be_compared(before, after, instruction):
    for check in (rewrite_length, summary_length):
        told = check(before, after, instruction)
        assert told.name == "length"
        assert told.ok == (not told.detail)
