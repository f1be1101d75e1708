"""Drafts: what is proposed, and what they save."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onhand.engine.llama.costs import LONGEST, URGENT, Costs
from onhand.engine.llama.drafting import MOST, Drafter

TOKENS = st.lists(st.integers(0, 5), max_size=60)
SPEEDS = st.floats(0.1, 1e4)


def best_length(costs, right, most=MOST):
    """The length of a single draft."""
    [length] = costs.best_lengths([(right, most)])
    return length


def proposed(drafter, costs, written, room):
    """A draft as long as is worth its time."""
    draft = drafter.propose(written, room)
    return draft.tokens[: best_length(costs, draft.right, len(draft.tokens))]


def passes(source, output):
    """How many passes writing takes, when each checks a token and a draft behind it."""
    costs, drafter, written, count = Costs(more=0.01), Drafter(source), [], 0
    while len(written) < len(output):
        written.append(output[len(written)])
        draft = proposed(drafter, costs, written, len(output) - len(written))
        right = 0
        for token in draft:
            if token != output[len(written)]:
                break
            written.append(token)
            right += 1
        drafter.learn(draft, right)
        count += 1
    assert written == output
    return count


def changed(source, at, cut, put):
    return source[:at] + put + source[at + cut :]


SOURCE = list(range(200))


def test_what_repeats_its_source_takes_few_passes():
    assert passes(SOURCE, SOURCE) <= len(SOURCE) / (MOST * 0.6)


def test_a_replaced_an_added_and_a_missing_token_cost_a_pass_or_two_each():
    whole = passes(SOURCE, SOURCE)
    for cut, put in ((1, [900]), (0, [900]), (1, []), (3, [900, 901]), (5, [])):
        assert passes(SOURCE, changed(SOURCE, 100, cut, put)) <= whole + 3


def test_a_part_that_moved_is_found_again():
    moved = SOURCE[100:] + SOURCE[:100]
    # After each jump it takes some tokens to trust the place that was found.
    assert passes(SOURCE, moved) <= passes(SOURCE, SOURCE) + 8


def test_what_has_nothing_of_its_source_soon_costs_no_drafts():
    drafter, costs = Drafter(SOURCE), Costs()
    written, tried = [], 0
    for token in range(1000, 1100):
        written.append(token)
        draft = proposed(drafter, costs, written, 50)
        tried += len(draft)
        drafter.learn(draft, 0)
    assert tried < 20


def test_drafts_come_back_after_a_bad_beginning():
    costs = Costs(single=1.0, more=0.2)
    drafter, written, drafted = Drafter(SOURCE), [], 0
    for token in [900, 901, 902, *SOURCE]:
        written.append(token)
        draft = proposed(drafter, costs, written, 50)
        drafted += len(draft)
        drafter.learn(draft, 0 if len(written) < 10 else len(draft))
    assert drafted > len(SOURCE)


@given(source=TOKENS, output=TOKENS)
def test_any_output_is_written_whatever_its_source(source, output):
    assert passes(source, output) <= len(output)


@given(source=TOKENS, output=TOKENS.filter(bool), room=st.integers(0, 40))
def test_a_draft_is_a_piece_of_the_source_and_no_longer_than_asked(source, output, room):
    _, draft = Drafter(source).propose(output, room)
    assert len(draft) <= min(room, MOST)
    assert any(source[at : at + len(draft)] == draft for at in range(len(source) + 1))


@given(read=SPEEDS, write=SPEEDS, right=st.floats(0, 1))
def test_a_draft_is_worth_its_time(read, write, right):
    costs = Costs.of(read, write)
    length = best_length(costs, right)
    expected = sum(right**step for step in range(length + 1))
    assert expected / costs(1 + length) >= (1 - 1e-9) / costs(1)


DRAFTS = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 5)), min_size=1, max_size=4)


@given(read=SPEEDS, write=SPEEDS, drafts=DRAFTS)
def test_drafts_of_several_texts_share_a_pass_as_well_as_any_could(read, write, drafts):
    costs = Costs.of(read, write)

    def speed(lengths):
        expected = [
            sum(right**step for step in range(length + 1))
            for (right, _), length in zip(drafts, lengths, strict=True)
        ]
        value = sum(expected) + (URGENT - 1) * expected[0]
        return value / costs(len(lengths) + sum(lengths))

    lengths = costs.best_lengths(drafts)
    assert all(
        0 <= length <= most for length, (_, most) in zip(lengths, drafts, strict=True)
    )
    any_lengths = itertools.product(*(range(most + 1) for _, most in drafts))
    assert speed(lengths) >= max(map(speed, any_lengths)) * (1 - 1e-9)


@given(drafts=st.lists(st.tuples(st.floats(0, 1), st.integers(0, MOST)), max_size=LONGEST))
def test_no_pass_is_longer_than_what_is_known_of_passes(drafts):
    lengths = Costs(more=0.001).best_lengths(drafts)
    assert len(drafts) + sum(lengths) <= LONGEST


def test_a_pass_fills_the_blocks_of_kernels():
    """Fifteen tokens may take longer than sixteen."""
    costs = Costs(single=1.0, more=0.3)
    assert costs(16) < costs(15)
    assert [best_length(costs, right) + 1 for right in (0.8, 0.9, 0.98)] == [4, 4, 16]


def test_drafts_are_long_where_checking_is_cheap_and_right():
    assert best_length(Costs(single=10, more=0.1), 0.99) == MOST
    assert best_length(Costs(single=10, more=5), 0.4) == 0
    assert best_length(Costs.of(0, 0), 0.9) == best_length(Costs(), 0.9)


@given(
    single=st.floats(0.01, 1),
    start=st.floats(1, 4),
    more=st.floats(0.05, 1),
    lengths=st.lists(st.integers(1, MOST + 1), max_size=60),
)
def test_what_passes_take_is_learned_from_them(single, start, more, lengths):
    """Whatever was supposed at first, the last passes count."""
    passes_at_last = [1, 4, 8, 15, 16, 32] * 200
    costs = Costs(single=5.0, more=5.0)
    for tokens in lengths + passes_at_last:
        took = single if tokens == 1 else single * (start + more * tokens)
        costs.learn(tokens, took)
    for tokens in (1, 8, 15, 16, 32):
        right = single if tokens == 1 else single * (start + more * tokens)
        assert costs(tokens) == pytest.approx(right, rel=0.05)
