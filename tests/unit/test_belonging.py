"""A text that belongs nowhere: no label stands out."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onhand.domain.belonging import FLAT, flat_of, flatness, standing_out, with_none
from onhand.domain.tasks import Classify, Label
from onhand.services.classifying import Evidence, judge


def normalise(shares):
    return [share / sum(shares) for share in shares]


SHARES = st.lists(st.floats(1e-9, 1), min_size=2, max_size=9).map(normalise)
TASK = Classify(
    instruction="Which?",
    labels=tuple(Label(name=name) for name in ("a", "b", "c", "d")),
    none="nothing",
)


def judged(*shares):
    """The label for a text whose answers have these probabilities."""
    return judge(TASK, Evidence(((1, (tuple(map(math.log, shares)),)),))).answer


def test_flatness_goes_from_one_label_to_all():
    assert flatness([1.0, 0.0, 0.0]) == 0
    assert flatness([0.25] * 4) == pytest.approx(1)
    assert 0.4 < flatness([0.9, 0.1]) < 0.5
    assert flatness([1.0]) == 0


def test_a_label_that_stands_out_is_taken():
    assert judged(0.7, 0.1, 0.1, 0.05, 0.05).label == "a"


def test_where_no_label_stands_out_the_text_belongs_nowhere():
    answer = judged(0.27, 0.24, 0.24, 0.24, 0.01)
    assert answer.label == "nothing"
    assert answer.scores["nothing"] > answer.scores["a"] > answer.scores["b"]


def test_what_the_model_itself_calls_none_is_none():
    assert judged(0.3, 0.01, 0.01, 0.01, 0.67).label == "nothing"


def test_where_flatness_tells_nothing_of_a_model_the_best_label_is_taken():
    shares = [0.27, 0.24, 0.24, 0.24, 0.01]
    for model in ("smollm2-135m", "smollm2-135m:q8_0"):
        assert with_none(shares, flat_of(model)) == pytest.approx(shares)
    assert with_none(shares, flat_of("another-1.5b")) == with_none(shares)


def test_a_task_without_such_an_answer_takes_the_best_label():
    task = Classify(instruction="Which?", labels=TASK.labels)
    logs = tuple(map(math.log, (0.26, 0.25, 0.25, 0.24)))
    assert judge(task, Evidence(((1, (logs,)),))).answer.label == "a"


@given(SHARES)
def test_shares_stay_probabilities_in_the_order_of_the_labels(shares):
    found = with_none(shares)
    assert sum(found) == pytest.approx(1)
    assert found[-1] >= shares[-1] - 1e-12
    *labels, _ = shares
    for one, other in zip(labels, found, strict=False):
        assert other <= one + 1e-12
    assert max(labels) - 1e-12 <= labels[found.index(max(found[:-1]))]


@given(SHARES.filter(lambda shares: len(shares) > 2))
def test_none_is_ahead_just_where_labels_are_flat_or_it_was(shares):
    *labels, none = shares
    known = sum(labels)
    flat = flatness([share / known for share in labels])
    *others, nothing = with_none(shares)
    if abs(flat - FLAT) > 1e-9 and abs(none - max(labels)) > 1e-9:
        assert (nothing > max(others)) is (flat > FLAT or none > max(labels))


EVEN = [0.2] * 5


def applying(shares, usual=EVEN):
    return [at for at, share in enumerate(standing_out(shares, usual)) if share >= 0.5]


@pytest.mark.parametrize(
    ("shares", "labels"),
    [
        ([0.9, 0.04, 0.03, 0.02, 0.01], [0]),
        ([0.47, 0.47, 0.02, 0.02, 0.02], [0, 1]),
        ([0.2, 0.2, 0.2, 0.2, 0.2], []),
        ([0.3, 0.02, 0.02, 0.02, 0.64], []),
        ([0.4, 0.02, 0.02, 0.2, 0.36], [0]),
    ],
)
def test_labels_apply_that_are_more_probable_than_usual(shares, labels):
    assert applying(shares) == labels


def test_many_labels_that_are_all_alike_do_not_apply_and_a_few_may():
    assert applying([0.18, *[0.15] * 5, 0.07], [1 / 7] * 7) == []
    assert applying([0.3, 0.3, 0.3, 0.1], [0.25] * 4) == [0, 1, 2]


def test_what_is_usual_is_no_reason():
    usual = [0.6, 0.1, 0.1, 0.1, 0.1]
    assert applying(usual, usual) == []
    assert applying([0.4, 0.45, 0.05, 0.05, 0.05], usual) == [1]


def test_a_single_label_applies_or_not():
    assert applying([0.9, 0.1], [0.7, 0.3]) == [0]
    assert applying([0.6, 0.4], [0.7, 0.3]) == []
    assert applying([0.99, 0.01], [0.9, 0.1]) == [0]


@given(SHARES, st.data())
def test_each_label_gets_a_probability_in_the_order_of_what_is_more_than_usual(
    shares, data
):
    usual = data.draw(
        st.lists(st.floats(1e-9, 1), min_size=len(shares), max_size=len(shares)).map(
            normalise
        )
    )
    found = standing_out(shares, usual)
    assert len(found) == len(shares) - 1
    assert all(0 <= share <= 1 for share in found)
    gains = [
        (one / (1 - one + 1e-12)) / (two / (1 - two + 1e-12))
        for one, two in zip(shares, usual, strict=True)
    ]
    best = max(range(len(found)), key=found.__getitem__)
    assert found[best] == pytest.approx(found[gains.index(max(gains[:-1]))])
