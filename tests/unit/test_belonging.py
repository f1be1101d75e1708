"""A text that belongs nowhere: no label stands out."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onhand.domain.belonging import FLAT, flatness, with_none
from onhand.domain.tasks import Classify, Label
from onhand.services.classifying import Evidence, judge

SHARES = st.lists(st.floats(1e-9, 1), min_size=2, max_size=9).map(
    lambda shares: [share / sum(shares) for share in shares]
)
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
