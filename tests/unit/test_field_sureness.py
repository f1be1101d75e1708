"""How sure fields look before answers to the task were judged."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.stores import outcome
from onhand.domain.answers import Extraction, Lane, Value
from onhand.domain.calibration import UNJUDGED, calibrated
from onhand.domain.field_sureness import ABSENT, FOUND, field_sureness, found_curve
from onhand.domain.tasks import Extract, Field, FieldType

SHARES = st.floats(0, 1)
COMPANY, WAY = Field(name="company"), Field(name="way")
TASK = Extract(
    instruction="Find it.",
    fields=(COMPANY, WAY, Field(name="total", type=FieldType.AMOUNT)),
)


def value(text, confidence):
    return Value(text=text, start=0, end=3, confidence=confidence, value=text)


ANSWER = Extraction(
    fields={"company": (value("Inn", 0.999),), "way": (), "total": (value("9.5", 0.9),)},
    sure={"company": 0.999, "way": 0.4, "total": 0.9},
)


def told(answer, model, taught=0):
    given_ = dataclasses.replace(
        outcome(answer, confidence=0.4), model=model, taught=taught
    )
    return calibrated(given_, UNJUDGED, TASK)


@pytest.mark.parametrize("model", [*FOUND, "another-7b"])
def test_words_look_less_sure_than_the_model_says_and_absence_more(model):
    found = told(ANSWER, f"{model}:q4_0")
    [company] = found.answer.fields["company"]
    assert company.confidence < 0.75
    assert found.confidence == found.raw == pytest.approx(company.confidence)
    assert field_sureness(TASK, ANSWER, model, 0)["way"] > 0.7
    assert (found.lane, found.lanes) == (Lane.CHECK, {})
    assert found.answer.sure == ANSWER.sure


def test_what_is_recognised_by_its_form_is_as_sure_as_the_model_says():
    found = told(ANSWER, "smollm2-135m")
    [total] = found.answer.fields["total"]
    assert total.confidence == pytest.approx(0.9)
    usual = field_sureness(TASK, ANSWER, "smollm2-135m", 0)
    assert usual["total"] == pytest.approx(0.9)


def test_what_people_taught_is_as_sure_as_it_says():
    found = told(ANSWER, "smollm2-135m", taught=20)
    [company] = found.answer.fields["company"]
    assert company.confidence == pytest.approx(0.999)
    assert found.confidence == pytest.approx(0.4)


def test_an_answer_from_before_that_was_kept_stays_as_it_was():
    old = dataclasses.replace(ANSWER, sure={})
    found = told(old, "smollm2-135m")
    assert (found.confidence, found.answer) == (0.4, old)


@given(one=SHARES, other=SHARES)
def test_what_the_model_is_surer_of_stays_surer(one, other):
    for curve in (*FOUND.values(), *ABSENT.values(), found_curve(WAY, "another", 0)):
        assert 0 <= curve(one) <= 1
        assert (curve(one) <= curve(other)) or one > other
