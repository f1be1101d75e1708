"""What every batch input and every batch output does."""

from __future__ import annotations

import json

import pytest

from fakes.stores import FakeRows, FakeSink
from fakes.tasks import record
from onhand.domain.errors import DataDamaged, OutputUnwritable
from onhand.storage.jsonl_rows import JsonlResults, JsonlRows


@pytest.fixture(params=["fake", "jsonl"])
def new_source(request, tmp_path):
    def build(*texts):
        if request.param == "fake":
            return FakeRows(*texts)
        path = tmp_path / "in.jsonl"
        lines = [
            "{broken" if text is None else json.dumps({"id": f"n{position}", "text": text})
            for position, text in enumerate(texts)
        ]
        path.write_text("\n".join(lines))
        return JsonlRows(path)

    return build


@pytest.fixture(params=["fake", "jsonl"])
def sink(request, tmp_path):
    return FakeSink() if request.param == "fake" else JsonlResults(tmp_path / "out.jsonl")


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
    assert "broken" in second.error or "not valid JSON" in second.error
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
    sink.write([record()])
    assert sink.occupied()
    sink.raise_if_unwritable()


def test_output_that_fails_half_way_does_not_appear(sink):
    def results():
        yield record()
        raise DataDamaged

    with pytest.raises(DataDamaged):
        sink.write(results())
    assert not sink.occupied()


def test_a_place_that_cannot_be_written_is_found_out_early(sink, tmp_path):
    if isinstance(sink, FakeSink):
        sink.writable = False
    else:
        sink = JsonlResults(tmp_path / "nowhere" / "out.jsonl")
    with pytest.raises(OutputUnwritable):
        sink.raise_if_unwritable()
    with pytest.raises(OutputUnwritable):
        sink.write([])
