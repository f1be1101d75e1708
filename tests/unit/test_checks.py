"""Checks of a rewrite: a planted loss is found, and what is still there is not missed."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from onhand.domain.checks import MAX_SHOWN, checks_of, made_up_numbers
from onhand.domain.negation_check import negation_trouble
from onhand.domain.tasks import Keep

LETTER = (
    "Dear Ms Okafor,\n"
    "Our driver Tomasz Nowak will not come on 12 May 2026 but on 2026-05-19, at 10:30.\n"
    "Please pay 1,250.00 EUR for order 4711 at https://pay.example/x?a=1. Write to"
    " desk@example.org, and never send cash. That's what McGregor's office in"
    " Bad Homburg wants; I'm sorry."
)


def lost(keep: Keep, before: str, after: str) -> str:
    """What a check tells; "" where it is content."""
    text, check = checks_of(before, after, [keep])
    assert text.ok
    assert check.name == keep
    assert check.ok == (not check.detail)
    return check.detail


@given(st.text())
@example(LETTER)
@example(LETTER.upper())
@example("A-B's A'B-C \n\n(Anna) “Otto” x.Y")
@example("İstanbul STRASSE ﬃ Ⅷ ٣٤ 1.000.000")
def test_the_same_text_raises_no_alarm(text):
    assert all(check.ok for check in checks_of(text + ".", text + ".", Keep))


@pytest.mark.parametrize(
    ("keep", "gone", "told"),
    [
        (Keep.NUMBERS, "4711", "lost: 4711"),
        (Keep.NUMBERS, "1,250.00", "lost: 1,250.00"),
        (Keep.NUMBERS, "10:30", "lost: 10:30"),
        (Keep.DATES, "12 May 2026", "lost: 12 May 2026"),
        (Keep.DATES, "2026-05-19", "lost: 2026-05-19"),
        (Keep.NAMES, "Okafor", "lost: Okafor"),
        (Keep.NAMES, "Nowak", "lost: Nowak"),
        (Keep.NAMES, "McGregor's", "lost: McGregor"),
        (Keep.NAMES, "Homburg", "lost: Homburg"),
        (Keep.LINKS, "https://pay.example/x?a=1", "lost: https://pay.example/x?a=1"),
        (Keep.LINKS, "desk@example.org", "lost: desk@example.org"),
    ],
)
def test_what_was_taken_out_is_named(keep, gone, told):
    assert lost(keep, LETTER, LETTER) == ""
    assert lost(keep, LETTER, LETTER.replace(gone, "")) == told


@pytest.mark.parametrize(
    ("keep", "before", "after"),
    [
        (Keep.NUMBERS, "I have 3 cats and 12 dogs", "I have three cats and twelve dogs"),
        (Keep.NUMBERS, "a 10 year plan", "a ten-year plan"),
        (Keep.NUMBERS, "It costs 1,250 EUR", "It costs 1250 EUR"),
        (Keep.NUMBERS, "It costs 1250.00 EUR", "It costs 1,250.00 EUR"),
        (Keep.NUMBERS, "three cats", "3 cats"),
        (Keep.NUMBERS, "5-7 cats", "5 to 7 cats"),
        (Keep.NUMBERS, "from 5 pm -7 pm", "from 5 to 7 pm"),
        (Keep.NUMBERS, "COVID-19 and A-12345", "COVID 19 and A 12345"),
        (Keep.NUMBERS, "- 5 apples\n- 3 pears", "5 apples, 3 pears"),
        (Keep.NUMBERS, "-5 apples\n-3 pears", "5 apples, 3 pears"),
        (Keep.NUMBERS, "- 5 apples", "5 apples"),
        (Keep.NUMBERS, "-5 degrees", "minus five degrees"),
        (Keep.NUMBERS, "5 degrees below zero", "-5 degrees"),
        (Keep.NUMBERS, "From \u22125 to -3 or -2", "Between -5 and \u20133 or \u22122"),
        (Keep.NUMBERS, "-5-3 degrees, -1/-2", "-5 to 3 degrees, -1 and -2"),
        (Keep.NUMBERS, "Revenue: -5%", "Revenue fell by 5%"),
        (Keep.NUMBERS, "Balance -12345 EUR", "Balance -12,345 EUR"),
        (Keep.NUMBERS, "on 12 May -12.50 EUR", "-12.50 EUR on 12 May"),
        (Keep.NUMBERS, "Call 0800123456 in 24 hours", "Call (0800) 123-456 (24 hours)"),
        (Keep.NUMBERS, "Call +49891234567", "Call +49 (89) 123 45-67."),
        (Keep.NUMBERS, "Call 0800 123 456", "Call 0800 / 123 456"),
        (Keep.NUMBERS, "IBAN DE89370400440532013000", "DE89 3704 0044 0532 0130 00"),
        (Keep.NUMBERS, "1,00,000 rupees", "100000 rupees"),
        (Keep.NUMBERS, "12345.67", "12 345.67"),
        (Keep.DATES, "on 12  May\n2026", "on 12 MAY 2026"),
        (Keep.DATES, "born 12.05.85", "born on 12 May 1985"),
        (Keep.DATES, "on 12 apr\u0131l 2026", "on 12 April 2026"),
        (Keep.NAMES, "We met Anna.", "Anna's house is where we met."),
        (Keep.NAMES, "We met Ms O’Brien.", "Ms O'Brien met us."),
        (Keep.NAMES, "We met Mr D'Arcy.", "Mr D’Arcy met us."),
        (Keep.NAMES, "We met Jose\u0301 there.", "There we met Jos\u00e9."),
        (Keep.NAMES, "We met Smith\u2011Jones.", "Smith-Jones met us."),
        (Keep.NAMES, "We met in Kop\u00aden\u00adhagen.", "Copenhagen is Kopenhagen."),
        (Keep.DATES, "am 3. Ma\u0308rz 2026", "am 03.03.2026"),
        (Keep.NAMES, "We met Anna's mother.", "We met the mother of Anna."),
        (Keep.NAMES, "We met Jean-Luc.", "The man whom we met is called Jean-Luc"),
        (Keep.NAMES, "The Ministry wrote. The ministry answered.", "They wrote."),
        (Keep.NAMES, "Yesterday it rained. Tomorrow: “Sun” (Perhaps)\nNever", "Rain."),
        (Keep.NAMES, "And I'm sure that I've seen what I’ll need.", "Sure."),
        (Keep.LINKS, "See https://a.example/b.", "Look at https://a.example/b, please"),
        (Keep.LINKS, "Siehe „https://a.example/b“.", "Siehe https://a.example/b."),
        (Keep.LINKS, "See **https://a.example/b**", "See `https://a.example/b`"),
        (Keep.LINKS, "See www.A.example", "See [A](https://www.a.example/)."),
        (Keep.LINKS, "To Ann@A.example", "To «ann@a.example»"),
        (Keep.NEGATION, "It is not impossible.", "It can't be ruled out."),
        (Keep.NEGATION, "I didnt go.", "I didn't go."),
        (Keep.NEGATION, "He does not come.", "He does not, and will not, come."),
        (Keep.NAMES, "We took the Highway.", "We took the highway."),
        (Keep.NAMES, "A friend from Japen came.", "A friend from Japan came."),
        (Keep.NEGATION, "Das geht nicht.", "Das ist kein Weg."),
        (Keep.NEGATION, "The card is not valid.", "The card is invalid."),
        (Keep.NEGATION, "The form is incomplete.", "The form is not complete."),
        (Keep.NEGATION, "Der Pass ist nicht gültig.", "Ein ungültiger Pass."),
    ],
)
def test_what_was_only_put_in_another_way_is_not_missed(keep, before, after):
    assert lost(keep, before, after) == ""


@pytest.mark.parametrize(
    ("keep", "before", "after", "told"),
    [
        (Keep.NUMBERS, "3 cats", "13 cats", "lost: 3"),
        (Keep.NUMBERS, "1250 EUR", "125 EUR", "lost: 1250"),
        (Keep.NUMBERS, "10,000 euros", "100,000 euros", "lost: 10,000"),
        (Keep.NUMBERS, "50000 kg", "150000 kg", "lost: 50000"),
        (Keep.NUMBERS, "Account 12345", "12 boxes, 345 euros", "lost: 12345"),
        (Keep.NUMBERS, "Account 12345", "123.45 euros", "lost: 12345"),
        (Keep.NUMBERS, "12.345,60 EUR", "1.234.560 EUR", "lost: 12.345,60"),
        (Keep.NUMBERS, "-5 degrees", "5 degrees", "lost: -5"),
        (Keep.NUMBERS, "It has 5 degrees", "It has -5 degrees", "lost: 5"),
        (Keep.NUMBERS, "Balance: \u221212,345", "Balance: 12345", "lost: \u221212,345"),
        (Keep.NUMBERS, "-$5,000", "$5,000", "lost: -$5,000"),
        (Keep.NUMBERS, "Less is -5 more", "Less is 5 more", "lost: -5"),
        (Keep.NAMES, "We met Ann.", "The annual meeting of Annual Ltd.", "lost: Ann"),
        (Keep.NAMES, "We saw Анна there.", "We saw her there.", "lost: Анна"),
        (
            Keep.LINKS,
            "https://a.example/b",
            "https://a.example/bc",
            "lost: https://a.example/b",
        ),
        (Keep.NEGATION, "You must not pay", "You must pay", "lost: not"),
        (Keep.NEGATION, "You can't pay", "You can pay", "lost: n't"),
        (Keep.NEGATION, "You must pay", "You must never pay", "added: never"),
        (Keep.NEGATION, "It is not valid.", "It is valid, unlike others.", "lost: not"),
        (Keep.NEGATION, "It is valid and unlike.", "It is not valid.", "added: not"),
        (Keep.LINKS, "https://a.example/B", "www.a.example/B", "lost: https://a.example/B"),
        (
            Keep.LINKS,
            "at a.example/b, www.a.example",
            "at a.example",
            "lost: www.a.example",
        ),
    ],
)
def test_what_is_only_like_it_does_not_stand_for_it(keep, before, after, told):
    assert lost(keep, before, after) == told


@given(st.integers(10_000, 10**12), st.integers(0, 9), st.sampled_from(" .,-/"))
def test_a_number_is_the_same_however_it_is_grouped_and_no_piece_of_another(
    number, digit, mark
):
    grouped = f"{number:,}".replace(",", mark)
    assert lost(Keep.NUMBERS, f"of {number} kg", f"of {grouped} kg") == ""
    for other in (f"{digit + 1}{number}", f"{number}{digit}", f"-{number}"):
        assert lost(Keep.NUMBERS, f"of {grouped} kg", f"of {other} kg")


def test_every_loss_is_told_once_and_not_too_many_of_them():
    told = lost(Keep.NUMBERS, "9 9 " + " ".join(str(n) for n in range(20, 40)), "none")
    assert told == "lost: 9, 20, 21, 22, 23 …"
    assert told.count(",") == MAX_SHOWN - 1


def test_the_checks_come_in_the_order_asked_for_behind_that_of_the_text():
    names = [check.name for check in checks_of("a", "b", (Keep.LINKS, Keep.DATES))]
    assert names == ["text", "links", "dates"]


@pytest.mark.parametrize("after", ["", " \n"])
def test_an_empty_result_is_an_alarm_by_itself(after):
    assert not checks_of("some text", after, ())[0].ok


@pytest.mark.parametrize("keep", Keep)
@pytest.mark.parametrize(
    "text",
    [
        "A" * 200_000,
        "\n" * 200_000 + "(",
        "A1-" * 70_000,
        "1-" * 100_000,
        "." * 200_000,
        "1" + " " * 200_000,
        " -1" * 20_000,
    ],
    ids=["letters", "lines", "marks", "digits", "stops", "blanks", "minus"],
)
def test_a_long_run_of_anything_is_checked(keep, text):
    assert lost(keep, text, text) == "" or not text.strip()


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "it", ""])
@pytest.mark.parametrize(
    "piece", ["'", "’", "' ", " '", "a'", " ", "a ", ",", "no ", "no'"]
)
@pytest.mark.parametrize("opening", ["no ", "non ", "ne ", "n'a "])
def test_a_long_run_behind_a_negation_is_checked(opening, piece, language):
    text = opening + piece * 3_000 + "\0"
    assert negation_trouble(text, text, language) == ""


def test_a_negation_in_quotation_marks_or_behind_an_elision_counts_once():
    quoted, plain = "No quiere 'nada'.", "No lo quiere."
    assert negation_trouble(quoted, plain, "es") == ""
    assert (
        negation_trouble("Cela ne dépend d'aucun de nous.", "Cela ne va pas.", "fr") == ""
    )


def test_where_negations_are_not_known_nothing_is_said_of_them():
    names = [check.name for check in checks_of("Ik ga niet.", "Ik ga.", Keep, "nl")]
    assert names == ["text", "numbers", "dates", "names", "links"]
    assert len(checks_of("I do not go.", "I go.", Keep, "")) == 1 + len(Keep)


@pytest.mark.parametrize(
    ("keep", "before", "after", "told"),
    [
        (Keep.NEGATION, "I do not go and do not stay.", "I go and do not stay.", "not"),
        (Keep.NEGATION, "Not today, never.", "Not today.", "never"),
        (Keep.NUMBERS, "2 cats and 2 dogs", "2 cats and dogs", "2"),
        (Keep.NAMES, "We met Mulder.", "We met Bulder's brother Mark.", "Mulder"),
        (Keep.NAMES, "We met Anna.", "We met Anne.", "Anna"),
    ],
)
def test_one_of_several_that_is_gone_is_missed_and_so_is_another_name(
    keep, before, after, told
):
    assert lost(keep, before, after) == f"lost: {told}"


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("Sales rose.", "Sales rose by 2 percent.", "added: 2"),
        ("It is 5 EUR.", "It is 5 EUR, or 5 EUR a day for 30 days.", "added: 30"),
        ("Two cats and a dog.", "2 cats and 1 dog; 2 cats!", "added: 1"),
        ("The fourth of ten.", "The 4th of 10.", ""),
        ("A, b and c.", "1. A\n2. b\n3) c", ""),
        ("The fourteenth century.", "The 1300s.", ""),
        (
            "Call +49891234567",
            "Call +49 (89) 123 45-67 or 0170 5550199",
            "added: 0170, 5550199",
        ),
        ("From 5-7 on, 1,250 EUR.", "From 5 to 7 on, 1250 EUR.", ""),
        ("On 4 May 2026.", "On 2026-05-04.", ""),
        ("Es kostet drei Euro.", "Es kostet 3 Euro.", ""),
    ],
)
def test_numbers_that_were_made_up_are_told(before, after, told):
    [_, check] = checks_of(before, after, [Keep.NUMBERS])
    assert check.detail == told
    found = made_up_numbers(before, after)
    assert [each.detail for each in found] == ([told] if told else [])


@given(st.text("0123456789 h:.,/-\u2013\u2212€$()'’\u00a0\u202fab\n", max_size=40))
def test_any_numbers_are_compared(text):
    [_, check] = checks_of(text, text, [Keep.NUMBERS], "fr")
    assert check.ok
    for other in ("", "9 h 30, 5-7 et -1/-2", text[::-1]):
        for language in ("fr", "de"):
            assert len(checks_of(text, other, [Keep.NUMBERS], language)) == 2


def test_a_french_time_of_day_is_a_number_like_others():
    before, after = "Rendez-vous à 9 h 30.", "Le rendez-vous est à 9h30."
    [_, check] = checks_of(before, after, [Keep.NUMBERS], "fr")
    assert check.ok
    [_, check] = checks_of(before, "Rendez-vous le matin.", [Keep.NUMBERS], "fr")
    assert check.detail == "lost: 9 h 30"
