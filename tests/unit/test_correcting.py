"""Which instructions ask for corrections alone, and what cannot be one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onhand.domain.correcting import is_correction, may_correct
from onhand.domain.styles import Style, rewrite_in


@pytest.mark.parametrize(
    "instruction",
    [
        rewrite_in(Style.FIX).instruction,
        "Please correct my English.",
        "Fix the mistakes, keep the tone",
        "check spelling and grammar",
        "Proofread.",
        "Korrigiere Rechtschreibung und Zeichensetzung.",
        "Bitte Tippfehler berichtigen",
        "Corrige les fautes d'orthographe.",
        "Corrija la ortografía y la puntuación.",
        "Correggi gli errori di grammatica.",
    ],
)
def test_corrections_are_known_by_the_words_of_five_languages(instruction):
    assert is_correction(instruction)


@pytest.mark.parametrize(
    "instruction",
    [
        *(rewrite_in(style).instruction for style in Style if style is not Style.FIX),
        "Write the correct answer.",
        "Be politically correct.",
        "Correct the grammar and make it a formal letter.",
        "Fix the mistakes and make it shorter.",
        "Korrigiere den Text und übersetze ihn.",
        "Corrige y resume el texto.",
        "Correggi e rendi più cortese.",
        "Corrige le texte et fais-en une liste.",
        "",
    ],
)
def test_what_concerns_the_text_as_a_whole_is_no_correction_alone(instruction):
    assert not is_correction(instruction)


@given(st.text())
def test_nothing_corrected_is_a_correction(text):
    assert may_correct(text, text)


@pytest.mark.parametrize(
    ("before", "after", "may"),
    [
        ("thx", "thanks", True),
        ("u r late", "You are late", True),
        ("The scanner dont work since monday.", "The scanner does not work.", True),
        ("Hi Tom,", "Hi Tom, I hope this message finds you well.", False),
        ("The scanner at gate four is broken since this morning.", "Scanner.", False),
        ("it came into force on 1 October", "It came into force on October 1st.", True),
        ("it costs 1,249.00 EUR", "It costs EUR 1,249.00.", True),
        ("since 1 October eleven people", "Since October 11, people", False),
        ("Kiel | 14\nRostock | 17", "Rostock | 17\nKiel | 14", False),
    ],
)
def test_a_correction_is_about_as_long_and_keeps_all_figures(before, after, may):
    assert may_correct(before, after) is may
