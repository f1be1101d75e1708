"""The checks in five languages: a planted loss is found, a faithful rewrite passes."""

from __future__ import annotations

import pytest

from fakes.office import LANGUAGES, LETTERS, letters
from onhand.domain.checks import checks_of
from onhand.domain.length_check import rewrite_length
from onhand.domain.tasks import Keep

EACH = pytest.mark.parametrize(
    "letter", LETTERS, ids=lambda letter: f"{letter.language} {letter.name}"
)


def failed(letter, after):
    checks = checks_of(letter.text, after, Keep, letter.language)
    return [(check.name, check.detail) for check in checks if not check.ok]


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_twenty_texts_of_each_language(language):
    texts = [letter.text for letter in letters(language)]
    assert len(set(texts)) == 20
    for letter in letters(language):
        words = [letter.number, letter.name, letter.date, *letter.negation]
        assert all(word in letter.text for word in words)


@EACH
def test_a_faithful_rewrite_passes(letter):
    assert failed(letter, letter.faithful) == []
    assert rewrite_length(letter.text, letter.faithful, "Rewrite.").ok


@EACH
@pytest.mark.parametrize(
    ("kind", "check"),
    [("number", "numbers"), ("date", "dates"), ("negation", "negation"), ("name", "names")],
)
def test_a_planted_loss_is_found(letter, kind, check):
    gone = getattr(letter, kind)
    words = [gone] if isinstance(gone, str) else gone
    lost = failed(letter, letter.without(words, letter.text))
    if kind == "name" and opens_sentences_alone(letter):
        assert check not in dict(lost)  # where any word has a capital
        return
    assert check in dict(lost)
    if kind == "name":
        assert letter.name in dict(lost)["names"]


def opens_sentences_alone(letter):
    before = letter.text.split(letter.name)[:-1]
    return all(each.rstrip()[-1:] in {"", ".", ":"} for each in before) and (
        "Dr. " not in letter.text
    )


def test_nearly_all_names_stand_where_they_can_be_found():
    assert sum(map(opens_sentences_alone, LETTERS)) == len(LANGUAGES)


@pytest.mark.parametrize(
    ("language", "keep", "before", "after"),
    [
        ("de", Keep.NUMBERS, "Es kostet 1.234,56 Euro.", "Der Preis: 1234,56 Euro."),
        ("de", Keep.NUMBERS, "Es kostet 1.234,50 €.", "Es kostet 1234,5 €."),
        ("de", Keep.NUMBERS, "Wir liefern 3 Stück um 9:00.", "Um 9 Uhr kommen drei."),
        ("en", Keep.NUMBERS, "Call 0800-123-456.", "Call 0800 123 456."),
        ("en", Keep.NUMBERS, "In 2025/26 we grew.", "In 2025 and 26 we grew."),
        ("fr", Keep.NUMBERS, "Cela coûte 12 345,60 €.", "Prix : 12345,6 €."),
        ("fr", Keep.NUMBERS, "Rendez-vous à 9h05.", "Venez à 9:05."),
        ("en", Keep.DATES, "On 5/12/2026 we move.", "We move on December 5, 2026."),
        ("en", Keep.DATES, "We meet on Friday, 12 May.", "We meet on 12 May."),
        ("en", Keep.DATES, "From 6 to 9 May it is shut.", "Shut 6 May until 9 May."),
        ("de", Keep.DATES, "Er kommt am 12.05.", "Er kommt am 12. Mai."),
        ("de", Keep.DATES, "Ich komme Montag.", "Montagmorgen bin ich da."),
        ("de", Keep.DATES, "Version 4.2.", "Die Version ist 4.2"),
        ("fr", Keep.DATES, "Le 1er mars 2026.", "Le 01/03/2026."),
        ("it", Keep.DATES, "Il 1° marzo.", "Viene l'1 marzo."),
        ("de", Keep.NAMES, "Die Rechnung ist da.", "Das Schreiben ist da."),
        ("de", Keep.NAMES, "Wir haben neue Stühle.", "Wir haben neue Sessel."),
        ("de", Keep.NAMES, "Bei Fragen hilft Ihnen das Büro.", "Das Amt hilft gern."),
        ("", Keep.NAMES, "Die Rechnung ist nicht da.", "Das Schreiben fehlt."),
        ("fr", Keep.NAMES, "Il a vu l'Opéra et d'Artagnan.", "Opéra, Artagnan : vus."),
        ("it", Keep.NAMES, "Le mando la Sua copia.", "Ecco la copia."),
        ("en", Keep.NEGATION, "We sell not only tea.", "We sell tea and more."),
        ("en", Keep.NEGATION, "It is not possible.", "It is impossible."),
        ("en", Keep.NEGATION, "See No. 12 by Monday.", "See it no later than Monday."),
        ("de", Keep.NEGATION, "Zögern Sie nicht zu fragen.", "Fragen Sie gern."),
        ("de", Keep.NEGATION, "Das ist nicht möglich.", "Das ist unmöglich."),
        ("de", Keep.NEGATION, "Wir treffen uns im Mai.", "Im Mai ist unser Treffen."),
        ("fr", Keep.NEGATION, "Nous n'avons que 5 chaises.", "Nous avons cinq chaises."),
        ("fr", Keep.NEGATION, "Il ne vient pas.", "Il vient pas."),
        ("fr", Keep.NEGATION, "Rendez-vous en mai, une personne.", "En mai, seul."),
        ("fr", Keep.NEGATION, "N'hésitez pas à appeler.", "Appelez-nous."),
        ("es", Keep.NEGATION, "No pagan nada.", "No pagan."),
        ("es", Keep.NEGATION, "Sin embargo, viene.", "Pero viene."),
        ("it", Keep.NEGATION, "Ne parliamo a maggio.", "Parliamone a maggio."),
        ("it", Keep.NEGATION, "Non esiti a chiamare.", "Ci chiami pure."),
    ],
)
def test_what_was_only_put_in_another_way_is_not_missed(language, keep, before, after):
    [_, check] = checks_of(before, after, [keep], language)
    assert check.detail == ""


@pytest.mark.parametrize(
    ("language", "keep", "before", "after", "told"),
    [
        ("de", Keep.NUMBERS, "Es sind 1.234,56 Euro.", "1.243,56 Euro.", "lost: 1.234,56"),
        ("de", Keep.NUMBERS, "3,5 Liter", "35 Liter", "lost: 3,5"),
        ("en", Keep.NUMBERS, "At 10:30.", "At 10:03.", "lost: 10:30"),
        ("en", Keep.NUMBERS, "12 chairs by 12 May", "chairs by 12 May", "lost: 12"),
        ("en", Keep.DATES, "On 12 May 2026.", "On 12 May.", "lost: 12 May 2026"),
        ("en", Keep.DATES, "On 12 May.", "On 13 May.", "lost: 12 May"),
        ("en", Keep.DATES, "6 and 7 May", "7 May", "lost: 6"),
        ("de", Keep.DATES, "Im November zahlen wir.", "Wir zahlen.", "lost: November"),
        ("de", Keep.DATES, "Vom 12.05.2026", "Vom 13.05.2026", "lost: 12.05.2026"),
        ("es", Keep.DATES, "Viene el martes.", "Viene.", "lost: martes"),
        ("de", Keep.NAMES, "Wir fragen Dr. Osei.", "Wir fragen ihn.", "lost: Osei"),
        ("de", Keep.NAMES, "Die DHL kommt.", "Sie kommt.", "lost: DHL"),
        ("de", Keep.NAMES, "Es geht nach Hamburg.", "Es geht los.", "lost: Hamburg"),
        ("fr", Keep.NAMES, "Il va à l'Opéra.", "Il va là.", "lost: Opéra"),
        ("fr", Keep.NEGATION, "Il ne vient pas.", "Il vient.", "lost: ne vient pas"),
        ("fr", Keep.NEGATION, "Il n'a rien payé.", "Il a tout payé.", "lost: n'a rien"),
        ("es", Keep.NEGATION, "No viene nadie.", "Vienen.", "lost: No viene nadie"),
        ("it", Keep.NEGATION, "Non viene mai.", "Viene.", "lost: Non viene mai"),
        ("it", Keep.NEGATION, "Viene.", "Non viene.", "added: Non"),
    ],
)
def test_what_is_only_like_it_does_not_stand_for_it(language, keep, before, after, told):
    [_, check] = checks_of(before, after, [keep], language)
    assert check.detail == told
