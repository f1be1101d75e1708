"""The arithmetic of comparing two models."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.tasks import PLAIN, QUEUE, RECEIPT, SHORT, TAGS
from onhand.domain.answers import (
    Check,
    Classification,
    Extraction,
    Rewriting,
    Summary,
    Tagging,
)
from onhand.domain.comparing import (
    CHANCE,
    FEW,
    Compared,
    Comparison,
    Finding,
    Item,
    Reply,
    mcnemar,
    won_by_chance,
)

FIRST = Compared(model="small", title="Small", bytes=10, memory=12)
SECOND = Compared(model="large", title="Large", bytes=30, memory=36)
COUNTS = st.integers(0, 200)


def labelled(first, second, right=None):
    def reply(label):
        if label is None:
            return Reply(answer=None, error="The engine ended unexpectedly")
        return Reply(answer=Classification(label=label, scores={}), seconds=len(label))

    return Item(
        record=1, task=QUEUE, text="x", right=right, replies=(reply(first), reply(second))
    )


def written(first, second, right=None, *, ok=True):
    replies = tuple(
        Reply(
            answer=Rewriting(text=text, checks=(Check(name="numbers", ok=ok),), edits=()),
            seconds=1.0,
        )
        for text in (first, second)
    )
    return Item(record=1, task=PLAIN, text="x", right=right, replies=replies)


def compared(*items, blamed=(0, 0)):
    sides = (replace(FIRST, blamed=blamed[0]), replace(SECOND, blamed=blamed[1]))
    return Comparison(models=sides, items=items)


def by_hand(first, second):
    """The same test by counting every way in which the pairs could have fallen."""
    pairs = first + second
    as_odd = [
        sum(way)
        for way in product((0, 1), repeat=pairs)
        if abs(2 * sum(way) - pairs) >= abs(first - second)
    ]
    return len(as_odd) / 2**pairs


@given(COUNTS, COUNTS)
def test_the_test_does_not_care_which_model_is_named_first(first, second):
    probability = mcnemar(first, second)
    assert 0 < probability <= 1
    assert probability == mcnemar(second, first)
    assert mcnemar(first, first) == 1


@given(st.integers(0, 7), st.integers(0, 7))
def test_the_test_is_that_of_counting_all_ways(first, second):
    assert mcnemar(first, second) == pytest.approx(by_hand(first, second))


@given(st.integers(0, 60), st.integers(0, 60))
def test_a_larger_difference_is_never_more_probable(first, second):
    smaller, larger = sorted((first, second))
    assert mcnemar(smaller, larger + 1) <= mcnemar(smaller, larger) + 1e-12


def test_six_to_none_are_no_chance_and_five_are():
    assert mcnemar(0, 5) > CHANCE > mcnemar(0, 6)
    assert mcnemar(0, 0) == 1


@given(st.integers(0, 7), st.integers(0, 7))
def test_what_is_won_by_chance_is_counted_over_all_ways_as_well(lost, won):
    pairs = lost + won
    ways = [way for way in product((0, 1), repeat=pairs) if sum(way) >= won]
    assert won_by_chance(lost, won) == pytest.approx(len(ways) / 2**pairs)


def test_thousands_of_pairs_are_counted_too():
    assert won_by_chance(1000, 1000) == pytest.approx(0.5, abs=0.01)
    assert mcnemar(900, 1100) < 1e-4
    assert 0 <= won_by_chance(0, 3000) < CHANCE


def test_five_won_and_none_lost_are_no_chance():
    assert won_by_chance(0, 4) > CHANCE > won_by_chance(0, 5)
    assert won_by_chance(5, 0) == won_by_chance(0, 0) == 1


LABELS = st.sampled_from(["billing", "technical", None])
RIGHT = st.sampled_from(["billing", "technical", None])


@given(st.lists(st.tuples(LABELS, LABELS, RIGHT), max_size=40))
def test_the_figures_of_a_comparison_add_up(rows):
    found = compared(*(labelled(*row) for row in rows))
    both = [row for row in rows if None not in row[:2]]
    judged = [row for row in rows if row[2] is not None]
    assert found.comparable == len(both)
    assert found.agreeing == sum(one == other for one, other, _ in both)
    assert found.judged == len(judged)
    for side in (0, 1):
        assert found.right(side) == sum(row[side] == row[2] for row in judged)
        assert found.unanswered(side) == sum(row[side] is None for row in rows)
    first, second = found.only
    assert found.right(0) - found.right(1) == first - second
    assert len(found.changing) == sum(one != other for one, other, _ in rows)
    assert len(found.items) - len(found.changing) >= found.agreeing
    assert (found.finding is Finding.NOTHING) is (not judged)
    if found.finding is Finding.FIRST:
        assert found.right(0) > found.right(1)
    if found.finding is Finding.SECOND:
        assert found.right(1) > found.right(0)


def test_few_items_say_nothing_unless_the_difference_is_plain():
    some = [labelled("billing", "technical", "technical")] * 5
    assert compared(*some).finding is Finding.TOO_FEW
    assert compared(*some, some[0]).finding is Finding.SECOND
    assert compared(*[labelled("billing", "technical", "billing")] * 6).finding is (
        Finding.FIRST
    )
    alike = [labelled("billing", "billing", "billing")] * FEW
    assert compared(*alike).finding is Finding.CHANCE
    assert compared(*alike[1:]).finding is Finding.TOO_FEW


def test_the_seconds_are_those_in_the_middle_of_what_was_answered():
    found = compared(
        labelled("billing", None), labelled("technical", None), labelled(None, None)
    )
    assert found.seconds(0) == (len("billing") + len("technical")) / 2
    assert found.seconds(1) is None


def test_no_answer_is_no_right_answer_and_no_agreement():
    found = compared(labelled("billing", None, "billing"), labelled(None, None, "billing"))
    assert (found.right(0), found.right(1), found.only) == (1, 0, (1, 0))
    assert (found.comparable, found.agreeing) == (0, 0)
    assert len(found.changing) == 1


def test_texts_that_are_written_are_counted_for_themselves():
    found = compared(
        written("One.", "one", right="One."),
        written("Same  text", "Same text"),
        written("1", "2", ok=False),
    )
    assert found.written == 3
    assert (found.comparable, found.judged, found.finding) == (0, 0, Finding.NOTHING)
    assert len(found.changing) == 2
    assert (found.faulty(0), found.faulty(1)) == (1, 1)


def test_neither_order_nor_spaces_make_an_answer_another_one():
    def pair(task, first, second):
        replies = (Reply(answer=first), Reply(answer=second))
        return Item(record=1, task=task, text="x", right=None, replies=replies)

    tags = [Tagging(labels=each, scores={}) for each in (("a", "b"), ("b", "a"))]
    assert pair(TAGS, *tags).same
    empty, none = Extraction(fields={"company": ()}), Extraction(fields={})
    assert pair(RECEIPT, empty, none).same
    words = [Summary(text=each, parts=()) for each in ("a b", "a  b")]
    assert pair(SHORT, *words).same


def test_a_model_looks_worse_on_what_was_chosen_by_its_errors():
    items = [labelled("billing", "technical", "technical")] * 4
    assert not compared(*items, blamed=(2, 0)).looks_worse(0)
    assert compared(*items, blamed=(3, 0)).looks_worse(0)
    assert not compared(*items, blamed=(3, 0)).looks_worse(1)
    assert not compared(blamed=(3, 0)).looks_worse(0)


def test_the_probability_of_nothing_is_one():
    assert math.isclose(compared().probability, 1)
