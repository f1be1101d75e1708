"""Labelled texts in files."""

from __future__ import annotations

import csv
import io
import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onhand.domain.errors import InputUnreadable, UsageError
from onhand.domain.labelled import guessed_columns
from onhand.domain.tasks import Example
from onhand.storage.labelled_rows import LabelledFile

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
ROWS = st.lists(st.tuples(TEXTS, TEXTS), max_size=8)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("labelled")


def read(path, content, columns=("text", "label")):
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return [(each.text, each.answer) for each in LabelledFile(path, columns).examples()]


@given(rows=ROWS)
def test_json_lines_come_back_as_they_were_written(folder, rows):
    lines = [json.dumps({"id": 1, "text": text, "label": label}) for text, label in rows]
    found = read(folder / "a.jsonl", "\n\n".join(lines))
    assert found == [(text, label.strip()) for text, label in rows]


@pytest.mark.parametrize(("ending", "delimiter"), [(".csv", ","), (".tsv", "\t")])
@given(rows=ROWS)
def test_tables_come_back_as_they_were_written(folder, rows, ending, delimiter):
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(["label", "more", "text"])
    writer.writerows([label, "x", text] for text, label in rows)
    found = read(folder / f"a{ending}", out.getvalue())
    assert found == [(text, label.strip()) for text, label in rows]


@pytest.mark.parametrize("ending", [".jsonl", ".csv", ".tsv"])
@given(content=st.binary(max_size=200))
def test_any_bytes_end_in_rows_or_in_a_sentence(folder, content, ending):
    found = []
    with suppress(InputUnreadable):
        found = read(folder / f"a{ending}", content)
    assert all(isinstance(text, str) for text, _ in found)


def test_a_mark_of_byte_order_is_no_part_of_the_first_column(tmp_path):
    content = b"\xef\xbb\xbftext,label\none,a\n"
    assert read(tmp_path / "a.csv", content) == [("one", "a")]


def test_other_columns_can_be_named(tmp_path):
    content = '{"body": "one", "team": " a "}\n'
    assert read(tmp_path / "a.jsonl", content, ("body", "team")) == [("one", "a")]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('{"text": "a", "label": "b"}\n{"text": 3, "label": "b"}', "line 2 has no 'text'"),
        ('{"text": "a"}', "line 1 has no 'label'"),
        ("[1]", "line 1 is not a JSON object"),
        ("{", "line 1 is not valid JSON"),
        ("[" * 9000, "line 1 is not valid JSON"),
        (b"\xff", "is not UTF-8"),
    ],
)
def test_a_row_that_cannot_be_used_is_named(tmp_path, content, words):
    with pytest.raises(InputUnreadable, match=words):
        read(tmp_path / "a.jsonl", content)


def test_a_file_that_is_not_there_is_a_sentence(tmp_path):
    with pytest.raises(InputUnreadable):
        list(LabelledFile(tmp_path / "none.csv").examples())


def test_other_formats_are_named(tmp_path):
    with pytest.raises(UsageError, match=r"\.jsonl, \.csv and \.tsv"):
        LabelledFile(tmp_path / "rows.docx")


def test_rows_are_read_as_they_are_asked_for(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("text,label\none,a\n" + "x,\0\n")
    rows = LabelledFile(path).examples()
    assert next(rows) == Example(text="one", answer="a")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", "id,message,queue\n1,one,a\n"),
        ("a.tsv", "id\tmessage\tqueue\n1\tone\ta\n"),
        ("a.jsonl", '\n{"id": "1", "message": "one", "queue": "a", "n": 3}\n'),
    ],
)
def test_columns_are_told_before_any_is_chosen(tmp_path, name, content):
    path = tmp_path / name
    path.write_text(content)
    assert LabelledFile(path, ("", "")).columns() == ["id", "message", "queue"]


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl"])
def test_a_file_without_rows_has_no_columns(tmp_path, name):
    (tmp_path / name).write_text("")
    with pytest.raises(InputUnreadable, match="has no rows"):
        LabelledFile(tmp_path / name).columns()


@pytest.mark.parametrize("ending", [".jsonl", ".csv", ".tsv"])
@given(content=st.binary(max_size=200))
def test_any_bytes_have_columns_or_end_in_a_sentence(folder, content, ending):
    path = folder / f"c{ending}"
    path.write_bytes(content)
    with suppress(InputUnreadable):
        assert all(LabelledFile(path).columns())


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["label", "text"], ("text", "label")),
        (["id", "Message", "Queue"], ("Message", "Queue")),
        (["headline", "category"], ("headline", "category")),
        (["one", "two"], ("one", "two")),
        (["one"], ("one", "")),
        ([], ("", "")),
    ],
)
def test_columns_are_guessed_by_their_names(names, found):
    assert guessed_columns(names) == found
