"""What models write around an answer is taken away; what belongs to it stays."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fakes.office import LANGUAGES, letters
from onhand.domain.chatter import without_chatter
from onhand.domain.written import is_taken_from, sources_of, whole_sentences

SOURCE = "he go home"
EACH_LETTER = pytest.mark.parametrize(
    ("letter", "number"),
    [
        (letter, number)
        for language in LANGUAGES
        for number, letter in enumerate(letters(language))
    ],
    ids=lambda each: getattr(each, "name", each),
)


@pytest.mark.parametrize(
    "written",
    [
        "He goes home.",
        "  He goes home.\n",
        "Here is the corrected text: He goes home.",
        "Here's the rewritten sentence:\n\nHe goes home.",
        "Here’s a revised version:\nHe goes home.",
        "Sure! Here is the text in plain language:\n\nHe goes home.",
        "Certainly, the corrected version is:\nHe goes home.",
        "Here you go:\nHe goes home.",
        "The corrected text: He goes home.",
        "Corrected version: He goes home.",
        "Rewritten text:\nHe goes home.",
        "Summary: He goes home.",
        "The summary:\nHe goes home.",
        '"He goes home."',
        "“He goes home.”",
        "„He goes home.“",
        "«He goes home.»",
        'Corrected text: "He goes home."',
        "Hier ist der korrigierte Text: He goes home.",
        "Gerne! Hier ist die überarbeitete Fassung:\n\nHe goes home.",
        "Korrigierter Text: He goes home.",
        "Zusammenfassung:\nHe goes home.",
        "Voici le texte corrigé : He goes home.",
        "Bien sûr, voici une version plus formelle\u00a0:\nHe goes home.",
        "Résumé : He goes home.",
        "Aquí está el texto corregido: He goes home.",
        "¡Claro! Aquí tienes la versión formal:\n\nHe goes home.",
        "Texto reescrito: He goes home.",
        "Resumen: He goes home.",
        "Ecco il testo corretto: He goes home.",
        "Certo, ecco la versione formale:\nHe goes home.",
        "Riassunto: He goes home.",
        "»He goes home.«",
        "« He goes home. »",
        "\u201aHe goes home.‘",
        "```\nHe goes home.\n```",
        "```text\nHe goes home.\n```",
        "He goes home.\n\nTranslation: Er geht heim.",
        "He goes home.\n\n(German translation: Er geht heim.)",
        "He goes home.\n\n**Traduction en allemand :** Er geht heim.",
        "He goes home.\n\nÜbersetzung:\nEr geht heim.",
        "---\n\nHe goes home.\n\n---",
        "---\n\nHere is the text:\n\nHe goes home.",
        '"He goes home."\n\nThis version keeps the meaning\nof the text.',
        "He goes home.\n\nDiese Fassung ist höflicher.",
        "He goes home.\n\nCette version conserve les informations du texte.",
        "He goes home.\n\nEsta versión es más formal.",
        "He goes home.\n\nQuesta versione è più formale.",
        "He goes home.\n\nRewritten text:\nHe goes home again.",
        "He goes home.\nRewritten text in English:",
    ],
)
def test_introductions_and_a_pair_of_quotation_marks_go(written):
    assert without_chatter(written, SOURCE) == "He goes home."


@pytest.mark.parametrize(
    "written",
    [
        "Okay, we meet at 10:30 tomorrow.",
        "Here are the dates:\n- 1 May\n- 2 May",
        "Of course: bread, milk and eggs.",
        "Sure, bring these: a pen, paper.",
        "Note: he goes home.",
        "“A” and “B”",
        '"Yes," he said, "I go."',
        "'tis late",
        '"',
        "“",
        "He said: “home”",
        "Summary",
        "Here is the text:",
        "Hier ist der Plan: um 9 Uhr beginnen wir.",
        "Die Zusammenfassung lag dem Brief bei.",
        "Voici les dates : le 1er et le 2 mai.",
        "Le texte est court.",
        "Texto y fotos: Ana Ruiz.",
        "Ecco gli orari: dalle 9 alle 17.",
        "The translation costs 12 euros.",
        "a ``` b",
        "Two things:\n---\nA and B",
        "This version is new.\n\nYou may have it.",
    ],
)
def test_what_belongs_to_the_answer_stays(written):
    assert without_chatter(written, SOURCE) == written


def test_what_the_source_has_itself_stays():
    assert without_chatter("Summary: it rains.", "Summary: it rain") == "Summary: it rains."
    assert without_chatter('"It rains."', '"It rain."') == '"It rains."'
    both = "It rains.\n\nTranslation: es regnet."
    assert without_chatter(both, "It rain.\n\nTranslation: es regnen") == both


@pytest.mark.parametrize(
    ("source", "written"),
    [
        (
            "heres the message from anna: the meeting is moved",
            "Here's the message from Anna: The meeting is moved.",
        ),
        (
            "Hi. hir ist die nachricht von Frau Weber bitte anrufen",
            "Hi. Hier ist die Nachricht von Frau Weber: Bitte anrufen.",
        ),
        (
            "hir ist die nachricht von Frau Weber bitte anrufen",
            "Hier ist die Nachricht von Frau Weber: Bitte anrufen.",
        ),
        (
            "Costs\ntranslaton: 500 EUR\ntotal: 700 EUR",
            "Costs\nTranslation: 500 EUR\nTotal: 700 EUR",
        ),
        (
            "Costs: 500 EUR for the translaton, 700 EUR in all",
            "Costs:\n\nTranslation: 500 EUR\nTotal: 700 EUR",
        ),
        (
            "Kosten\nÜbersetzung 500 EUR\nLektorat 200 EUR",
            "Kosten\nÜbersetzung: 500 EUR\nLektorat: 200 EUR",
        ),
        (
            "The tool is new.\n\nThsi version is for testers, dont sell it.",
            "The tool is new.\n\nThis version is for testers, don't sell it.",
        ),
        (
            "Neu ist das Werkzeug. Die Fasung ist nur zum Testen.",
            "Das Werkzeug ist neu.\n\nDiese Fassung ist nur zum Testen.",
        ),
    ],
)
def test_what_the_source_says_stays_though_it_was_mended(source, written):
    assert without_chatter(written, source) == written


@pytest.mark.parametrize(
    ("source", "written"),
    [
        ("i got youre message, its here", "Here is the message: I got your message."),
        ("here is the text i need", "Here is the corrected text: here is the text I need."),
        ("send me the summry", "Here is the rewritten message:\n\nSend me the summary."),
        ("the german text", "The German text\n\n(German translation: Der deutsche Text)"),
    ],
)
def test_chatter_goes_though_some_of_its_words_are_in_the_source(source, written):
    assert without_chatter(written, source) in {
        "I got your message.",
        "here is the text I need.",
        "Send me the summary.",
        "The German text",
    }


@EACH_LETTER
def test_a_faithful_rewrite_is_taken_from_its_text_and_a_translation_is_not(letter, number):
    assert is_taken_from(letter.text, letter.faithful)
    for language in LANGUAGES:
        other = letters(language)[number].text
        assert is_taken_from(letter.text, other) == (language == letter.language)
    assert not is_taken_from(letter.text, " ?! ")


@given(st.text(), st.text())
@example("Here is the corrected text: ", "")
@example('""', "")
def test_a_part_of_what_was_written_is_always_left(written, source):
    left = without_chatter(written, source)
    assert left in written
    assert bool(left) == bool(written.strip())


@pytest.mark.parametrize(
    "piece",
    [
        "\n",
        " ",
        "\u00a0",
        " \n",
        "-",
        "---\n",
        "\n\nThis version ",
        "texte ",
        '"',
        "```\n",
        "*_",
    ],
)
def test_a_long_run_of_anything_is_cleaned(piece):
    run = piece * (60_000 // len(piece))
    for text in (run, f"Here {run}", f"x{run}x"):
        assert without_chatter(text, run) in text
        assert without_chatter(text, "x") in text


SHOP = (
    "The museum opens at nine.\r\n  It closes at five on weekdays. 😀 Tickets cost 12 euros"
    " for adults. Children enter without paying."
)


@pytest.mark.parametrize(
    ("cut_off", "whole"),
    [
        ("It rains. The price rose to 3.5 per", "It rains."),
        ("It rains. See www.example.org or", "It rains."),
        ("Es regnet. Er kommt am 3. Mai", "Es regnet."),
        ("It rains. You need:\n1. bread\n2. mi", "It rains."),
        ("She said “it rains.” He says", "She said “it rains.”"),
        ("Es war 2025. Dann", "Es war 2025."),
        ("下雨了。我们", "下雨了。"),
        ("It rains. It", "It rains."),
        ("It rains.", "It rains."),
        ("It costs 3.5 or", "It costs 3.5 or"),
        ("", ""),
    ],
)
def test_what_was_cut_off_ends_with_its_last_whole_sentence(cut_off, whole):
    assert whole_sentences(cut_off) == whole


def test_each_sentence_of_a_summary_is_linked_to_where_it_comes_from():
    parts = sources_of("Tickets are 12 euros. The museum opens at nine.", SHOP)
    assert [(part.sentence, SHOP[part.start : part.end]) for part in parts] == [
        (0, "😀 Tickets cost 12 euros for adults."),
        (1, "The museum opens at nine."),
    ]


def test_a_sentence_that_shares_no_word_is_linked_to_nothing():
    parts = sources_of("Dinosaurs roar. Children enter free.", SHOP)
    assert [part.sentence for part in parts] == [1]
    assert sources_of("Dinosaurs roar.", "") == ()
    assert sources_of("", SHOP) == ()


@given(st.text(), st.text())
@example(SHOP, SHOP)
@example("שלמ אבגד. e\u0301", "e\u0301\r\n\r\nשלמ אבגד. ")
def test_links_lie_within_the_source_and_begin_and_end_with_a_word(summary, source):
    parts = sources_of(summary, source)
    assert [part.sentence for part in parts] == sorted({part.sentence for part in parts})
    for part in parts:
        text = source[part.start : part.end]
        assert text
        assert text == text.strip()


def test_a_sentence_without_spaces_comes_from_the_one_with_most_of_its_characters():
    source = "各位同事\uff0c原定于周三的会议改到周五下午三点。请大家带上签好的合同原件。"
    first, second = sources_of("会议改到周五。请带上合同。", source)
    assert source[first.start : first.end].startswith("各位同事")
    assert source[second.start : second.end].startswith("请大家")
