"""How good a model is, in numbers that others would come to as well."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import (
    accuracy_score,
    confusion_matrix,
    f1_score,
    precision_recall_fscore_support,
)
from sklearn.preprocessing import MultiLabelBinarizer

from onhand.domain.answers import Lane
from onhand.domain.evaluating import (
    Answered,
    Evaluation,
    Kept,
)
from onhand.domain.side_by_side import difference, smallest_that_clears

PAIRS = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from("abcd")), min_size=1, max_size=40
)


SETS = st.sets(st.sampled_from("abcd")).map(lambda some: tuple(sorted(some)))
SEVERAL = st.lists(st.tuples(SETS, SETS), min_size=1, max_size=40)


def evaluation(answers, **more):
    known = {"model": "tiny", "title": "Tiny", "bytes": 5, "memory": 9} | more
    return Evaluation(answers=tuple(answers), **known)


def answered(right, given, confidence=None, seconds=0.0):
    return Answered(right=right, given=given, confidence=confidence, seconds=seconds)


@given(pairs=PAIRS)
def test_the_metrics_are_those_of_scikit_learn(pairs):
    found = evaluation(answered(*pair) for pair in pairs)
    right, given_ = zip(*pairs, strict=True)
    assert found.accuracy == pytest.approx(accuracy_score(right, given_), abs=1e-9)
    macro = f1_score(right, given_, average="macro", zero_division=0)
    assert found.macro_f1 == pytest.approx(macro, abs=1e-9)
    names = sorted({*right, *given_})
    assert [each.label for each in found.labels] == names
    scores = precision_recall_fscore_support(right, given_, labels=names, zero_division=0)
    mine = [(each.precision, each.recall, each.f1, each.texts) for each in found.labels]
    for one, other in zip(mine, zip(*scores, strict=True), strict=True):
        assert one == pytest.approx(other, abs=1e-9)
    matrix = confusion_matrix(right, given_, labels=[*"abcd"])
    for row, one in enumerate("abcd"):
        for column, other in enumerate("abcd"):
            assert found.confusion.get((one, other), 0) == matrix[row][column]


@given(pairs=SEVERAL)
def test_of_any_number_of_labels_they_are_those_of_scikit_learn_too(pairs):
    found = evaluation(answered(*pair) for pair in pairs)
    assert found.several
    binarizer = MultiLabelBinarizer(classes=[*"abcd"])
    right, given_ = (binarizer.fit_transform(side) for side in zip(*pairs, strict=True))
    assert found.accuracy == pytest.approx(accuracy_score(right, given_), abs=1e-9)
    some = [each.label for each in found.labels]
    places = ["abcd".index(each) for each in some]
    known = {
        average: f1_score(right, given_, average=average, labels=of, zero_division=1)
        for average, of in (("micro", None), ("macro", places or None), ("samples", None))
    }
    assert found.micro_f1 == pytest.approx(known["micro"], abs=1e-9)
    assert found.macro_f1 == pytest.approx(known["macro"], abs=1e-9)
    assert found.text_f1 == pytest.approx(known["samples"], abs=1e-9)
    low, high = found.micro_interval
    assert 0 <= low <= found.micro_f1 <= high <= 1
    assert found.confusion == {}
    assert found.mean_cost == pytest.approx(1 - found.accuracy)


def test_of_several_labels_all_must_be_right_and_no_answer_is_not_none_of_them():
    pairs = [((), ()), (("a",), ("a", "b")), ((), None), (("a", "b"), ("a", "b"))]
    found = evaluation(answered(*pair) for pair in pairs)
    assert [each.is_right for each in found.answers] == [True, False, False, True]
    assert [each.f1 for each in found.answers] == pytest.approx([1, 2 / 3, 0, 1])
    assert (found.failed, found.bare) == (1, 2)
    assert not evaluation([answered("a", "a")]).several


def test_a_text_without_an_answer_is_wrong():
    found = evaluation([answered("a", "a"), answered("a", None)])
    assert (found.accuracy, found.failed) == (0.5, 1)
    assert found.confusion == {("a", "a"): 1, ("a", ""): 1}
    assert [(each.label, each.recall) for each in found.labels] == [("a", 0.5)]


def test_the_calibration_error_is_the_mean_distance_in_ten_bins():
    rows = [(0.95, True), (0.95, False), (0.55, True), (0.55, True)]
    found = evaluation(answered("a", "a" if right else "b", c) for c, right in rows)
    assert found.calibration_error == pytest.approx(0.45)
    assert [(each.answers, each.right) for each in found.reliability] == [(2, 1), (2, 0.5)]
    assert evaluation([answered("a", "a", 1.0)]).calibration_error == 0.0
    assert evaluation([answered("a", "a")]).calibration_error is None


@given(pairs=PAIRS)
def test_the_interval_is_around_the_accuracy(pairs):
    found = evaluation(answered(*pair) for pair in pairs)
    low, high = found.interval
    assert 0 <= low <= found.accuracy <= high <= 1
    assert found.interval == evaluation(answered(*pair) for pair in pairs).interval


def test_more_texts_make_the_interval_narrower():
    few, many = (
        evaluation([answered("a", "a"), answered("a", "b")] * times) for times in (10, 1000)
    )
    assert few.interval == pytest.approx((0.3, 0.7), abs=0.1)
    assert many.interval == pytest.approx((0.478, 0.522), abs=0.01)


@pytest.mark.parametrize(
    ("right", "texts", "interval"),
    # As statsmodels' proportion_confint(method="wilson") has them.
    [(12, 12, (0.7575, 1.0)), (0, 12, (0.0, 0.2425)), (45, 50, (0.7864, 0.9565))],
)
def test_the_interval_is_wilsons_and_never_a_point(right, texts, interval):
    rows = [answered("a", "a")] * right + [answered("a", "b")] * (texts - right)
    assert evaluation(rows).interval == pytest.approx(interval, abs=0.0001)


def test_what_is_kept_is_surer_and_less_often_wrong():
    rows = [("a", 0.9), ("a", 0.8), ("b", 0.3), ("b", 0.2)]
    found = evaluation(answered("a", given_, sure) for given_, sure in rows)
    assert found.kept(0.0) == Kept(share=1.0, wrong=0.5, cost=0.5)
    assert found.kept(0.5) == Kept(share=0.5, wrong=0.0, cost=0.0)
    assert found.kept(0.95) == Kept(share=0.0, wrong=0.0, cost=0.0)


def test_mistakes_cost_what_the_task_says_and_no_answer_a_usual_one():
    rows = [answered("a", "b", 0.9), answered("b", "a", 0.8), answered("a", "a", 0.7)]
    found = evaluation([*rows, answered("a", None)], costs={"b>a": 3.0})
    assert found.mean_cost == pytest.approx((3 + 1 + 0 + 1) / 4)
    assert found.kept(0.75) == Kept(share=0.5, wrong=1.0, cost=2.0)


def test_what_is_called_sure_is_told_apart():
    rows = [answered("a", "a", 0.9), answered("a", "b", 0.9), answered("a", "a", 0.5)]
    sure = [dataclasses.replace(each, lane=Lane.SURE) for each in rows[:2]]
    assert evaluation([*sure, rows[2], rows[2]]).sure == Kept(
        share=0.5, wrong=0.5, cost=0.5
    )
    assert evaluation(rows).sure == Kept(share=0.0, wrong=0.0, cost=0.0)


def test_seconds_are_those_of_texts_that_were_answered():
    rows = [answered("a", "a", seconds=number) for number in range(1, 101)]
    found = evaluation([*rows, answered("a", None, seconds=900)])
    assert (found.seconds(0.5), found.seconds(0.95)) == (51, 96)
    assert evaluation([answered("a", None)]).seconds(0.5) == 0.0


def test_the_smallest_model_that_clears_the_bar_is_by_its_file():
    large = evaluation([answered("a", "a")] * 10, bytes=9, model="large")
    small = evaluation([answered("a", "a")] * 9 + [answered("a", "b")], bytes=2)
    assert smallest_that_clears([large, small], 0.9) is small
    assert smallest_that_clears([large, small], 0.95) is large
    assert smallest_that_clears([small], 0.95) is None


def test_a_difference_is_judged_text_by_text():
    good = evaluation([answered("a", "a")] * 10)
    bad = evaluation([answered("a", "b")] * 10)
    assert difference(good, bad) == pytest.approx(2 / 2**10)
    assert difference(good, good) == 1.0
