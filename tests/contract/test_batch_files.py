"""What every batch input and every batch output does."""

from __future__ import annotations

import json

import pytest

from fakes.stores import FakeRows, FakeSink
from fakes.tables import read_table, write_csv, write_workbook
from fakes.tasks import PLAIN, QUEUE, RECEIPT, record
from onhand.batch_wiring import open_output, table_command
from onhand.domain.errors import DataDamaged, OutputUnwritable
from onhand.domain.result_columns import result_columns
from onhand.storage.csv_rows import CsvRows
from onhand.storage.jsonl_rows import JsonlRows
from onhand.tables.client import TableRows


@pytest.fixture(params=["fake", "jsonl", "csv", "tsv", "xlsx"])
def new_source(request, tmp_path):
    def build(*texts):
        match request.param:
            case "fake":
                return FakeRows(*texts)
            case "csv" | "tsv":
                return CsvRows(write_csv(tmp_path / f"in.{request.param}", texts))
            case "xlsx":
                path = write_workbook(tmp_path / "in.xlsx", texts)
                return TableRows(table_command(), path)
        path = tmp_path / "in.jsonl"
        lines = [
            "{broken" if text is None else json.dumps({"id": f"n{position}", "text": text})
            for position, text in enumerate(texts)
        ]
        path.write_text("\n".join(lines))
        return JsonlRows(path)

    return build


@pytest.fixture(params=["fake", "jsonl", "csv", "tsv", "xlsx", "parquet"])
def sink(request, tmp_path):
    if request.param == "fake":
        return FakeSink()
    return open_output(tmp_path / f"out.{request.param}")


def test_rows_come_in_order_and_may_be_asked_for_again(new_source):
    source = new_source("one", "two\nlines", "")
    for _ in range(2):
        rows = list(source.rows())
        assert [(row.position, row.name, row.text) for row in rows] == [
            (0, "n0", "one"),
            (1, "n1", "two\nlines"),
            (2, "n2", ""),
        ]


def test_a_broken_row_says_so_and_harms_no_other(new_source):
    first, second, third = new_source("one", None, "three").rows()
    assert (first.error, third.error) == ("", "")
    assert any(
        why in second.error for why in ("broken", "not valid JSON", "3 cells instead of 2")
    )
    assert third.position == 2


def test_the_fingerprint_tells_whether_anything_was_changed(new_source):
    before = new_source("one", "two").fingerprint()
    assert new_source("one", "two").fingerprint() == before
    assert new_source("one", "two!").fingerprint() != before


def test_an_input_without_rows_is_an_input(new_source):
    assert list(new_source().rows()) == []


def test_paths_are_absolute(new_source, sink):
    assert new_source("one").path.is_absolute()
    assert sink.path.is_absolute()


def test_output_is_there_once_it_was_written(sink):
    sink.raise_if_unwritable()
    assert not sink.occupied()
    sink.write([record("one")], FakeRows("one"), QUEUE)
    assert sink.occupied()
    sink.raise_if_unwritable()


@pytest.mark.parametrize("task", [QUEUE, RECEIPT, PLAIN], ids=lambda task: task.name)
@pytest.mark.parametrize("suffix", ["csv", "tsv", "xlsx", "parquet"])
@pytest.mark.parametrize("content", ["id,text\n", ""])
def test_a_table_without_rows_has_all_columns(tmp_path, suffix, task, content):
    (tmp_path / "in.csv").write_text(content)
    source = CsvRows(tmp_path / "in.csv")
    out = open_output(tmp_path / f"out.{suffix}")
    out.write([], source, task)
    columns = source.columns()
    assert read_table(out.path) == [[*columns, *result_columns(task, columns)]]


def test_output_that_fails_half_way_does_not_appear(sink):
    def results():
        yield record("one")
        raise DataDamaged

    with pytest.raises(DataDamaged):
        sink.write(results(), FakeRows("one"), QUEUE)
    assert not sink.occupied()


def test_a_place_that_cannot_be_written_is_found_out_early(sink, tmp_path):
    if isinstance(sink, FakeSink):
        sink.writable = False
    else:
        sink = open_output(tmp_path / "nowhere" / sink.path.name)
    with pytest.raises(OutputUnwritable):
        sink.raise_if_unwritable()
    with pytest.raises(OutputUnwritable):
        sink.write([], FakeRows(), QUEUE)
