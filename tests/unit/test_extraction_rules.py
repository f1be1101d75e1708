"""Candidates, growing, weighing, assigning: what decides which field gets which value."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onhand.domain.assigning import DOUBT, Candidate, Contest, assign, confidence_absent
from onhand.domain.candidates import candidates_of, normal_value
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
        (FieldType.PHONE, "call +49 (30) 1234-567 now", ["+49 (30) 1234-567"]),
        (FieldType.URL, "see https://example.com/a?b=1.", ["https://example.com/a?b=1"]),
    ],
)
def test_a_type_has_candidates_of_its_form(kind, text, values):
    assert found(kind, text) == values


def test_choices_are_found_as_whole_words_whatever_their_case():
    text = "RED or reddish, then blue"
    assert found(FieldType.CHOICE, text, choices=("red", "blue")) == ["RED", "blue"]


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
        (FieldType.AMOUNT, "1,250.00", "1250.00"),
        (FieldType.AMOUNT, "1.250,00", "1250.00"),
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
