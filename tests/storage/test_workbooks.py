"""Workbooks in and out: a child reads them, and other programs read what is written."""

from __future__ import annotations

import math
import os
import sys
import tempfile
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from arro3.core import Array, DataType, Table, list_array
from arro3.io import write_parquet as write_whole
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from fakes.stores import FakeSettings
from fakes.tables import read_workbook, write_workbook
from fakes.tasks import QUEUE, record
from onhand.batch_wiring import open_rows, table_command
from onhand.domain.errors import InputUnreadable, UsageError
from onhand.domain.policy_errors import DocumentSandboxMissing
from onhand.storage.xlsx_results import MOST_CHARACTERS, XlsxResults
from onhand.tables.client import TableRows
from onhand.tables.protocol import Line
from onhand.tables.workbook import rows_of_workbook

AT = datetime(2026, 3, 5, 14, 30)  # noqa: DTZ001 - workbooks have no zones


def rows_of(path, column="text"):
    return list(TableRows(table_command(), path, column).rows())


def test_cells_keep_what_they_are(tmp_path):
    cells = [7, "one", 1.5, True, AT, date(2026, 3, 5), None, "x"]
    header = ["id", "text", "f", "b", "at", "on", "none", "last"]
    path = write_workbook(tmp_path / "in.xlsx", lines=[header, cells])
    source = TableRows(table_command(), path)
    assert source.columns() == tuple(header)
    assert source.told == "Read from the sheet 'Sheet'."
    [row] = source.rows()
    assert (row.name, row.text) == ("7", "one")
    assert row.cells[:5] == (7, "one", 1.5, True, AT)
    out = tmp_path / "out.xlsx"
    XlsxResults(out).write([record("one", name="7")], source, QUEUE)
    [[names, answered]] = read_workbook(out)
    assert names == [
        *header,
        "label",
        "confidence",
        "lane",
        "route",
        "model",
        "seconds",
        "error",
    ]
    assert answered[:5] == cells[:5]
    assert (answered[6], answered[8]) == (None, "technical")


def test_empty_lines_short_lines_and_empty_sheets_are_passed_over(tmp_path):
    book = Workbook()
    sheet = book.create_sheet("Mails")
    for line in ([], ["id", "text"], [1, "one"], [], [2], [3, "three", "more"]):
        sheet.append(line)
    book.save(tmp_path / "in.xlsx")
    source = TableRows(table_command(), tmp_path / "in.xlsx")
    assert source.told == "Read from the sheet 'Mails', one of 2."
    rows = list(source.rows())
    assert [(row.position, row.text, row.error) for row in rows] == [
        (0, "one", ""),
        (1, "", ""),
        (2, "", "line 6 has 3 cells instead of 2"),
    ]
    assert rows[2].cells == (3, "three\tmore")


def test_no_name_that_is_made_is_an_id_that_is_given(tmp_path):
    lines = [["id", "text"], ["r2", "one"], [None, "two"], [3, "three"]]
    path = write_workbook(tmp_path / "in.xlsx", lines=lines)
    assert [row.name for row in rows_of(path)] == ["r2", "rr2", "3"]


def test_numbers_can_be_the_text(tmp_path):
    path = write_workbook(tmp_path / "in.xlsx", lines=[["text"], [4711], [2.0], [2.5]])
    assert [row.text for row in rows_of(path)] == ["4711", "2", "2.5"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "damaged, or not a workbook"),
        (b"PK\x03\x04 nothing of the kind", "damaged, or not a workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "protected by a password"),
    ],
)
def test_what_is_no_workbook_is_refused(tmp_path, content, told):
    path = tmp_path / "in.xlsx"
    path.write_bytes(content)
    with pytest.raises(InputUnreadable, match=told):
        rows_of(path)


def test_a_workbook_that_is_cut_off_is_refused(tmp_path):
    path = write_workbook(tmp_path / "in.xlsx", [f"text {n}" for n in range(2000)])
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputUnreadable):
        rows_of(path)


def test_a_workbook_that_unpacks_to_more_than_the_memory_ends_its_child_only(tmp_path):
    path = write_workbook(tmp_path / "in.xlsx", ["one"])
    bomb = tmp_path / "bomb.xlsx"
    with (
        zipfile.ZipFile(path) as old,
        zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for name in old.namelist():
            content = old.read(name)
            if name != "xl/worksheets/sheet1.xml":
                new.writestr(name, content)
                continue
            before, after = content.split(b"one")
            with new.open(name, "w", force_zip64=True) as sheet:
                sheet.write(before)
                for _ in range(200):
                    sheet.write(b"a" * (1 << 20))
                sheet.write(after)
    with pytest.raises(InputUnreadable):
        rows_of(bomb)


def test_nobody_goes_on_reading_for_who_has_had_enough(tmp_path):
    path = write_workbook(tmp_path / "in.xlsx", [f"text {n}" for n in range(20_000)])
    rows = TableRows(table_command(), path).rows()
    assert next(rows).text == "text 0"
    rows.close()
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_a_missing_column_is_told(tmp_path):
    path = write_workbook(tmp_path / "in.xlsx", ["one"])
    with pytest.raises(UsageError, match="there is no column 'body'"):
        rows_of(path, "body")


def write_parquet(path, columns):
    arrays = [
        Array(each, type=DataType.string()) if isinstance(each, list) else each
        for each in columns.values()
    ]
    write_whole(Table.from_arrays(arrays, names=list(columns)), path)
    return path


def numbers(*values):
    return Array(values, type=DataType.int64())


def test_parquet_is_read_with_its_numbers_moments_and_lists(tmp_path):
    moments = numbers(int(AT.replace(tzinfo=UTC).timestamp()) * 1_000_000, None)
    columns = {
        "text": ["one", None],
        "id": numbers(1, 2),
        "at": moments.cast(DataType.timestamp("us")),
        "there": moments.cast(DataType.timestamp("us", tz="Europe/Paris")),
        "more": list_array(Array([0, 2, 2], type=DataType.int32()), numbers(1, 2)),
        "share": Array([0.5, math.nan], type=DataType.float64()),
        "bytes": Array([b"ab", None], type=DataType.binary()),
        "sure": Array([True, False], type=DataType.bool()),
    }
    source = open_rows(
        FakeSettings(), write_parquet(tmp_path / "in.parquet", columns), "text"
    )
    assert source.columns() == tuple(columns)
    assert [row.cells for row in source.rows()] == [
        ("one", 1, AT, AT.replace(tzinfo=UTC), "[1, 2]", 0.5, "ab", True),
        (None, 2, None, None, "[]", "nan", None, False),
    ]


def test_a_long_parquet_table_is_read_to_its_end(tmp_path):
    texts = [f"text {n}" for n in range(30_000)]
    path = write_parquet(tmp_path / "in.parquet", {"text": texts})
    assert [row.text for row in open_rows(FakeSettings(), path, "text").rows()] == texts


def test_a_damaged_parquet_table_is_told_and_says_nothing_else(tmp_path, capfd):
    path = write_parquet(tmp_path / "in.parquet", {"text": ["a secret"] * 2000})
    whole = path.read_bytes()
    footer = len(whole) - 60
    broken = [b"", b"PAR1", whole[:-9], whole[20:], b"PAR1" * 40]
    broken += [whole[:place] + b"\xff\xff" + whole[place + 2 :] for place in (5, footer)]
    for content in broken:
        path.write_bytes(content)
        with pytest.raises(InputUnreadable, match="not a Parquet table"):
            list(open_rows(FakeSettings(), path, "text").rows())
    assert capfd.readouterr() == ("", "")


def test_nothing_in_a_workbook_is_run(tmp_path):
    path = write_workbook(tmp_path / "in.xlsx", ["one"])
    source = TableRows(table_command(), path)
    out = XlsxResults(tmp_path / "out.xlsx")
    out.write_table(iter([["text"], ["=1+1"], ["@SUM(A1)"], ["-1"]]))
    [lines] = read_workbook(out.path)
    assert lines == [["text"], ["=1+1"], ["@SUM(A1)"], ["-1"]]
    assert next(source.rows()).text == "one"
    lines = [each for each in rows_of_workbook(out.path) if isinstance(each, Line)]
    assert lines[0].cells == ("=1+1",)


def test_what_a_cell_cannot_hold_is_marked(tmp_path):
    out = XlsxResults(tmp_path / "out.xlsx")
    out.write_table(iter([["text"], ["a\0b\x1f"], ["x" * 40_000], [10**20]]))
    [lines] = read_workbook(out.path)
    assert lines[1] == ["a\ufffdb\ufffd"]
    assert len(lines[2][0]) == MOST_CHARACTERS
    assert lines[2][0].endswith("x […]")
    assert lines[3] == ["100000000000000000000"]


def test_more_rows_than_a_sheet_holds_go_on_to_the_next(tmp_path):
    out = XlsxResults(tmp_path / "out.xlsx")
    out.write_table(iter([["n"], *([n] for n in range(5))]), most=3)
    assert read_workbook(out.path) == [
        [["n"], [0], [1]],
        [["n"], [2], [3]],
        [["n"], [4]],
    ]


def test_a_table_without_rows_is_a_workbook(tmp_path):
    out = XlsxResults(tmp_path / "out.xlsx")
    out.write_table(iter([["n"]]))
    assert read_workbook(out.path) == [[["n"]]]


CELL = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.floats(-1e15, 1e15),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"])),
    st.datetimes(
        min_value=datetime(1901, 1, 1),  # noqa: DTZ001
        max_value=datetime(9999, 1, 1),  # noqa: DTZ001
    ).map(lambda at: at.replace(microsecond=0)),
)


@settings(deadline=None)
@given(lines=st.lists(st.lists(CELL, min_size=3, max_size=3), max_size=8))
def test_other_programs_read_what_was_written(lines):
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.xlsx"
        XlsxResults(out).write_table(iter([["a", "b", "c"], *lines]))
        [found] = read_workbook(out)
    wanted = [[None if cell == "" else cell for cell in line] for line in lines]
    assert found[1:] == [
        [pytest.approx(cell) if isinstance(cell, float) else cell for cell in line]
        for line in wanted
    ]


def test_a_child_that_is_not_confined_reads_nothing(tmp_path):
    path = write_workbook(tmp_path / "in.xlsx", ["one"])
    unconfined = tmp_path / "child.py"
    unconfined.write_text(
        "import onhand.tables.main as main, sys\n"
        "from onhand.domain.confinement import Confinement\n"
        "main.confine = lambda **_: Confinement(reason='not on this system')\n"
        "main.main(*sys.argv[1:])\n"
    )
    source = TableRows([sys.executable, "-P", str(unconfined)], path, confined=True)
    with pytest.raises(DocumentSandboxMissing, match="not on this system"):
        list(source.rows())
    free = TableRows([sys.executable, "-P", str(unconfined)], path)
    assert [row.text for row in free.rows()] == ["one"]


def test_a_sheet_that_is_hidden_is_read_where_there_is_no_other(tmp_path):
    path = tmp_path / "in.xlsx"
    book = Workbook()
    book.active.title = "Lists"
    book.active.append(["unit"])
    book.active.append(["kg"])
    book.create_sheet("Mails").append(["text"])
    book["Mails"].append(["one"])
    book["Lists"].sheet_state = "hidden"
    book.save(path)
    source = TableRows(table_command(), path)
    assert source.told == "Read from the sheet 'Mails', one of 2."
    assert [row.text for row in source.rows()] == ["one"]
    book["Mails"].delete_rows(1, 2)
    book.save(path)
    assert TableRows(table_command(), path).columns() == ("unit",)


def test_a_column_may_be_called_like_a_day(tmp_path):
    lines = [["text", AT.date(), AT, 2026, True, None, "x"], ["one", 1, 2, 3, 4, 5, 6]]
    path = write_workbook(tmp_path / "in.xlsx", lines=lines)
    names = TableRows(table_command(), path).columns()
    assert names == ("text", "2026-03-05", "2026-03-05T14:30:00", "2026", "True", "", "x")


def test_characters_that_spreadsheets_write_by_their_numbers_are_read(tmp_path):
    lines = [["text"], ["one_x000D_\ntwo"], ["_x005F_x000D_"], ["_x0041_ _xD800_"]]
    path = write_workbook(tmp_path / "in.xlsx", lines=lines)
    texts = [row.text for row in rows_of(path)]
    assert texts == ["one\r\ntwo", "_x000D_", "_x0041_ _xD800_"]
    XlsxResults(path).write_table(iter([["text"], *([each] for each in texts)]))
    assert [row.text for row in rows_of(path)] == texts
