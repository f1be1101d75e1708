"""Candidates, growing, weighing, assigning: what decides which field gets which value."""

from __future__ import annotations

import math
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onhand.domain.assigning import (
    DOUBT,
    EVEN,
    Candidate,
    Contest,
    assign,
    confidence_absent,
)
from onhand.domain.candidates import candidates_of, may_hide_one, normal_value
from onhand.domain.date_expressions import grown
from onhand.domain.line_blocks import grown_to_lines, made_of_lines
from onhand.domain.tasks import Field, FieldType
from onhand.domain.weighing import NAMED, weighed

LETTER = "Example Ltd\nNo 2, Main Road,\nOld Town,\n1234 City\nTel: 555 123\nTotal: 27.10\n"
TYPED = [kind for kind in FieldType if kind is not FieldType.CHOICE]


def found(kind, text, **more):
    spans = candidates_of(Field(name="x", type=kind, **more), text)
    return None if spans is None else [text[start:end] for start, end in spans]


def place(text, part):
    start = text.index(part)
    return start, start + len(part)


@pytest.mark.parametrize(
    ("kind", "text", "values"),
    [
        (FieldType.DATE, "on 24/07/2017 12:44, not 1.2", ["24/07/2017"]),
        (FieldType.DATE, "2018-01-05 and 5 March 2026", ["2018-01-05", "5 March 2026"]),
        (FieldType.AMOUNT, "12 x 3.50 = 42.00", ["3.50", "42.00"]),
        (FieldType.AMOUNT, "1,250.00 or 1.250,00", ["1,250.00", "1.250,00"]),
        (FieldType.AMOUNT, "we paid 45 in all", ["45"]),
        (FieldType.NUMBER, "room 12, -3.5 degrees, A7", ["12", "-3.5"]),
        (FieldType.EMAIL, "to ann@example.com.", ["ann@example.com"]),
        (FieldType.DATE, "on 14/JUN/2017, number 25032018", ["14/JUN/2017", "25032018"]),
        (
            FieldType.AMOUNT,
            "RM8.50, $1,250.00 or 12,50€",
            ["RM8.50", "$1,250.00", "12,50€"],
        ),
        (FieldType.AMOUNT, "AB8.50 for EUR45", ["EUR45"]),
        (
            FieldType.AMOUNT,
            "1\u202f234,56 € or CHF 1’234.50",
            ["1\u202f234,56", "1’234.50"],
        ),
        (FieldType.AMOUNT, "Rs 1,00,000.00", ["1,00,000.00"]),
        (
            FieldType.AMOUNT,
            "-12,50 € and \u2212$3.00, 5.00-7.50",
            ["-12,50", "\u2212$3.00", "5.00", "7.50"],
        ),
        (FieldType.AMOUNT, "12.500 EUR, room 12", ["12.500"]),
        (FieldType.AMOUNT, "合計¥12,000です、1200円", ["¥12,000", "1200"]),
        (FieldType.AMOUNT, "1 234 567 kr", ["1 234 567"]),
        (FieldType.AMOUNT, "$1,234, delivery 12.50 for 3", ["$1,234", "12.50"]),
        (FieldType.AMOUNT, "CHF 45.–, 27,- or $1.5", ["45", "27", "$1.5"]),
        (FieldType.AMOUNT, "about $1.25M", []),
        (FieldType.NUMBER, "0.125 or 1\u00a0234, 1'000", ["0.125", "1\u00a0234", "1'000"]),
        (
            FieldType.NUMBER,
            "\u22125 degrees, 3.5kg, 共30人2次",
            ["\u22125", "3.5", "30", "2"],
        ),
        (FieldType.NUMBER, "keys 4f3a and 1e5, size 2x4", []),
        (FieldType.DATE, "10 marbles 2024, 3 marked 12, 4 Mayer 22", None),
        (
            FieldType.DATE,
            "10.12.2025, bis 3. Januar 2026.",
            ["10.12.2025", "3. Januar 2026"],
        ),
        (
            FieldType.DATE,
            "10/12/2025 au 3\u00a0février 2026",
            ["10/12/2025", "3\u00a0février 2026"],
        ),
        (
            FieldType.DATE,
            "at 2026-05-12T10:00, 于2026-05-13签订",
            ["2026-05-12", "2026-05-13"],
        ),
        (FieldType.PHONE, "call +49 (30) 1234-567 now", ["+49 (30) 1234-567"]),
        (FieldType.PHONE, "zip 70651\n082 490 1693-Office", ["082 490 1693"]),
        (
            FieldType.PHONE,
            "259.735.7502x459, 555 1234 ext. 9",
            ["259.735.7502x459", "555 1234 ext. 9"],
        ),
        (FieldType.PHONE, "born 12/1/1981, card 4111111111111111", []),
        (FieldType.PHONE, "card 4111 1111 1111 1111 expires", []),
        (
            FieldType.PHONE,
            "+49\u201130\u20111234567 or 030\u2013765432",
            ["+49\u201130\u20111234567", "030\u2013765432"],
        ),
        (FieldType.PHONE, "server 192.168.1.100, fax 030.123.45.67", ["030.123.45.67"]),
        (FieldType.PHONE, "Tue, 17 Nov 2026 08:12:44 +0100, invoice 2024-0788", []),
        (FieldType.PHONE, "电话13800138000谢谢", ["13800138000"]),
        (FieldType.EMAIL, "联系a@b.com谢谢。a@b.中国", ["a@b.com", "a@b.中国"]),
        (FieldType.EMAIL, "用户@例子.cn", ["用户@例子.cn"]),
        (FieldType.EMAIL, "o'brien@x.com, 'ann@x.com'", ["o'brien@x.com", "ann@x.com"]),
        (FieldType.URL, "see https://example.com/a?b=1.", ["https://example.com/a?b=1"]),
        (
            FieldType.URL,
            "WWW.EXAMPLE.COM, Https://a.de",
            ["WWW.EXAMPLE.COM", "Https://a.de"],
        ),
        (
            FieldType.URL,
            "(https://a.de/b_(c)), https://a.de/c(",
            ["https://a.de/b_(c)", "https://a.de/c"],
        ),
        (
            FieldType.URL,
            "[a](https://a.de), http://[::1]/x!",
            ["https://a.de", "http://[::1]/x"],
        ),
    ],
)
def test_a_type_has_candidates_of_its_form(kind, text, values):
    assert found(kind, text) == values


@given(
    st.sampled_from([*'“”„«»‘’<>"…。\uff0c、！？\uff09」 \n', ". ", ", ", "), "]),
    st.sampled_from(["https://a.de", "https://a.de/b_(c)", "www.a.de/b?c=d&e=f,g"]),
)
def test_an_address_ends_where_its_sentence_does(mark, address):
    assert found(FieldType.URL, f"见{address}{mark}") == [address]


def test_choices_are_found_as_whole_words_whatever_their_case():
    text = "RED or reddish, then blue"
    assert found(FieldType.CHOICE, text, choices=("red", "blue")) == ["RED", "blue"]
    field = Field(name="x", type=FieldType.CHOICE, choices=("red", "Red"))
    values = [normal_value(field, word) for word in ("RED", "Red", "red", "reddish")]
    assert values == ["red", "Red", "red", "reddish"]


@pytest.mark.parametrize(
    ("text", "choice", "value"),
    [
        ("状态 订单已完成。谢谢", "已完成", "已完成"),
        ("현재 배송중입니다", "배송중", "배송중"),
        ("订单paid了", "paid", "paid"),
        ("ein Mo\u0308bel mehr", "Möbel", "Mo\u0308bel"),
        ("ein Möbel mehr", "Mo\u0308bel", "Möbel"),
        ("der Ver\u00adtrag", "Vertrag", "Ver\u00adtrag"),
        ("is not\npaid yet", "not paid", "not\npaid"),
    ],
)
def test_a_choice_is_found_in_every_script_and_however_it_is_encoded(text, choice, value):
    assert found(FieldType.CHOICE, text, choices=(choice,)) == [value]
    field = Field(name="x", type=FieldType.CHOICE, choices=("other", choice))
    assert normal_value(field, value) == choice


def test_a_day_without_month_may_be_any_words_but_a_mail_address_may_not():
    assert found(FieldType.DATE, "next Friday") is None
    assert found(FieldType.TEXT, "anything") is None
    assert found(FieldType.EMAIL, "no address here") == []


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (FieldType.DATE, "24/07/2017", "2017-07-24"),
        (FieldType.DATE, "07/24/2017", "2017-07-24"),
        (FieldType.DATE, "2018-1-5", "2018-01-05"),
        (FieldType.DATE, "5 March 2026", "2026-03-05"),
        (FieldType.DATE, "March 5, 2026", "2026-03-05"),
        (FieldType.DATE, "31/02/2017", "31/02/2017"),
        (FieldType.DATE, "14/JUN/2017", "2017-06-14"),
        (FieldType.DATE, "25032018", "2018-03-25"),
        (FieldType.DATE, "20180325", "2018-03-25"),
        (FieldType.DATE, "this Saturday", "this Saturday"),
        (FieldType.DATE, "12.05.85", "1985-05-12"),
        (FieldType.DATE, "12.05.31", "2031-05-12"),
        (FieldType.DATE, "1º de enero de 2026", "2026-01-01"),
        (FieldType.DATE, "12 apr\u0131l 2026", "2026-04-12"),
        (FieldType.AMOUNT, "1,250.00", "1250.00"),
        (FieldType.AMOUNT, "1.250,00", "1250.00"),
        (FieldType.AMOUNT, "RM8.50", "8.50 RM"),
        (FieldType.AMOUNT, "$1,250.00", "1250.00 $"),
        (FieldType.AMOUNT, "12,50€", "12.50 EUR"),
        (FieldType.AMOUNT, "€45", "45 EUR"),
        (FieldType.AMOUNT, "1\u202f234,56", "1234.56"),
        (FieldType.AMOUNT, "1’234.50", "1234.50"),
        (FieldType.AMOUNT, "1,00,000.00", "100000.00"),
        (FieldType.AMOUNT, "\u2212$3.00", "-3.00 $"),
        (FieldType.AMOUNT, "12.500", "12500"),
        (FieldType.AMOUNT, "Rs.50", "50 Rs"),
        (FieldType.NUMBER, "1,000", "1000"),
        (FieldType.NUMBER, "0.125", "0.125"),
        (FieldType.NUMBER, "0,125", "0.125"),
        (FieldType.NUMBER, "3.14159", "3.14159"),
        (FieldType.NUMBER, "1234.567", "1234.567"),
        (FieldType.NUMBER, "1.234,567", "1234.567"),
        (FieldType.NUMBER, "1\u00a0234,567", "1234.567"),
        (FieldType.NUMBER, "1,234,567", "1234567"),
        (FieldType.NUMBER, "1'000", "1000"),
        (FieldType.NUMBER, "\u22125", "-5"),
        (FieldType.NUMBER, "1.2.3", "1.2.3"),
        (FieldType.PHONE, "+41 (0)69 979 80 58", "+41699798058"),
        (FieldType.PHONE, "0041 69 979 80 58", "+41699798058"),
        (FieldType.PHONE, "+1-604-696-5272x565", "+16046965272;ext=565"),
        (FieldType.PHONE, "(030) 123 456", "(030) 123 456"),
        (FieldType.EMAIL, "Ann@Example.com", "ann@example.com"),
        (FieldType.TEXT, "two\n  lines", "two lines"),
    ],
)
def test_values_have_a_normal_form(kind, text, value):
    assert normal_value(Field(name="x", type=kind), text) == value


@given(text=st.text(), kind=st.sampled_from(TYPED))
def test_candidates_lie_in_the_text_in_order_without_overlap(text, kind):
    spans = candidates_of(Field(name="x", type=kind), text) or ()
    at = 0
    for start, end in spans:
        assert at <= start < end <= len(text)
        at = end
        assert isinstance(normal_value(Field(name="x", type=kind), text[start:end]), str)


DIGITS = st.text(alphabet="0123456789", min_size=2, max_size=4)


@given(st.lists(DIGITS, min_size=3, max_size=5), st.sampled_from([" ", "-", ".", "/"]))
def test_a_number_with_its_country_is_found_whole_and_becomes_its_digits(groups, mark):
    number = f"+1{mark}{mark.join(groups)}"
    if len("".join(groups)) > 14:
        return
    field = Field(name="x", type=FieldType.PHONE)
    assert found(FieldType.PHONE, f"call {number}, please") == [number]
    assert normal_value(field, number) == f"+1{''.join(groups)}"


@given(
    st.integers(0, 10**9),
    st.integers(0, 99),
    st.sampled_from([("", ""), ("€", " EUR"), ("USD", " USD"), ("$", " $")]),
)
def test_an_amount_keeps_its_value_and_its_currency(whole, cents, money):
    sign, told = money
    written = f"{sign}{whole:,}.{cents:02}"
    assert found(FieldType.AMOUNT, f"we paid {written} in all") == [written]
    field = Field(name="x", type=FieldType.AMOUNT)
    assert normal_value(field, written) == f"{whole}.{cents:02}{told}"


GROUPING = st.sampled_from([",.", ".,", " ,", "\u00a0,", "\u202f.", "\u2009,", "'.", "’."])


@given(st.integers(-(10**12), 10**12), st.integers(0, 99), GROUPING, st.booleans())
def test_an_amount_is_the_same_however_its_digits_are_grouped(
    whole, cents, marks, has_cents
):
    group, point = marks
    written = f"{whole:,}".replace(",", group) + (f"{point}{cents:02}" if has_cents else "")
    field = Field(name="x", type=FieldType.AMOUNT)
    value = f"{whole}.{cents:02}" if has_cents else str(whole)
    for text in (f"we paid {written} € in all", f"合計{written}円"):
        assert found(FieldType.AMOUNT, text) == [written]
        assert normal_value(field, written) == value


@given(st.integers(-(10**9), 10**9), st.text("0123456789", max_size=6), GROUPING)
def test_a_number_is_the_same_however_its_digits_are_grouped(whole, behind, marks):
    group, point = marks
    if group == " " or (len(behind) == 3 and 1 <= abs(whole) < 1000):
        return  # Two numbers as well, and 1,234 may be either.
    written = f"{whole:,}".replace(",", group) + (f"{point}{behind}" if behind else "")
    assert found(FieldType.NUMBER, f"about {written} of them") == [written]
    value = f"{whole}.{behind}" if behind else str(whole)
    assert normal_value(Field(name="x", type=FieldType.NUMBER), written) == value


MONTHS = {
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November"
    " Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre"
    " décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre"
    " diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre"
    " novembre dicembre",
}
DAY_IN_WORDS = {
    "de": "{}. {} {}",
    "fr": "{} {} {}",
    "es": "{} de {} de {}",
    "it": "{} {} {}",
}


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 31)))
@pytest.mark.parametrize("language", MONTHS)
def test_a_day_in_words_is_a_candidate_beside_one_in_figures(language, day):
    month = MONTHS[language].split()[day.month - 1]
    written = DAY_IN_WORDS[language].format(day.day, month, day.year)
    assert found(FieldType.DATE, f"1.2.2025, {written}.") == ["1.2.2025", written]
    assert normal_value(Field(name="x", type=FieldType.DATE), written) == day.isoformat()


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 31)))
def test_a_day_is_the_same_however_it_is_written(day):
    field = Field(name="x", type=FieldType.DATE)
    months = [
        "Jan",
        "Feb",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "Sept",
        "October",
        "Nov",
        "December",
    ]
    for written in (
        day.isoformat(),
        f"{day:%d/%m/%Y}",
        f"{day:%d%m%Y}",
        f"{day:%Y%m%d}",
        f"{day.day} {months[day.month - 1]} {day.year}",
        f"{months[day.month - 1]} {day.day}, {day.year}",
        f"{day.day}/{months[day.month - 1].upper()}/{day.year}",
    ):
        assert found(FieldType.DATE, f"on {written}.") == [written]
        assert normal_value(field, written) == day.isoformat()


@pytest.mark.parametrize("piece", ["May ", "a.", "1 ", "1", " ", "1 May "])
def test_a_long_text_that_is_called_a_date_is_soon_found_to_be_none(piece):
    text = f"1 May {piece * 20_000}x"
    assert normal_value(Field(name="x", type=FieldType.DATE), text) == " ".join(
        text.split()
    )


def test_a_day_in_words_grows_in_a_field_for_days_too():
    text = "We come this Saturday then"
    core = Candidate((place(text, "Saturday"),), -1.0)
    [grown_one] = weighed(text, Field(name="day", type=FieldType.DATE), [core])
    assert text[slice(*grown_one.places[0])] == "this Saturday"


@pytest.mark.parametrize(
    ("text", "core", "whole"),
    [
        ("see you this Saturday then", "Saturday", "this Saturday"),
        ("on Thursday, the 30th of August please", "30th", "Thursday, the 30th of August"),
        ("in 3 days or so", "3", "in 3 days"),
        ("the second table", "second", "second"),
    ],
)
def test_a_day_grows_to_its_whole_expression(text, core, whole):
    assert text[slice(*grown(text, *place(text, core)))] == whole


def test_a_block_grows_over_lines_that_go_on():
    whole = "No 2, Main Road,\nOld Town,\n1234 City"
    for core in ("Main Road", "Old Town", "1234 City"):
        assert LETTER[slice(*grown_to_lines(LETTER, *place(LETTER, core)))] == whole


def test_what_heads_a_line_stays_outside():
    assert LETTER[slice(*grown_to_lines(LETTER, *place(LETTER, "555")))] == "555 123"


def test_running_text_is_not_made_of_lines():
    assert made_of_lines(LETTER)
    text = "One long line of a letter, which goes on and on, as letters do.\n" * 5
    assert not made_of_lines(text)
    assert grown_to_lines(text, 4, 8) == (4, 8)


@given(text=st.text(alphabet="ab ,:\n1\U0001f600", max_size=200), data=st.data())
def test_growing_keeps_what_was_there_and_stays_in_the_text(text, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    if not text[start:end].strip() or text[start].isspace() or text[end - 1].isspace():
        return
    for grow in (grown, grown_to_lines):
        first, last = grow(text, start, end)
        assert 0 <= first <= start
        assert end <= last <= len(text)


def test_an_amount_behind_its_name_weighs_more():
    field = Field(name="total", type=FieldType.AMOUNT)
    text = "CASH 50.00\nTOTAL 27.10\n"
    paid, total = (Candidate((place(text, part),), -1.0) for part in ("50.00", "27.10"))
    best = weighed(text, field, [paid, total])[0]
    assert best.places == total.places
    assert best.logprob == pytest.approx(-1.0 + NAMED)


def contest(*candidates, absent=-5.0, **more):
    return Contest(candidates=candidates, absent=absent, **more)


def test_each_place_serves_the_field_that_is_surest_of_it():
    first = contest(Candidate(((0, 4),), -0.1), Candidate(((5, 9),), -3.0))
    second = contest(Candidate(((0, 4),), -0.5), Candidate(((5, 9),), -1.0))
    won = assign([first, second])
    assert [[each.place for each in values] for values in won] == [[(0, 4)], [(5, 9)]]


def test_a_value_that_is_hardly_better_than_none_is_left_out():
    doubtful = contest(Candidate(((0, 4),), -1.0), absent=-1.0 - DOUBT)
    assert assign([doubtful]) == [[]]
    assert assign([contest(*doubtful.candidates, absent=-2.0, required=True)])[0]


def test_a_field_with_many_values_gets_those_that_are_near_the_best():
    values = [Candidate(((n, n + 1),), -0.5 - n) for n in range(6)]
    won = assign([contest(*values, absent=-20.0, most=20)])[0]
    assert [each.place for each in won] == [(0, 1), (1, 2), (2, 3)]


def test_a_repeated_value_goes_to_its_first_free_place():
    same = ((0, 4), (10, 14))
    won = assign([contest(Candidate(same, -0.1)), contest(Candidate(same, -0.2))])
    assert [values[0].place for values in won] == [(0, 4), (10, 14)]


@given(
    st.lists(
        st.lists(
            st.tuples(st.integers(0, 30), st.integers(1, 9), st.floats(-9, 0)), max_size=5
        ),
        max_size=5,
    )
)
def test_no_two_values_overlap_and_confidences_are_probabilities(fields):
    contests = [
        contest(*(Candidate(((at, at + size),), logprob) for at, size, logprob in field))
        for field in fields
    ]
    won = [each for values in assign(contests) for each in values]
    places = sorted(each.place for each in won)
    assert all(before[1] <= after[0] for before, after in pairwise(places))
    assert all(0 < each.confidence <= 1 for each in won)
    assert all(0 < confidence_absent(each) <= 1 for each in contests)


def test_confidence_is_the_share_among_all_that_could_be():
    one = contest(Candidate(((0, 1),), math.log(0.6)), absent=math.log(0.1))
    assert assign([one])[0][0].confidence == pytest.approx(6 / 7)
    assert confidence_absent(one) == pytest.approx(1 / 7)


def test_a_required_field_that_nothing_in_the_text_could_be_stays_empty():
    nothing = contest(absent=-1e9, required=True)
    assert assign([nothing]) == [[]]
    assert confidence_absent(nothing) == EVEN


def test_that_there_is_no_value_is_unsure_where_one_may_be_hidden():
    assert confidence_absent(contest()) == 1.0
    assert confidence_absent(contest(hidden=True)) == EVEN
    amount = Field(name="x", type=FieldType.AMOUNT)
    assert may_hide_one(amount, "about $1.25M")
    assert not may_hide_one(amount, "nothing in figures")
