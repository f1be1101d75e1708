"""A smaller model first: what it answers, what that saves, and whether it pays."""

from __future__ import annotations

import dataclasses
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onhand.domain.cascading import Cascade, Worth, cascade, foreseen, why_not
from onhand.domain.evaluating import Answered, Evaluation


def evaluation(answers):
    return Evaluation(model="m", title="M", bytes=1, memory=1, answers=tuple(answers))


def pairs(count, *, same, quick=0.2, slow=2.0):
    """Models of which the small one is sure of a half, and answers it `same` as often."""
    chance = random.Random(4)  # noqa: S311 - a sample, not a secret
    small, large = [], []
    for number in range(count):
        sure = number % 4 < 2
        agrees = chance.random() < (same if sure else 0.5)
        large.append(Answered(right="a", given="a", confidence=0.9, seconds=slow))
        small.append(
            Answered(
                right="a",
                given="a" if agrees else "b",
                confidence=0.95 if sure else 0.55,
                seconds=quick,
            )
        )
    return evaluation(small), evaluation(large)


def test_a_smaller_model_answers_what_it_is_sure_of_and_that_pays():
    found = cascade(*pairs(400, same=1.0), 0.05)
    assert found.worth is Worth.PAYS
    assert found.share == pytest.approx(0.5, abs=0.05)
    assert found.agreement >= 0.95
    assert found.right >= 0.97
    assert found.seconds == pytest.approx(0.2 + 2.0 * (1 - found.share), abs=0.01)
    assert found.alone == (1.0, pytest.approx(2.0))


def test_one_that_often_answers_otherwise_is_never_sure_enough():
    found = cascade(*pairs(400, same=0.7), 0.05)
    assert (found.worth, found.share) == (Worth.NEVER_SURE, 0.0)
    assert found.right == 1.0
    assert found.seconds == pytest.approx(2.2)


def test_where_no_time_is_saved_it_does_not_pay():
    assert cascade(*pairs(400, same=1.0, quick=1.5), 0.05).worth is Worth.NO_TIME


def test_where_more_is_wrong_beyond_chance_it_does_not_pay():
    assert cascade(*pairs(400, same=0.85), 0.3).worth is Worth.WORSE


def test_with_few_texts_nobody_can_say():
    assert cascade(*pairs(40, same=1.0), 0.05).worth is Worth.TOO_FEW


def test_what_has_no_answer_goes_to_the_larger_model():
    small, large = pairs(400, same=1.0)
    failed = [dataclasses.replace(each, given=None) for each in small.answers]
    found = cascade(evaluation(failed), large, 0.05)
    assert (found.worth, found.share, found.right) == (Worth.NEVER_SURE, 0.0, 1.0)


def test_without_labels_the_same_is_foreseen():
    small, large = pairs(400, same=1.0)
    both = list(zip(small.answers, large.answers, strict=True))
    found, labelled = foreseen(both, 0.05), cascade(small, large, 0.05)
    assert found.pays
    assert 0.55 < found.threshold <= 0.95
    assert (found.share, found.seconds) == (labelled.share, labelled.seconds)
    assert (found.agreement, found.alone, found.texts) == (1.0, 2.0, 400)
    assert found.asked == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (pairs(40, same=1.0), Worth.TOO_FEW),
        (pairs(400, same=0.7), Worth.NEVER_SURE),
        (pairs(400, same=1.0, quick=1.5), Worth.NO_TIME),
    ],
)
def test_without_labels_it_is_told_where_it_does_not_pay(made, why):
    small, large = made
    found = foreseen(list(zip(small.answers, large.answers, strict=True)), 0.05)
    assert (found.worth, found.pays) == (why, False)


def test_what_is_saved_leaves_out_what_both_answered():
    small, large = pairs(400, same=1.0)
    found = foreseen(list(zip(small.answers, large.answers, strict=True)), 0.05)
    spared = 500 - found.share * 400
    assert found.saved(1000, 500) == pytest.approx(spared * 2.0 - 1000 * 0.2)
    assert found.saved(400, 200) < 0


@pytest.mark.parametrize("worth", Worth)
def test_why_it_does_not_pay_can_be_said(worth):
    assert (why_not(worth) == "") == (worth is Worth.PAYS)


@given(
    st.lists(
        st.tuples(
            st.sampled_from("ab"), st.sampled_from("ab"), st.none() | st.floats(0, 1)
        ),
        min_size=1,
        max_size=90,
    )
)
def test_any_two_models_can_be_put_in_a_row(rows):
    small = evaluation(Answered(right="a", given=s, confidence=c) for s, _, c in rows)
    large = evaluation(Answered(right="a", given=g, confidence=0.5) for _, g, _ in rows)
    found = cascade(small, large, 0.1)
    assert isinstance(found, Cascade)
    assert 0 <= found.share <= 1
    assert 0 <= found.right <= 1
