"""Sets of labels, how far they are right, and whether a difference could be chance."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onhand.domain.label_sets import STEPS, f1_steps, micro_f1, rightness, sign_flips

LABELS = st.frozensets(st.integers(0, 7)).map(sorted)
PAIRS = st.lists(st.tuples(LABELS, LABELS), max_size=12)


@given(LABELS, LABELS)
def test_a_text_counts_from_nothing_to_all(given_, right):
    found = f1_steps(given_, right)
    assert 0 <= found <= STEPS
    assert found == f1_steps(right, given_)
    assert (found == STEPS) == (given_ == right)
    assert rightness(given_, right) == (2 * STEPS if given_ == right else found)
    assert (found == 0) == (not {*given_} & {*right} and given_ != right)


@pytest.mark.parametrize(
    ("given_", "right", "share"),
    [((0, 1), (0,), 2 / 3), ((), (0,), 0), ((0, 1), (1, 2), 1 / 2), ((), (), 1)],
)
def test_it_is_the_harmonic_mean_of_precision_and_recall(given_, right, share):
    assert f1_steps(given_, right) == round(share * STEPS)


@given(PAIRS)
def test_over_all_texts_labels_count_and_not_texts(pairs):
    answers, right = [one for one, _ in pairs], [two for _, two in pairs]
    hits = sum(len({*one} & {*two}) for one, two in pairs)
    wrong = sum(len({*one} ^ {*two}) for one, two in pairs)
    found = micro_f1(answers, right)
    assert found == pytest.approx(2 * hits / (2 * hits + wrong) if hits + wrong else 1)


@given(st.lists(st.integers(-9, 9), max_size=8))
@settings(max_examples=30, deadline=None)
def test_few_differences_have_the_probability_of_all_their_signs(differences):
    found = sum(differences)
    sums = [
        sum(sign * each for sign, each in zip(signs, differences, strict=True))
        for signs in product((-1, 1), repeat=len(differences))
    ]
    exact = sum(each >= found for each in sums) / len(sums)
    assert sign_flips(differences) == pytest.approx(exact, abs=0.03)
    assert sign_flips(differences) == sign_flips(differences)


def test_what_never_differs_is_chance_and_what_always_does_is_not():
    assert sign_flips([]) == sign_flips([0] * 50) == 1.0
    assert sign_flips([1] * 40) < 0.001
    assert sign_flips([-1] * 40) == 1.0
    assert 0 < sign_flips([STEPS] * 5000) < 0.001
