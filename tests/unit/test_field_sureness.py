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

SHARES = st.floats(0, 1)


def extraction(company=0.999, way=0.4):
    value = Value(text="Inn", start=0, end=3, confidence=company, value="Inn")
    return Extraction(
        fields={"company": (value,), "way": ()}, sure={"company": company, "way": way}
    )


def told(answer, model, taught=0):
    given_ = dataclasses.replace(
        outcome(answer, confidence=min(answer.sure.values())), model=model, taught=taught
    )
    return calibrated(given_, UNJUDGED)


@pytest.mark.parametrize("model", [*FOUND, "another-7b"])
def test_a_value_looks_less_sure_than_the_model_says_and_absence_more(model):
    found = told(extraction(), f"{model}:q4_0")
    [company] = found.answer.fields["company"]
    assert company.confidence < 0.75
    assert found.confidence == found.raw == pytest.approx(company.confidence)
    usual = field_sureness(extraction(), model, 0)
    assert usual["way"] > 0.7
    assert (found.lane, found.lanes) == (Lane.CHECK, {})
    assert found.answer.sure == extraction().sure


def test_what_people_taught_is_as_sure_as_it_says():
    found = told(extraction(), "smollm2-135m", taught=20)
    [company] = found.answer.fields["company"]
    assert company.confidence == pytest.approx(0.999)
    assert found.confidence == pytest.approx(0.4)


def test_an_answer_from_before_that_was_kept_stays_as_it_was():
    old = dataclasses.replace(extraction(), sure={})
    given_ = dataclasses.replace(outcome(old, confidence=0.8), model="smollm2-135m")
    found = calibrated(given_, UNJUDGED)
    assert (found.confidence, found.answer) == (0.8, old)


@given(one=SHARES, other=SHARES)
def test_what_the_model_is_surer_of_stays_surer(one, other):
    for curve in (*FOUND.values(), *ABSENT.values(), found_curve("another", 0)):
        assert 0 <= curve(one) <= 1
        assert (curve(one) <= curve(other)) or one > other
