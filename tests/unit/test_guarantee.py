"""What `sure` promises: tested on judged answers, kept whatever the model says."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from onhand.domain.calibration import ENOUGH, calibration_of, enough
from onhand.domain.guarantee import (
    CURVES,
    DOUBT,
    NOTHING,
    binomial,
    bounded,
    least,
    limit,
    risk,
)
from onhand.domain.logistic_curve import Sighting, fitted, logistic, possible

PROMISED = 0.1
SIGHTING = st.builds(Sighting, st.floats(0, 1), st.booleans())


def drawn(chance, count, *, slope=2.0, height=1.5, floor=0.0):
    """Answers that are right as a curve says, but for a share that is wrong anyhow."""
    found = []
    for _ in range(count):
        x = chance.gauss(0, 1)
        right = chance.random() < (1 - floor) * logistic(slope * x + height)
        found.append(Sighting(logistic(x), right))
    return found


def accepted(judged, others, promised=PROMISED):
    """What becomes of other answers: the rights and wrongs of those that are sure."""
    calibration = calibration_of(judged, promised)
    return [
        each.right
        for each in others
        if risk(calibration.confidence, each.raw, 1.0) <= calibration.limit
    ]


@given(st.integers(1, 60), st.integers(0, 60), st.floats(0.01, 0.5))
@settings(max_examples=60)
def test_the_tail_is_that_of_scipy(count, wrong, promised):
    wrong = min(wrong, count)
    exact = stats.binom.cdf(wrong, count, promised)
    assert binomial(wrong, count, promised) == pytest.approx(exact, abs=1e-9)
    assert bounded(wrong, count, promised) >= exact - 1e-9


@pytest.mark.parametrize(("count", "wrong"), [(2000, 180), (5000, 450), (20_000, 1_900)])
def test_the_tail_of_thousands_is_that_of_scipy(count, wrong):
    exact = stats.binom.cdf(wrong, count, 0.1)
    assert binomial(wrong, count, 0.1) == pytest.approx(exact, rel=1e-6)


def test_a_promise_is_found_among_thousands_of_judged_answers():
    judged = drawn(random.Random(7), 3000)  # noqa: S311 - nothing is secret here
    assert 0 < calibration_of(judged, 0.1).limit < 0.5


def test_as_few_as_the_exact_test_can_do_with_are_needed():
    for promised in (0.01, 0.05, 0.1, 0.5):
        count = least(promised)
        assert binomial(0, count, promised) <= DOUBT < binomial(0, count - 1, promised)
    assert enough(0.1) == ENOUGH
    assert enough(0.01) == least(0.01) > 100


def test_answers_that_are_all_right_are_accepted_once_there_are_enough():
    right = [Sighting(0.9, right=True)] * 200
    assert limit(right, fitted(right), PROMISED) > NOTHING
    few = right[: least(PROMISED) - 1]
    assert limit(few, fitted(few), PROMISED) == NOTHING


def test_answers_of_one_sureness_are_accepted_together_or_not_at_all():
    judged = [Sighting(0.8, right=number % 4 > 0) for number in range(100)]
    assert limit(judged, fitted(judged), PROMISED) == NOTHING
    assert limit(judged, fitted(judged), 0.5) == pytest.approx(
        risk(fitted(judged), 0.8, 1.0)
    )


@given(st.lists(SIGHTING, min_size=ENOUGH, max_size=60))
@settings(max_examples=25, deadline=None)
def test_no_more_of_the_judged_answers_are_accepted_than_both_tests_allow(judged):
    curve = fitted(judged)
    found = limit(judged, curve, PROMISED)
    passed = [each.right for each in judged if risk(curve, each.raw, 1.0) <= found]
    if found > NOTHING:
        risks = [
            (weight, sum(risk(each, one.raw, 1.0) for one in accepted_))
            for each, weight in possible(judged)
            for accepted_ in [[one for one in judged if risk(curve, one.raw, 1) <= found]]
        ]
        most = PROMISED * len(passed) + 1e-9
        assert sum(weight for weight, total in risks if total <= most) >= CURVES - 1e-9
        assert binomial(passed.count(False), len(passed), PROMISED) <= DOUBT
    else:
        assert passed == []


def test_a_promise_is_kept_about_as_often_as_it_says():
    chance = random.Random(5)  # noqa: S311 - a sample, not a secret
    others = drawn(chance, 2000)
    kept, shares = [], []
    for _ in range(25):
        passed = accepted(drawn(chance, 100), others)
        kept.append(passed.count(False) <= PROMISED * len(passed))
        shares.append(len(passed) / len(others))
    assert kept.count(True) >= 0.8 * len(kept)
    ranked = sorted(others, key=lambda each: -each.raw)
    wrong, could = 0, 0
    for place, each in enumerate(ranked, 1):
        wrong += not each.right
        could = place if wrong <= PROMISED * place else could
    assert sum(shares) / len(shares) > 0.25 * could / len(others)


def test_where_no_curve_fits_the_promise_is_seldom_broken():
    chance = random.Random(6)  # noqa: S311 - a sample, not a secret
    others = drawn(chance, 2000, slope=4, height=4, floor=0.12)
    broken = [
        passed.count(False) > PROMISED * len(passed)
        for passed in (
            accepted(drawn(chance, 100, slope=4, height=4, floor=0.12), others)
            for _ in range(20)
        )
    ]
    assert broken.count(True) <= 0.3 * len(broken)


def test_dear_mistakes_make_the_promise_stricter():
    chance = random.Random(7)  # noqa: S311 - a sample, not a secret
    judged = drawn(chance, 200)
    dear = [
        Sighting(each.raw, each.right, stake=3.0, loss=0.0 if each.right else 3.0)
        for each in judged
    ]
    plain = accepted(judged, judged)
    curve = fitted(dear)
    found = limit(dear, curve, PROMISED)
    passed = [each for each in dear if risk(curve, each.raw, each.stake) <= found]
    assert len(passed) < len(plain)
    assert sum(each.cost for each in passed) <= PROMISED * len(passed)


def test_the_curves_that_could_be_lie_around_the_best_one():
    judged = drawn(random.Random(8), 300)  # noqa: S311 - a sample, not a secret
    best, curves = fitted(judged), possible(judged)
    assert curves == possible(judged)
    assert sum(weight for _, weight in curves) == pytest.approx(1)
    for raw in (0.2, 0.5, 0.9):
        mean = sum(weight * each(raw) for each, weight in curves)
        assert mean == pytest.approx(best(raw), abs=0.02)
    fewer = possible(judged[:40])
    spread = [stats.tstd([each(0.5) for each, _ in some]) for some in (fewer, curves)]
    assert spread[0] > 1.5 * spread[1]
