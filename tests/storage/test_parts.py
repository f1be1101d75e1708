"""Parts of an input, answered apart and merged: the same as in one run."""

from __future__ import annotations

import itertools
import re
from contextlib import nullcontext
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.stores import (
    STARTER,
    FakeClock,
    FakeJobs,
    FakeRows,
    FakeSettings,
    FakeTaskRunner,
)
from fakes.tables import read_table, write_csv, write_workbook
from fakes.tasks import QUEUE, SHORT, record
from onhand.batch_wiring import batch_files, open_output
from onhand.domain.batch_errors import PartsUnfit
from onhand.domain.errors import OutputExists, UsageError
from onhand.domain.progress import CancelToken
from onhand.services.part_rows import Part, PartRows, count_in, is_in
from onhand.services.run_batch import RunBatch
from onhand.storage.part_results import PartResults

TEXTS = [f"text {number}, and so on" for number in range(7)] + [
    "",
    None,
    "text 3, and so on",
]


@pytest.fixture
def answer(tmp_path):
    """Runs a batch, or a part of one, over real files."""

    def run(source, target, part="", task=QUEUE, model=None):
        runner = FakeTaskRunner()
        runner.model = model or runner.model
        run_batch = RunBatch(
            runner=runner,
            select_model=lambda: STARTER,
            jobs=FakeJobs(),
            private_jobs=FakeJobs,
            clock=FakeClock(),
            stopwatch=lambda: 0.0,
        )
        opened = batch_files(FakeSettings()).opened(source, "text", tmp_path / target, part)
        run_batch(task, *opened, cancel=CancelToken())
        return tmp_path / target

    return run


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "jsonl", "parquet"])
@pytest.mark.parametrize("total", [1, 3])
def test_merged_parts_are_the_output_of_a_single_run(tmp_path, answer, suffix, total):
    make = write_workbook if suffix == "xlsx" else write_csv
    source = make(tmp_path / f"in.{'xlsx' if suffix == 'xlsx' else 'csv'}", TEXTS)
    whole = answer(source, f"whole.{suffix}")
    parts = [answer(source, f"{n}.{suffix}", f"{n}/{total}") for n in range(1, total + 1)]
    merged = tmp_path / f"merged.{suffix}"
    assert merge(merged, parts[::-1]) == len(TEXTS)
    if suffix in {"xlsx", "parquet"}:
        assert _timeless(read_table(merged)) == _timeless(read_table(whole))
    else:
        assert _without_seconds(merged) == _without_seconds(whole)


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "parquet"])
def test_merged_parts_without_rows_are_the_output_of_a_single_run(tmp_path, answer, suffix):
    source = write_csv(tmp_path / "in.csv", [])
    whole = answer(source, f"whole.{suffix}")
    parts = [answer(source, f"{n}.{suffix}", f"{n}/2") for n in (1, 2)]
    merged = tmp_path / f"merged.{suffix}"
    assert merge(merged, parts) == 0
    assert read_table(merged) == read_table(whole)


def _without_seconds(path):
    """The lines; a row that repeats another took no time, wherever that one was."""
    text = path.read_text(encoding="utf-8")
    return re.sub(r"(?<=[,;])0\.0(0\d)?(?=[,;])|(?<=seconds\":)[\d.]+", "", text)


def _timeless(lines):
    return [[*line[:-2], line[-1]] for line in lines]


@pytest.fixture
def parts(tmp_path, answer):
    source = write_csv(tmp_path / "in.csv", TEXTS)
    return [answer(source, f"{n}.csv", f"{n}/3") for n in (1, 2, 3)]


def merge(target, parts, *, replace=False):
    return batch_files(FakeSettings()).merge(target, parts, replace=replace)


def test_a_missing_part_is_told(tmp_path, parts):
    with pytest.raises(PartsUnfit, match="of 3 parts these are missing: 2"):
        merge(tmp_path / "out.csv", [parts[0], parts[2]])
    with pytest.raises(PartsUnfit, match="given twice"):
        merge(tmp_path / "out.csv", [*parts, parts[0]])
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize("what", ["inputs", "tasks", "models"])
def test_parts_of_different_runs_are_not_merged(tmp_path, answer, parts, what):
    source = write_csv(tmp_path / "other.csv", [*TEXTS[:-1], "other"])
    more = {"tasks": {"task": SHORT}, "models": {"model": "another"}}.get(what, {})
    source = source if what == "inputs" else tmp_path / "in.csv"
    parts[1] = answer(source, "another.csv", "2/3", **more)
    with pytest.raises(PartsUnfit, match=f"different {what}"):
        merge(tmp_path / "out.csv", parts)


@pytest.mark.parametrize(
    ("models", "fit"),
    [
        (("small", "large", "large", "large"), True),
        (("small", "small", "large", "small"), True),
        (("small", "large", "small", "large"), False),
        (("small", "other", "large", "large"), False),
    ],
)
def test_parts_that_a_smaller_model_answered_first_are_merged(tmp_path, models, fit):
    """Rows of both are in a part, or of one of them alone; the order says nothing."""
    texts = ["one", "two", "three", "four"]
    parts = []
    for number in (1, 2):
        rows = PartRows(FakeRows(*texts), Part(number, 2))
        sink = PartResults(open_output(tmp_path / f"{number}.jsonl"), rows)
        sink.write([by(models[row.position], row) for row in rows.rows()], rows, QUEUE)
        parts.append(sink.path)
    with nullcontext() if fit else pytest.raises(PartsUnfit, match="different models"):
        assert merge(tmp_path / "out.jsonl", parts) == len(texts)


def by(model, row):
    """The answer of a model to a row."""
    answered = record(row.text, row=row.position, name=row.name)
    return replace(answered, outcome=replace(answered.outcome, model=model))


def test_merged_parts_are_written_as_the_input_was(tmp_path, answer):
    source = tmp_path / "in.csv"
    source.write_bytes(b'\xef\xbb\xbf"the\nnumber";text\n1;one\n2;two\n3;three\n')
    whole = answer(source, "whole.csv")
    parts = [answer(source, f"{n}.csv", f"{n}/2") for n in (1, 2)]
    assert merge(tmp_path / "merged.csv", parts) == 3
    merged = tmp_path / "merged.csv"
    assert merged.read_bytes().startswith(b'\xef\xbb\xbf"the\nnumber";text;label')
    assert _without_seconds(merged) == _without_seconds(whole)


def test_a_part_that_was_changed_or_has_no_note_is_not_merged(tmp_path, parts):
    before = parts[0].read_bytes()
    parts[0].write_bytes(before[:-1])
    with pytest.raises(PartsUnfit, match=r"1\.csv was changed"):
        merge(tmp_path / "out.csv", parts)
    parts[0].write_bytes(before)
    (tmp_path / "2.csv.part.json").write_text("{}")
    with pytest.raises(PartsUnfit, match="cannot be read"):
        merge(tmp_path / "out.csv", parts)
    (tmp_path / "2.csv.part.json").unlink()
    with pytest.raises(PartsUnfit, match="is missing"):
        merge(tmp_path / "out.csv", parts)


def test_what_is_there_is_replaced_only_where_that_is_asked_for(tmp_path, parts):
    out = tmp_path / "out.csv"
    out.write_text("earlier")
    with pytest.raises(OutputExists):
        merge(out, parts)
    with pytest.raises(PartsUnfit):
        merge(out, parts[:2], replace=True)
    assert out.read_text() == "earlier"
    assert merge(out, parts, replace=True) == len(TEXTS)
    assert len(read_table(out)) == len(TEXTS) + 1


@pytest.mark.parametrize("replace", [False, True])
def test_a_part_is_never_replaced(tmp_path, parts, replace):
    before = parts[1].read_bytes()
    for target in (parts[1], tmp_path / ".." / tmp_path.name / "2.csv"):
        with pytest.raises(UsageError, match="one of the parts"):
            merge(target, parts, replace=replace)
    assert parts[1].read_bytes() == before


def test_no_formats_are_mixed(tmp_path, parts):
    with pytest.raises(PartsUnfit, match="one format"):
        merge(tmp_path / "out.jsonl", parts)


@pytest.mark.parametrize("text", ["", "3", "0/3", "4/3", "1/0", "a/b", "-1/3", "1/3/5"])
def test_what_is_no_part_is_told(text):
    with pytest.raises(UsageError, match="is no part"):
        Part.read(text)


@given(rows=st.integers(0, 50), total=st.integers(1, 9))
def test_parts_are_even_and_every_row_is_in_one(rows, total):
    whole = FakeRows(*map(str, range(rows)))
    found = [PartRows(whole, Part.read(f"{n}/{total}")) for n in range(1, total + 1)]
    positions = [[row.position for row in each.rows()] for each in found]
    assert sorted(itertools.chain(*positions)) == list(range(rows))
    sizes = [len(each) for each in positions]
    assert max(sizes) - min(sizes) <= 1
    assert sizes == [count_in(rows, each) for each in found]
    for each, own in zip(found, positions, strict=True):
        assert [at for at in range(rows) if is_in(at, each)] == own
    assert len({each.fingerprint() for each in found}) == total
