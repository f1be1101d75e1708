"""Confidence: learned from judged answers, held out, and never sure before that."""

from __future__ import annotations

import dataclasses
import math
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from fakes.heads import FakeHeads
from fakes.stores import FakeHistory, answer_of, outcome
from fakes.tasks import PLAIN, QUEUE, RECEIPT, SHORT, TAGS, record
from onhand.domain.answers import (
    Check,
    Classification,
    Extraction,
    Lane,
    Summary,
    Tagging,
    Value,
)
from onhand.domain.calibration import (
    ENOUGH,
    HARD,
    TEMPERATURES,
    UNJUDGED,
    USUAL_TEMPERATURE,
    Calibration,
    calibrated,
    calibration_of,
    flattened,
    promised_by,
    temperature_of,
    with_top,
)
from onhand.domain.errors import DataDamaged
from onhand.domain.field_sureness import field_sureness
from onhand.domain.guarantee import NOTHING
from onhand.domain.logistic_curve import Sighting
from onhand.domain.verdicts import as_correction, is_right
from onhand.services.calibrating import MOST, Calibrations

INN = Extraction(
    fields={
        "company": (Value(text="Inn", start=0, end=3, confidence=0.9, value="Inn"),),
        "way": (),
    },
    sure={"company": 0.9, "way": 0.8},
)
SIGHTING = st.builds(Sighting, st.floats(0, 1), st.booleans())
SCORES = st.lists(st.floats(0.001, 1), min_size=2, max_size=9).map(
    lambda shares: {f"l{at}": share / sum(shares) for at, share in enumerate(shares)}
)


def sightings(count, *, says, right):
    """Answers of which the model said `says`, a share `right` of them rightly."""
    return [
        Sighting(says, math.floor((at + 1) * right) > math.floor(at * right))
        for at in range(count)
    ]


def test_below_thirty_nothing_changes_and_nothing_is_sure():
    few = calibration_of(sightings(ENOUGH - 1, says=0.99, right=1))
    assert few == Calibration(judged=ENOUGH - 1)
    assert few.lane(0.999) is Lane.CHECK
    assert few.lane(0.001) is Lane.CHECK


def test_from_thirty_on_confidence_is_how_often_such_answers_were_right():
    judged = [
        *sightings(100, says=0.99, right=0.8),
        *sightings(100, says=0.6, right=0.3),
    ]
    found = calibration_of(judged)
    assert found.judged == 200
    assert found.confidence(0.99) == pytest.approx(0.8, abs=0.05)
    assert found.confidence(0.6) == pytest.approx(0.3, abs=0.05)


def test_a_model_that_says_little_and_is_right_becomes_sure():
    found = calibration_of(sightings(150, says=0.7, right=1))
    assert found.lane(found.confidence(0.7)) is Lane.SURE


def test_what_the_model_is_sure_of_and_wrong_about_is_never_sure():
    judged = [
        *sightings(60, says=0.2, right=0.05),
        *sightings(20, says=0.8, right=0.75),
        *sightings(12, says=0.97, right=0.7),
    ]
    found = calibration_of(judged)
    assert found.limit == NOTHING
    assert found.lane(0.999) is Lane.CHECK


def test_a_stricter_promise_lets_less_through():
    judged = [*sightings(100, says=0.99, right=0.99), *sightings(100, says=0.7, right=0.7)]
    limits = [calibration_of(judged, promised).limit for promised in (0.2, 0.05, 0.001)]
    assert limits == sorted(limits, reverse=True)
    assert limits[0] > limits[-1] == NOTHING


def test_what_is_more_probably_wrong_than_right_is_hard():
    found = calibration_of(sightings(60, says=0.9, right=0.2))
    confidence = found.confidence(0.9)
    assert confidence < HARD
    assert found.lane(confidence) is Lane.HARD
    assert found.lane(None) is Lane.CHECK


def test_a_few_answers_do_not_bend_the_curve_wildly():
    found = calibration_of(sightings(ENOUGH, says=0.9, right=1))
    assert 0.9 < found.confidence(0.9) < 0.999
    assert found.confidence(0.1) > 0.01


@given(st.lists(SIGHTING, min_size=ENOUGH, max_size=80))
@settings(max_examples=50)
def test_the_curve_is_the_best_one_and_keeps_the_order(judged):
    found = calibration_of(judged)
    assert found.slope >= 0
    shares = [found.confidence(raw / 20) for raw in range(21)]
    assert shares == sorted(shares)
    assert all(0 < share < 1 for share in shares)
    at_best = loss(found, judged)
    for slope, height in ((0.01, 0), (-0.01, 0), (0, 0.01), (0, -0.01)):
        near = dataclasses.replace(
            found, slope=found.slope + slope, height=found.height + height
        )
        if near.slope >= 0 and (found.slope > 0 or slope == 0):
            assert loss(near, judged) >= at_best - 1e-9


def loss(curve, judged):
    """What the fit makes small: the log loss and the pull to the curve of no change."""
    shares = [curve.confidence(each.raw) for each in judged]
    pairs = zip(shares, judged, strict=True)
    missed = -sum(math.log(p if each.right else 1 - p) for p, each in pairs)
    return missed + (curve.slope - 1) ** 2 / 2 + curve.height**2 / 2


@given(SCORES, st.floats(0.2, 5))
def test_a_temperature_keeps_order_and_sum(scores, temperature):
    flat = flattened(scores, temperature)
    assert sum(flat.values()) == pytest.approx(1)
    order = sorted(scores, key=scores.__getitem__)
    shares = [flat[name] for name in order]
    assert all(one <= next_ + 1e-12 for one, next_ in pairwise(shares))
    assert flattened(scores, 1.0) == pytest.approx(scores)


@given(SCORES, st.floats(0.05, 0.99))
def test_scores_are_stretched_until_the_best_is_as_wanted(scores, share):
    ordered = sorted(scores.values())
    assume(ordered[-1] > ordered[-2] * 1.1)
    best = max(scores, key=scores.__getitem__)
    found = with_top(scores, share)
    assert max(found, key=found.__getitem__) == best
    assert found[best] == pytest.approx(max(share, 1 / len(scores)), abs=0.01)


def test_equal_scores_stay_equal():
    assert with_top({"a": 0.5, "b": 0.5}, 0.9) == pytest.approx({"a": 0.5, "b": 0.5})


def test_before_enough_is_judged_a_known_model_gets_its_usual_temperature():
    [(model, temperature), *_] = TEMPERATURES.items()
    assert temperature_of("another") == USUAL_TEMPERATURE
    for name in (model, f"{model}:q4_0"):
        given_outcome = dataclasses.replace(
            outcome(answer_of(QUEUE, "text"), confidence=0.75), model=name
        )
        found = calibrated(given_outcome, Calibration(judged=12), QUEUE)
        flat = flattened(given_outcome.answer.scores, temperature)
        assert found.answer.scores == pytest.approx(flat)
        assert found.confidence == found.raw == max(found.answer.scores.values())
        assert (found.judged, found.lane) == (12, Lane.CHECK)


def test_the_scores_of_a_classification_follow_the_confidence():
    calibration = calibration_of(sightings(60, says=0.75, right=0.95))
    found = calibrated(outcome(answer_of(QUEUE, "text")), calibration, QUEUE)
    assert found.confidence > 0.85
    assert isinstance(found.answer, Classification)
    assert found.answer.scores[found.answer.label] == pytest.approx(found.confidence)
    flat = flattened({"technical": 0.75, "billing": 0.25}, USUAL_TEMPERATURE)
    assert found.raw == pytest.approx(flat["technical"])


def test_labels_of_a_tagging_are_sure_together():
    answer = Tagging(labels=("price",), scores={"price": 0.9, "taste": 0.2})
    found = calibrated(outcome(answer), UNJUDGED, TAGS)
    assert found.confidence == pytest.approx(0.9 * 0.8, abs=0.1)
    assert found.confidence == math.prod(
        (found.answer.scores["price"], 1 - found.answer.scores["taste"])
    )
    assert found.answer.labels == ("price",)


def test_an_answer_without_confidence_stays_so():
    found = calibrated(
        outcome(answer_of(SHORT, "text"), confidence=None), Calibration(judged=40), SHORT
    )
    assert (found.confidence, found.lane) == (None, Lane.CHECK)


def value(text):
    return Value(text=text, start=0, end=len(text), confidence=1.0, value=text)


@pytest.mark.parametrize(
    ("task", "answer", "correction", "fits"),
    [
        (QUEUE, answer_of(QUEUE, "x"), "technical", True),
        (QUEUE, answer_of(QUEUE, "x"), "billing", False),
        (TAGS, Tagging(labels=("a", "b"), scores={}), ["b", "a"], True),
        (TAGS, Tagging(labels=("a",), scores={}), [], False),
        (TAGS, Tagging(labels=("neither",), scores={}), [], True),
        (TAGS, Tagging(labels=("neither",), scores={}), ["neither"], True),
        (RECEIPT, Extraction(fields={"a": (value("x  y"),)}), {"a": ["x y"]}, True),
        (RECEIPT, Extraction(fields={"a": (), "b": ()}), {"a": []}, True),
        (RECEIPT, Extraction(fields={"a": (value("x"),)}), {}, False),
        (RECEIPT, Extraction(fields={"a": (value("x"),)}), {"b": ["x"]}, False),
        (PLAIN, answer_of(PLAIN, "so it is"), "SO IT IS ", True),
        (SHORT, answer_of(SHORT, "so it is"), "another", False),
        (QUEUE, answer_of(QUEUE, "x"), ["technical"], False),
    ],
)
def test_an_answer_is_right_when_it_is_what_the_user_says(task, answer, correction, fits):
    assert is_right(task, answer, correction) is fits
    assert is_right(task, answer, as_correction(answer))


def judged_history(count, *, model="tiny", raw=0.9, **more):
    history = FakeHistory()
    for number in range(count):
        told = dataclasses.replace(outcome(answer_of(QUEUE, "x")), model=model, raw=raw)
        answer = "technical" if number % 10 else "billing"
        history.add(record(f"t{number}", outcome=told, correction=answer, **more))
    return history


def test_the_history_tells_the_calibration_of_a_task_with_a_model():
    found = Calibrations(judged_history(40), FakeHeads())(QUEUE, "tiny")
    assert found.judged == 40
    assert found.confidence(0.9) == pytest.approx(0.9, abs=0.05)
    assert Calibrations(judged_history(MOST + 9), FakeHeads())(QUEUE, "tiny").judged == MOST


@pytest.mark.parametrize(
    ("own", "fixed", "promised"),
    [(None, False, 0.05), (None, True, 0.05), (20, False, 0.2), (20, True, 0.05),
     (2, False, 0.02), (2, True, 0.02)],
)  # fmt: skip
def test_a_task_promises_what_it_likes_and_never_more_than_is_fixed(own, fixed, promised):
    task = dataclasses.replace(QUEUE, promised_error=own)
    assert promised_by(task, 5, fixed=fixed) == promised


def test_the_promise_of_a_task_is_kept_and_changes_nothing_else():
    history = judged_history(60)
    promising = dataclasses.replace(QUEUE, promised_error=40)

    def promised(task):
        return promised_by(task, 5, fixed=False)

    calibrations = Calibrations(history, FakeHeads(), promised)
    usual, own = calibrations(QUEUE, "tiny"), calibrations(promising, "tiny")
    assert (usual.judged, own.judged) == (60, 60)
    assert (usual.promised, own.promised) == (0.05, 0.4)
    assert usual.limit == 0 < own.limit


def test_other_layouts_of_the_model_count_and_other_models_and_versions_do_not():
    history = judged_history(40, model="tiny:q8_0")
    assert Calibrations(history, FakeHeads())(QUEUE, "tiny:q4_0").judged == 40
    assert Calibrations(history, FakeHeads())(QUEUE, "large") == UNJUDGED
    changed = dataclasses.replace(QUEUE, instruction="Another?")
    assert Calibrations(history, FakeHeads())(changed, "tiny") == UNJUDGED


def test_a_correction_counts_at_once_and_an_answer_from_before_calibrations_never():
    history = judged_history(40)
    calibrations = Calibrations(history, FakeHeads())
    before = calibrations(QUEUE, "tiny")
    history.correct(5, "billing", history.get(5).at)
    assert calibrations(QUEUE, "tiny").confidence(0.9) < before.confidence(0.9)
    assert (
        Calibrations(judged_history(40, raw=None), FakeHeads())(QUEUE, "tiny") == UNJUDGED
    )


def test_a_history_that_cannot_be_read_knows_nothing():
    class Damaged(FakeHistory):
        def judged(self, task_id, task_version, limit):
            raise DataDamaged

    assert Calibrations(Damaged(), FakeHeads())(QUEUE, "tiny") == UNJUDGED


def receipts(count, *, wrong):
    """A history of receipts; every `wrong`-th company was another one, no way ever."""
    history = FakeHistory()
    for number in range(count):
        told = dataclasses.replace(outcome(INN), model="tiny", raw=0.8)
        name = "Inn" if number % wrong else "Bar"
        right = {"company": [name], "way": []}
        history.add(record(f"Inn {number}", task=RECEIPT, outcome=told, correction=right))
    return history


def test_every_field_of_an_extraction_has_a_calibration_of_its_own():
    tell = Calibrations(receipts(60, wrong=3), FakeHeads(), lambda _: 0.1)
    calibration = tell(RECEIPT, "tiny:q4_0")
    company, way = (calibration.fields[name] for name in ("company", "way"))
    assert company.judged == way.judged == calibration.judged == 60
    usual = field_sureness(RECEIPT, INN, "tiny", 0)
    assert company.confidence(usual["company"]) == pytest.approx(2 / 3, abs=0.05)
    assert way.confidence(usual["way"]) > 0.9
    assert tell(RECEIPT, "large").fields["way"].judged == 0


def test_fields_have_lanes_and_their_values_a_confidence_that_was_learned():
    calibration = Calibrations(receipts(60, wrong=3), FakeHeads(), lambda _: 0.1)(
        RECEIPT, "tiny"
    )
    told = calibrated(outcome(INN, confidence=0.8), calibration, RECEIPT)
    assert told.lanes == {"company": Lane.CHECK, "way": Lane.SURE}
    [company] = told.answer.fields["company"]
    assert company.confidence == pytest.approx(2 / 3, abs=0.05)
    assert told.answer.sure == INN.sure
    old = dataclasses.replace(INN, sure={})
    assert calibrated(outcome(old, confidence=0.8), calibration, RECEIPT).lanes == {}


def test_a_text_with_a_failed_check_looks_less_sure_and_is_never_accepted_unseen():
    calibration = Calibration(judged=100, limit=0.5)
    good = Check(name="numbers", ok=True)
    bad = Check(name="negation", ok=False)
    plain, failed = (
        calibrated(
            outcome(Summary(text="So.", parts=(), checks=checks), confidence=0.9),
            calibration,
            SHORT,
        )
        for checks in ((good,), (good, bad))
    )
    assert (plain.raw, plain.lane) == (0.9, Lane.SURE)
    assert failed.raw == pytest.approx(0.45)
    assert failed.lane is not Lane.SURE
