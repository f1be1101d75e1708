"""What wrong answers cost, and the answer that is chosen for it."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.heads import FakeHeads
from fakes.stores import FakeHistory, answer_of, outcome
from fakes.tasks import DEAR, QUEUE, RECEIPT, TAGS, record
from onhand.domain.answers import Classification, Lane
from onhand.domain.calibration import UNJUDGED, Calibration, calibrated
from onhand.domain.costs import cheapest, cost, costs_of, counted, stake
from onhand.domain.tasks import NO_COSTS
from onhand.services.calibrating import Calibrations

COSTS = DEAR.costs
SHARES = st.dictionaries(st.sampled_from("abcd"), st.floats(0.01, 1), min_size=2)


def test_a_mistake_costs_one_unless_the_task_says_otherwise():
    assert cost(COSTS, "technical", "technical") == 0
    assert cost(COSTS, "technical", "billing") == 3
    assert cost(NO_COSTS, "technical", "billing") == 1
    assert counted(COSTS, "billing", "technical") == 1
    assert counted(COSTS, "technical", "billing") == 3
    assert counted(COSTS, "billing", "billing") == 0


def test_only_a_choice_of_one_label_has_costs():
    assert costs_of(DEAR) == COSTS
    assert costs_of(RECEIPT) == costs_of(TAGS) == {}


@given(SHARES)
def test_without_costs_the_most_probable_answer_is_the_cheapest(shares):
    assert shares[cheapest(NO_COSTS, shares)] == pytest.approx(max(shares.values()))


@given(SHARES, st.dictionaries(st.sampled_from(["a>b", "b>a", "c>a"]), st.floats(0, 9)))
def test_no_other_answer_is_expected_to_cost_less(shares, costs):
    def expected(given_):
        return sum(share * cost(costs, given_, name) for name, share in shares.items())

    chosen = cheapest(costs, shares)
    assert all(expected(chosen) <= expected(each) + 1e-9 for each in shares)


def test_what_is_at_stake_is_the_mean_of_what_could_be_right_instead():
    scores = {"technical": 0.5, "billing": 0.3, "other": 0.2}
    assert stake(NO_COSTS, scores, "technical") == 1
    assert stake(COSTS, scores, "technical") == pytest.approx((0.3 * 3 + 0.2) / 0.5)
    assert stake(COSTS, {"technical": 1.0}, "technical") == 1


def test_the_answer_becomes_the_one_that_is_expected_to_cost_least():
    answer = Classification(label="technical", scores={"technical": 0.7, "billing": 0.3})
    told = dataclasses.replace(outcome(answer, confidence=0.7), taught=9)
    plain = calibrated(told, UNJUDGED, QUEUE)
    dear = calibrated(told, UNJUDGED, dataclasses.replace(QUEUE, costs=COSTS))
    assert (plain.answer.label, plain.confidence) == ("technical", pytest.approx(0.7))
    assert (dear.answer.label, dear.confidence) == ("billing", pytest.approx(0.3))
    assert dear.answer.scores == plain.answer.scores


def test_a_dear_answer_must_be_surer_to_be_accepted():
    calibration = Calibration(judged=100, limit=0.1)
    assert calibration.lane(0.95) is Lane.SURE
    assert calibration.lane(0.95, 3.0) is Lane.CHECK
    assert calibration.lane(0.97, 3.0) is Lane.SURE


def test_judged_answers_count_by_the_costs_that_the_task_has_now():
    history = FakeHistory()
    for number in range(60):
        told = dataclasses.replace(
            outcome(answer_of(QUEUE, "x")), model="tiny", raw=0.9 + number / 1000
        )
        right = "technical" if number % 20 else "billing"
        history.add(record(f"t{number}", outcome=told, correction=right))
    limits = [
        Calibrations(history, FakeHeads(), lambda _: 0.2)(task, "tiny").limit
        for task in (QUEUE, DEAR)
    ]
    assert limits[0] > 0 == limits[1]
