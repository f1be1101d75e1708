"""Which language an instruction asks for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onhand.domain.languages import NAMES, UNKNOWN, asked_language, name_of
from onhand.domain.styles import SUMMARISE, Style, rewrite_in


@pytest.mark.parametrize(
    ("instruction", "language"),
    [
        ("Translate into French.", "fr"),
        ("Translate the text into plain English for children.", "en"),
        ("Rewrite in Polish.", "pl"),
        ("Write a short summary in Dutch.", "nl"),
        ("Übersetze ins Englische.", "en"),
        ("Übersetzen Sie den Text auf Spanisch.", "es"),
        ("Antworte in einfachem Deutsch.", "de"),
        ("Traduis en anglais.", "en"),
        ("Résume le texte en allemand.", "de"),
        ("Traduce al francés.", "fr"),
        ("Resume el texto en un italiano sencillo.", "it"),
        ("Traduci in tedesco.", "de"),
    ],
)
def test_a_language_that_is_asked_for_is_found(instruction, language):
    assert asked_language(instruction) == language


@pytest.mark.parametrize(
    "instruction",
    [
        "Translate it.",
        "Translate from German to French and to English.",
        "Take all English words out.",
        "Bitte übersetzen.",
        "Traduisez ce texte.",
        "Traduzca el texto.",
        "Da tradurre.",
    ],
)
def test_an_instruction_may_speak_of_languages_without_naming_one_for_the_answer(
    instruction,
):
    assert asked_language(instruction) == UNKNOWN


@pytest.mark.parametrize(
    "instruction",
    [
        SUMMARISE,
        *(rewrite_in(style).instruction for style in Style),
        "Polish the text.",
        "Polish this in a friendly way.",
        "Correct the grammar, in the tone of the text.",
        "Korrigiere die Rechtschreibung.",
        "Corrige les fautes.",
        "Rewrite for the people in Germany.",
        "",
    ],
)
def test_other_instructions_leave_the_language_alone(instruction):
    assert asked_language(instruction) is None


@given(st.text())
def test_any_instruction_can_be_read(instruction):
    asked = asked_language(instruction)
    assert asked in {None, UNKNOWN, *NAMES}


def test_a_language_without_a_name_is_told_by_its_code():
    assert name_of("de") == "German"
    assert name_of("xx") == "xx"
