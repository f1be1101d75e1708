"""Which examples stand in the prompt of a task that writes, and how they are known."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onhand.domain.chat_examples import stand_in_prompt
from onhand.domain.prompting import prompt_of
from onhand.domain.shown_examples import LETTERS, LONGEST, MOST, mark_of, marked, shown_of
from onhand.domain.tasks import Example, Rewrite, Summarise

TEXTS = st.text(max_size=30) | st.integers(0, 900).map("x".__mul__)
EXAMPLES = st.lists(
    st.builds(Example, text=TEXTS, answer=TEXTS | st.just(["a"])), max_size=40
)


def pairs(count, letters=1):
    return [
        Example(text=f"{at} " + "t" * letters, answer=f"{at} " + "a" * letters)
        for at in range(count)
    ]


@given(examples=EXAMPLES)
def test_what_is_shown_is_some_of_what_there_is_and_not_too_much(examples):
    shown = shown_of(examples)
    assert len(shown) <= MOST
    rest = iter(examples)
    assert all(any(each is other for other in rest) for each in shown)
    sizes = [len(each.text.strip()) + len(each.answer.strip()) for each in shown]
    assert sum(sizes) <= LETTERS
    assert all(0 < size <= LONGEST for size in sizes)
    assert shown_of(shown) == shown
    fit = [
        each
        for each in examples
        if isinstance(each.answer, str)
        and each.text.strip()
        and each.answer.strip()
        and len(each.text.strip()) + len(each.answer.strip()) <= LONGEST
    ]
    assert bool(shown) == bool(fit)
    if fit:
        assert shown[-1] is fit[-1]


def test_of_many_the_last_is_shown_and_others_spread_evenly():
    assert shown_of(pairs(MOST)) == tuple(pairs(MOST))
    many = pairs(24)
    assert shown_of(many) == tuple(many[2::3])


def test_of_longer_ones_there_are_fewer():
    assert len(shown_of(pairs(24, 200))) == 7
    assert shown_of(pairs(3, LONGEST)) == ()


@given(examples=EXAMPLES, picked=st.lists(st.integers(0, 39)))
def test_examples_are_found_by_their_marks(examples, picked):
    wanted = [examples[at] for at in picked if at < len(examples)]
    found = marked(examples, [mark_of(each) for each in wanted])
    assert [mark_of(each) for each in found] == [mark_of(each) for each in wanted]
    assert marked(examples, ["0" * 16]) == ()


def test_spaces_around_make_no_other_example_of_it():
    one, other = Example(text="a b", answer="c"), Example(text=" a b\n", answer="c\n ")
    assert marked([other], [mark_of(one)]) == (other,)
    assert mark_of(one) != mark_of(Example(text="a b", answer="d"))


@pytest.mark.parametrize("kind", [Rewrite, Summarise])
def test_examples_are_turns_that_were_answered_before(kind):
    task = kind(instruction="Say it.", examples=tuple(pairs(2)))
    prompt = prompt_of(task)
    bare = prompt_of(kind(instruction="Say it."))
    assert (prompt.before, bare.turns) == (bare.before, ())
    asks = {
        user.removeprefix(f"{bare.before}{at} t")
        for at, (user, _) in enumerate(prompt.turns)
    }
    assert len(asks) == 1
    assert [reply for _, reply in prompt.turns] == ["0 a", "1 a"]
    assert stand_in_prompt(task, " 1 t ")
    assert not stand_in_prompt(task, "2 t")
