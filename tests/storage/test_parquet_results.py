"""Parquet tables out: a child makes them, and other programs read what was made."""

from __future__ import annotations

import io
import math
import sys
from contextlib import closing, suppress
from datetime import UTC, date, datetime

import pytest
from arro3.core import DataType
from arro3.io import read_parquet
from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.stores import FakeRows, FakeSettings
from fakes.tables import cells, write_csv
from fakes.tasks import QUEUE, record
from onhand.batch_wiring import make_parquet, open_output, open_rows, table_command
from onhand.domain.batch_errors import TableUnmade
from onhand.domain.column_kinds import ColumnKind, as_kind, as_text, column_kinds
from onhand.storage.parquet_results import ParquetResults
from onhand.tables import making
from onhand.tables.formats import make_table
from onhand.tables.making import distinct
from onhand.tables.making import make_parquet as pieces

TEXT, NUMBER, WHOLE = DataType.string(), DataType.float64(), DataType.int64()
AT = datetime(2026, 3, 5, 14, 30)  # noqa: DTZ001 - tables have moments without zones


def read(content):
    """The names, the types and the lines of a table, as the library itself reads them."""
    table = read_parquet(io.BytesIO(content)).read_all()
    columns = [cells(column) for column in table.columns]
    lines = [list(line) for line in zip(*columns, strict=True)]
    return table.schema.names, [each.type for each in table.schema], lines


def made(names, lines):
    return b"".join(make_parquet(names, column_kinds(len(names), lines), lines))


def test_the_input_comes_first_and_the_answer_behind_it(tmp_path):
    source = open_rows(FakeSettings(), write_csv(tmp_path / "in.csv", ["one"]), "text")
    out = open_output(tmp_path / "out.parquet")
    out.raise_if_unwritable()
    assert not out.path.exists()
    out.write([record("one", name="n0")], source, QUEUE)
    names, kinds, [line] = read(out.path.read_bytes())
    assert names[:4] == ["id", "text", "label", "confidence"]
    assert kinds == [TEXT] * 3 + [NUMBER] + [TEXT] * 3 + [NUMBER, TEXT]
    assert (line[:3], line[-1]) == (["n0", "one", "technical"], None)


def test_a_column_keeps_its_kind_and_what_is_mixed_is_text():
    lines = [
        [7, 1.5, True, AT, date(2026, 3, 5), 1, 2**53 + 1, "nan", AT.replace(tzinfo=UTC)],
        [None, 2, None, None, None, "x", 3, 0.5, None],
    ]
    _, kinds, found = read(made([*"abcdefghi"], lines))
    assert kinds == [
        *(WHOLE, NUMBER, DataType.bool(), DataType.timestamp("us"), DataType.date32()),
        *(TEXT, WHOLE, NUMBER, DataType.timestamp("us", tz="UTC")),
    ]
    assert found[0][:7] == [*lines[0][:5], "1", 2**53 + 1]
    assert math.isnan(found[0][7])
    assert found[1] == [None, 2.0, None, None, None, "x", 3, 0.5, None]


def test_groups_end_where_they_have_enough():
    long = "x" * (making.CHARACTERS // 2)
    lines = [[long], [long], ["short"]] + [["short"]] * making.ROWS
    sent = [*making.groups(lines, [ColumnKind.TEXT])]
    assert [len(group.rows) for group in sent] == [2, making.ROWS, 1]
    assert read(made(["text"], lines))[2] == lines


def test_rows_are_taken_as_they_are_written():
    taken = []

    def lines():
        for number in range(3 * making.ROWS):
            taken.append(number)
            yield [number]

    with closing(make_parquet(["n"], [ColumnKind.WHOLE], lines())) as coming:
        next(coming)
        assert taken == []
        next(coming)
        assert len(taken) == making.ROWS


def test_a_table_that_was_read_is_written_as_it_was(tmp_path):
    path = tmp_path / "in.parquet"
    path.write_bytes(made(["n", "text", "f"], [[1, "one", 0.5], [2, "two", None]]))
    source = open_rows(FakeSettings(), path, "text")
    out = open_output(tmp_path / "out.parquet")
    out.write([record("one", row=0), record("two", row=1)], source, QUEUE)
    before, after = read(path.read_bytes()), read(out.path.read_bytes())
    assert [part[:3] for part in after[:2]] == [*before[:2]]
    assert [line[:3] for line in after[2]] == before[2]


def test_a_day_that_was_read_is_no_moment(tmp_path):
    path = tmp_path / "in.parquet"
    path.write_bytes(made(["text", "on", "at"], [["one", AT.date(), AT]]))
    source = open_rows(FakeSettings(), path, "text")
    [row] = source.rows()
    assert row.cells == ("one", AT.date(), AT)
    out = open_output(tmp_path / "out.parquet")
    out.write([record("one")], source, QUEUE)
    assert read(out.path.read_bytes())[1][1] == DataType.date32()


def test_names_differ_and_none_is_empty():
    assert distinct(["a", "A", "", "a_2", "column_3", "a"]) == (
        *("a", "A_3", "column_3_2", "a_2", "column_3", "a_4"),
    )


def test_a_child_that_ends_early_leaves_no_table(tmp_path):
    argv = [sys.executable, "-c", "print('no such thing')"]
    out = ParquetResults(tmp_path / "out.parquet", lambda *given: pieces(argv, *given))
    with pytest.raises(TableUnmade, match="has ended"):
        out.write([record("one")], FakeRows("one"), QUEUE)
    with pytest.raises(TableUnmade):
        list(pieces([str(tmp_path / "nowhere")], [], [], []))
    assert list(tmp_path.iterdir()) == []


@settings(deadline=None)
@given(content=st.binary(max_size=200))
def test_whatever_the_child_is_told_it_ends_with_a_failure_of_ours_or_its_own(content):
    """Nothing but the parent speaks to it; what it cannot read ends it."""
    with suppress(ValueError, TableUnmade):  # all that msgspec and Unicode say
        make_table(io.BytesIO(content), lambda piece: None)


CELL = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.text(),
    st.sampled_from(["nan", "inf", "\ud800", "a\0b", "=1+1"]),
    st.dates(),
    st.datetimes(),
    st.datetimes(timezones=st.just(UTC)),
)
COLUMN = st.one_of(
    *(
        st.lists(st.none() | each, min_size=4, max_size=4)
        for each in (CELL, st.text(), st.floats(), st.integers(), st.datetimes())
    )
)


def same(found, cell, kind):
    """Whether a cell is what it was, or its text in a column of texts."""
    if cell is None:
        return found is None
    match kind:
        case ColumnKind.TEXT | ColumnKind.EMPTY:
            halves = [
                c if c < "\ud800" or c > "\udfff" else "\ufffd" for c in as_text(cell)
            ]
            return found == "".join(halves)
        case ColumnKind.NUMBER:
            return found == float(cell) or (math.isnan(found) and math.isnan(float(cell)))
        case _:
            return found == cell


@settings(deadline=None, max_examples=60)
@given(columns=st.lists(COLUMN, min_size=1, max_size=4))
def test_other_programs_read_what_was_made(columns):
    lines = [[*line] for line in zip(*columns, strict=True)]
    kinds = column_kinds(len(columns), lines)
    told = [making.Columns(names=tuple("abcd"[: len(kinds)]), kinds=tuple(kinds))]
    told += [*making.groups(lines, kinds), making.Finish()]
    encoded = b"\n".join(making.msgspec.json.encode(each) for each in told)
    sent = []
    make_table(io.BytesIO(encoded), sent.append)
    assert len(sent) == len(told)
    _, _, found = read(b"".join(each.content for each in sent))
    assert len(found) == len(lines)
    for read_back, line in zip(found, lines, strict=True):
        for cell, was, kind in zip(read_back, line, kinds, strict=True):
            assert same(cell, was, kind), (cell, was, kind)


@given(columns=st.lists(COLUMN, min_size=1, max_size=3), cut=st.integers(0, 4))
def test_kinds_do_not_depend_on_the_order_of_the_rows(columns, cut):
    lines = [[*line] for line in zip(*columns, strict=True)]
    kinds = column_kinds(len(columns), lines)
    assert column_kinds(len(columns), lines[cut:] + lines[:cut]) == kinds
    for line in lines:
        for cell, kind in zip(line, kinds, strict=True):
            as_kind(cell, kind)


def test_a_whole_number_reads_the_same_among_texts_however_it_came():
    assert [as_text(cell) for cell in (3, 3.0, 2.5, True, None)] == [
        *("3", "3", "2.5", "True", "")
    ]


def test_the_child_is_this_program():
    assert table_command()[-1] == "table"
