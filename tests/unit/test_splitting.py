"""Cutting long texts: nothing is lost, nothing is too long, and neighbours overlap."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from onhand.domain.splitting import (
    LONGEST_PIECE,
    PASSAGE,
    Part,
    halved,
    packed,
    passages_of,
    pieces_of,
)


def texts_of(text: str) -> list[str]:
    return [text[piece.start : piece.end] for piece in pieces_of(text)]


@given(st.text())
@example("One. Two! \r\nThree?\n\n\nFour; five: six…")
@example("早上好。你好！再见？")
@example("a\u0301😀. " * 300)
@example("x" * (LONGEST_PIECE * 3 + 1))
@example(" " * (LONGEST_PIECE * 2))
def test_the_pieces_join_to_the_text(text):
    pieces = pieces_of(text)
    assert "".join(texts_of(text)) == text
    assert all(0 < piece.end - piece.start <= LONGEST_PIECE for piece in pieces)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("", []),
        ("One sentence", ["One sentence"]),
        ("One. Two! Three?", ["One. ", "Two! ", "Three?"]),
        ('He said "no." She left.', ['He said "no." ', "She left."]),
        ("first line\nsecond line\n\nthird", ["first line\n", "second line\n\n", "third"]),
        ("早上好。你好！", ["早上好。", "你好！"]),
        ("Costs 3.50 at example.org", ["Costs 3.50 at example.org"]),
        ("One; two: three", ["One; ", "two: ", "three"]),
    ],
)
def test_a_text_is_cut_where_sentences_and_lines_end(text, pieces):
    assert texts_of(text) == pieces


def test_a_long_run_without_a_border_is_cut_between_words():
    pieces = texts_of("word " * 200)
    assert len(pieces) > 1
    assert all(piece.endswith("word ") for piece in pieces)


def test_a_long_row_of_a_table_is_cut_between_cells():
    pieces = texts_of("4711\t12.50\t" * 100)
    assert len(pieces) > 1
    assert all(piece.endswith("\t") for piece in pieces)


@given(st.text(min_size=2))
@example("a b")
@example("  ")
@example("ab")
def test_a_piece_is_halved_without_loss(text):
    first, second = halved(text, Part(0, len(text)))
    assert first.start == 0 < first.end == second.start < second.end == len(text)


sizes = st.lists(st.integers(0, 30), min_size=1, max_size=60)


@given(sizes, st.integers(30, 100), st.integers(0, 100))
def test_packed_parts_cover_everything_in_order_and_fit(tokens, room, overlap):
    pieces = [Part(number * 10, number * 10 + 10) for number in range(len(tokens))]
    parts = packed(pieces, tokens, room, overlap)
    assert parts[0].start == 0
    assert parts[-1].end == pieces[-1].end
    for part in parts:
        assert sum(tokens[part.start // 10 : part.end // 10]) <= room
    for before, after in pairwise(parts):
        assert before.start < after.start <= before.end < after.end
        again = sum(tokens[after.start // 10 : before.end // 10])
        assert again <= overlap


@given(sizes, st.integers(30, 100))
def test_without_overlap_the_parts_join_to_the_text(tokens, room):
    pieces = [Part(number, number + 1) for number in range(len(tokens))]
    parts = packed(pieces, tokens, room, 0)
    assert all(before.end == after.start for before, after in pairwise(parts))


def test_a_part_begins_with_the_end_of_the_one_before():
    pieces = [Part(number, number + 1) for number in range(6)]
    parts = packed(pieces, [10] * 6, room=40, overlap=15)
    assert parts == [Part(0, 4), Part(3, 6)]


def test_what_fits_at_once_is_one_part():
    assert packed([Part(0, 5), Part(5, 9)], [3, 4], room=7, overlap=2) == [Part(0, 9)]


def test_a_piece_larger_than_the_room_is_a_part_of_its_own():
    pieces = [Part(0, 1), Part(1, 2), Part(2, 3)]
    assert packed(pieces, [5, 50, 5], room=20, overlap=10) == pieces


def test_a_text_of_two_megabytes_is_cut_without_loss():
    text = "The quick brown fox jumps over the lazy dog. " * 46_000
    pieces = pieces_of(text)
    parts = packed(pieces, [12] * len(pieces), room=400, overlap=40)
    assert parts[-1].end == len(text) > 2_000_000
    assert all(before.end > after.start for before, after in pairwise(parts))


def passages(text: str) -> list[str]:
    return [text[each.start : each.end] for each in passages_of(text)]


@given(st.text(alphabet=st.sampled_from("aB .!\n\t,")) | st.text())
@example("One.\n \nTwo.")
@example(" \n\n Heading\n\n" + "word " * 300)
def test_passages_join_to_the_text_and_none_goes_on_behind_an_empty_line(text):
    found = passages(text)
    assert "".join(found) == text
    assert all(0 < len(each) <= LONGEST_PIECE for each in found)
    assert not any("\n\n" in each.strip() for each in found)


def test_short_sentences_are_one_passage_as_far_as_there_is_room():
    sentence = "A sentence of forty characters, no more. "
    assert passages(sentence * 8) == [sentence * 3, sentence * 3, sentence * 2]
    assert len(sentence) * 3 <= PASSAGE < len(sentence) * 4


def test_lines_of_a_list_are_not_torn():
    line = "- connected it to the guest network, which does work\n"
    assert passages(line * 4) == [line * 2 + line, line]


def test_a_sentence_that_is_wrapped_over_lines_is_one_passage():
    wrapped = (
        "please restart the scanner by holding the power key for ten seconds and then\n"
        "Try it once again with the cradle of the other gate, which surely does work, and\n"
        "tell us.\n"
    )
    assert passages(wrapped * 2) == [wrapped, wrapped]


def test_a_sentence_goes_on_behind_a_colon():
    sentence = (
        "Next steps: " + "hire two drivers for Rostock, and renegotiate the rent " * 3
    )
    assert passages(f"{sentence}in May. {sentence}in June.") == [
        f"{sentence}in May. ",
        f"{sentence}in June.",
    ]
