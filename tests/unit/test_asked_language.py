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
        ("Translate to German", "de"),
        ("Translate this to our Spanish supplier into English.", "en"),
        ("Translate it to Polish please.", "pl"),
        ("Translate to polish and keep it short", "pl"),
        ("Rewrite it in polish", "pl"),
        ("Convert it to French.", "fr"),
        ("to English", "en"),
        ("in english pls", "en"),
        ("Summarise in German bullet points.", "de"),
        ("Answer in French and keep it short", "fr"),
        ("Answer the customer in German using short sentences.", "de"),
        ("Write in English only", "en"),
        ("Write to our German customers in French.", "fr"),
        ("Reply in the German language.", "de"),
        ("Fasse es auf Deutsch zusammen", "de"),
        ("Fasse es auf deutsch zusammen", "de"),
        ("Schreibe in deutscher Sprache an unsere Kunden.", "de"),
        ("Bitte ins englische übersetzen", "en"),
        ("Responde al cliente en español", "es"),
        ("Réponds au client italien en bon français.", "fr"),
        ("Scrivi al cliente francese in perfetto italiano", "it"),
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
        "Nimm die englischen Wörter heraus.",
        "Supprime les mots anglais.",
        "Use American English spelling.",
        "Use the tone of a German text.",
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
        "Help me to polish this email.",
        "Help me to polish and shorten this email.",
        "I have an email to polish.",
        "I want you to polish my letter and change nothing else.",
        "Rewrite this as a friendly mail to German customers.",
        "Write a reply to our Spanish supplier",
        "Explain it to French tourists in simple words.",
        "Make it shorter; keep the terms defined in German law",
        "Use the tone common in English business letters.",
        "Rewrite it for German-speaking readers.",
        "Fasse zusammen, was nach deutschem Recht gilt.",
        "Schreibe an unsere französischen Kunden.",
        "Schreibe für den Vertrieb in deutschen Städten.",
        "Escribe una carta al cliente italiano.",
        "Explique ce qui vaut en droit allemand.",
        "Scrivi al fornitore spagnolo.",
        "",
    ],
)
def test_other_instructions_leave_the_language_alone(instruction):
    assert asked_language(instruction) is None


@pytest.mark.parametrize("piece", [" ", "a ", "to ", "in a ", "\n", "-", "Polish ", "en"])
def test_a_long_run_of_anything_is_read(piece):
    assert asked_language(piece * 5_000 + "German") in {None, UNKNOWN, "de"}


@given(st.text())
def test_any_instruction_can_be_read(instruction):
    asked = asked_language(instruction)
    assert asked in {None, UNKNOWN, *NAMES}


def test_a_language_without_a_name_is_told_by_its_code():
    assert name_of("de") == "German"
    assert name_of("xx") == "xx"
