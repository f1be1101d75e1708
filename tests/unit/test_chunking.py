"""Which rows the engine is asked about at once."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from onhand.services.batch_ports import Row
from onhand.services.chunking import AROUND, BYTES, FULL, MOST, chunked

TEXTS = st.lists(st.one_of(st.text(max_size=60), st.integers(0, 2000).map("x".__mul__)))


def rows(texts):
    return [Row(position=n, name=f"n{n}", text=text) for n, text in enumerate(texts)]


def lengths(chunks):
    return [[len(row.text) for row in chunk] for chunk in chunks]


def tokens(chunk):
    return sum(AROUND + len(row.text.encode()) // BYTES for row in chunk)


@given(TEXTS)
def test_every_row_is_in_one_chunk_and_no_chunk_is_too_large(texts):
    chunks = list(chunked(rows(texts), behind=""))
    found = sorted((row for chunk in chunks for row in chunk), key=lambda row: row.position)
    assert found == rows(texts)
    for chunk in chunks:
        assert 1 <= len(chunk) <= MOST
        assert len(chunk) == 1 or tokens(chunk) <= FULL


@given(TEXTS)
def test_chunks_of_short_texts_are_as_full_as_their_order_allows(texts):
    chunks = [
        chunk for chunk in chunked(rows(texts), behind="") if tokens(chunk[:1]) < FULL
    ]
    for chunk, following in itertools.pairwise(chunks):
        assert len(chunk) == MOST or tokens([*chunk, following[0]]) > FULL


def test_a_long_text_stands_alone_and_does_not_part_the_short_ones():
    texts = ["x" * 100] * 3 + ["x" * 5000] + ["x" * 100] * 3
    assert lengths(chunked(rows(texts), behind="")) == [[5000], [100] * 6]


def test_what_is_asked_behind_each_text_counts():
    texts = rows(["x" * 100] * 20)
    short, long = (next(chunked(texts, behind="?" * size)) for size in (4, 400))
    assert len(long) < len(short)


def test_texts_that_gain_nothing_by_company_stand_alone():
    assert lengths(chunked(rows(["a", "bb"]), behind=None)) == [[1], [2]]


def test_no_more_rows_are_read_than_a_chunk_takes():
    read = []

    def endless():
        for number in range(10**9):
            read.append(number)
            yield Row(position=number, name="", text="text")

    assert len(next(chunked(endless(), behind=""))) == MOST
    assert len(read) == MOST + 1
