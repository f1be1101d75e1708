"""Spans around what a model found, and what is learned of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onhand.domain.assigning import Candidate, Contest
from onhand.domain.field_anchors import MOST_SPANS, Shown, anchored, anchors_of
from onhand.domain.field_candidates import UNSEEN, choices_of
from onhand.domain.field_features import features_of
from onhand.domain.field_weights import FieldWeights, is_one_of, weighted
from onhand.domain.field_words import WIDTH
from onhand.domain.tasks import Field, FieldType

NOTE = Field(name="note")
BLOCK = Field(name="address", multiline=True)
TOTAL = Field(name="total", type=FieldType.AMOUNT)
FORM = "Blue Fish Ltd\n4 Sea Road\nHull\nTotal 12.50\nCash 20.00\nThank you"


def contest(*found, absent=-2.0):
    """What a model found: spans, and how probable each is."""
    return Contest(
        candidates=tuple(Candidate((place,), logprob) for place, logprob in found),
        absent=absent,
    )


def texts_of(text, choices):
    return [text[slice(*each.places[0])] for each in choices]


@st.composite
def texts_with_spans(draw):
    text = draw(
        st.text(st.sampled_from("aB9 .-\n\u00e9\U0001f600"), min_size=1, max_size=80)
    )
    places = draw(
        st.lists(
            st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))
            .map(sorted)
            .filter(lambda place: place[0] < place[1])
            .map(tuple),
            max_size=5,
            unique=True,
        )
    )
    return text, contest(*((place, -float(at)) for at, place in enumerate(places)))


@given(drawn=texts_with_spans(), field=st.sampled_from([NOTE, BLOCK, TOTAL]))
def test_choices_are_spans_of_the_text_each_once(drawn, field):
    text, found = drawn
    choices = choices_of(field, text, found)
    places = [each.places[0] for each in choices]
    assert len({*places}) == len(places)
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert places[: len(found.candidates)] == [each.places[0] for each in found.candidates]
    for each in choices:
        numbers = features_of(text, each)
        assert list(numbers) == sorted({*numbers})
        assert all(0 <= number < WIDTH for number in numbers)


def test_spans_with_words_more_and_fewer_are_choices():
    text = "a table for 8 people, please"
    found = contest(((12, 13), -0.5))
    said = texts_of(text, choices_of(NOTE, text, found))
    assert said[0] == "8"
    assert {"8 people", "for 8", "8 people,"} <= {*said}


def test_lines_and_blocks_are_choices_where_lines_mean_something():
    choices = choices_of(BLOCK, FORM, contest(((0, 4), -0.5)))
    said = texts_of(FORM, choices)
    assert "4 Sea Road\nHull" in said
    assert "Blue Fish Ltd" in said
    far = choices[said.index("4 Sea Road\nHull")]
    assert far.margin == UNSEEN
    assert choices[said.index("Blue Fish Ltd")].margin == 1.5
    assert "4 Sea Road\nHull" not in texts_of(
        FORM, choices_of(NOTE, FORM, contest(((0, 4), -0.5)))
    )


def test_what_has_a_form_is_left_as_it_is():
    place = FORM.index("12.50"), FORM.index("12.50") + 5
    assert texts_of(FORM, choices_of(TOTAL, FORM, contest((place, -1.0)))) == ["12.50"]


def test_a_contest_is_decided_by_what_was_learned():
    text = "for 8 people"
    found = contest(((4, 5), -0.5))
    choices = choices_of(NOTE, text, found)
    longer = next(each for each in choices if text[slice(*each.places[0])] == "8 people")
    telling = {*features_of(text, longer)}.difference(features_of(text, choices[0]))
    weights = FieldWeights(own=0.1, bias=-1.0, weights=dict.fromkeys(telling, 1.0))
    decided = weighted(NOTE, text, found, weights)
    assert decided.candidates[0].places == longer.places
    assert decided.absent == 0.0


@pytest.mark.parametrize(
    ("field", "value", "right"),
    [
        (NOTE, "Blue  FISH\nLtd", "blue fish ltd"),
        (TOTAL, "12,50", "12.50"),
        (Field(name="day", type=FieldType.DATE), "4 May 2026", "2026-05-04"),
    ],
)
def test_what_is_right_is_known_in_any_form(field, value, right):
    assert is_one_of(field, value, [right])
    assert not is_one_of(field, value, [])
    assert not is_one_of(field, value + " and more", [right])


def test_spans_between_words_that_stood_around_values_are_choices():
    shown = ("Sold to Blue Fish in Hull", "Sold to Old Mill in York", "Sold by Ann")
    around = Shown(
        [
            anchors_of(text, [value])
            for text, value in zip(shown, ("Blue Fish", "old  mill", "Ann"), strict=True)
        ]
    )
    assert len(around.frequent) == 1  # nobody else was sold by
    assert not around.without(0)
    assert around.without(2) == around.frequent
    text = "Paid by Sun Inn\nSold to Silver Spoon in Leeds"
    found = contest(((8, 15), -0.5))
    said = texts_of(text, choices_of(NOTE, text, found, around.frequent))
    assert "Silver Spoon" in said
    assert "Silver Spoon" not in texts_of(text, choices_of(NOTE, text, found))


@given(drawn=texts_with_spans(), others=st.lists(st.text("aB9 .-\n", max_size=30)))
def test_what_stood_around_a_span_finds_spans_of_a_line(drawn, others):
    text, found = drawn
    values = [text[slice(*each.places[0])].strip() for each in found.candidates]
    around = anchors_of(text, [each for each in values if each])
    for other in (text, *others):
        spans = anchored(other, around)
        assert len(spans) <= MOST_SPANS
        assert all("\n" not in other[slice(*each)] for each in spans)
