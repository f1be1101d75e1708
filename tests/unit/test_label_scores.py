"""How labels fare, in numbers that others would come to as well."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import f1_score, precision_recall_fscore_support
from sklearn.preprocessing import MultiLabelBinarizer

from onhand.domain.label_scores import label_scores, macro_f1, micro_f1, text_f1
from onhand.domain.label_sets import micro_f1 as of_lessons

SETS = st.lists(st.sampled_from("abcde"), unique=True, max_size=4).map(tuple)
PAIRS = st.lists(st.tuples(SETS, SETS), min_size=1, max_size=30)


@given(pairs=PAIRS.filter(lambda pairs: any(labels for pair in pairs for labels in pair)))
def test_the_figures_are_those_of_scikit_learn(pairs):
    binarizer = MultiLabelBinarizer(classes=[*"abcde"])
    right, given_ = (binarizer.fit_transform(side) for side in zip(*pairs, strict=True))
    scores = label_scores(pairs)
    named = "".join(each.label for each in scores)
    assert set(named) == {label for pair in pairs for side in pair for label in side}
    places = ["abcde".index(each) for each in named]
    for average, mine in (("micro", micro_f1(scores)), ("macro", macro_f1(scores))):
        known = f1_score(right, given_, labels=places, average=average, zero_division=1)
        assert mine == pytest.approx(known, abs=1e-9)
    texts = sum(text_f1(*pair) for pair in pairs) / len(pairs)
    known = f1_score(right, given_, average="samples", zero_division=1)
    assert texts == pytest.approx(known, abs=1e-9)
    columns = precision_recall_fscore_support(right, given_, labels=places, zero_division=0)
    for one, other in zip(scores, zip(*columns, strict=True), strict=True):
        mine = (one.precision, one.recall, one.f1, one.texts)
        assert mine == pytest.approx(other, abs=1e-9)


@given(pairs=PAIRS)
def test_a_lesson_tells_the_same_of_all_labels(pairs):
    numbers = [[["abcde".index(each) for each in side] for side in pair] for pair in pairs]
    right, given_ = zip(*numbers, strict=True)
    assert micro_f1(label_scores(pairs)) == pytest.approx(of_lessons(given_, right))


@given(pairs=PAIRS)
def test_what_is_found_missed_and_wrong_adds_up(pairs):
    for each in label_scores(pairs):
        assert each.found + each.missed == each.texts
        assert each.found + each.wrong == each.given
        assert min(each.found, each.missed, each.wrong) >= 0


def test_where_there_is_no_label_none_is_as_it_should_be():
    scores = label_scores([((), ()), ((), ())])
    assert scores == ()
    assert micro_f1(scores) == macro_f1(scores) == text_f1((), ()) == 1.0
    assert text_f1((), ("a",)) == 0.0
