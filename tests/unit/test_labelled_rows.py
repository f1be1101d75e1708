"""Labelled texts in files."""

from __future__ import annotations

import csv
import io
import json
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fakes.labelled import open_labelled
from fakes.stores import outcome
from fakes.tasks import record
from onhand.domain.answers import Tagging
from onhand.domain.errors import InputUnreadable, UsageError
from onhand.domain.labelled import guessed_columns, labels_in
from onhand.domain.result_columns import cell_of, result_cells
from onhand.domain.tasks import Classify, Example, Extract, Field, Label
from onhand.storage.csv_rows import written

TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t"))
LABELS = TEXTS.map(str.strip).filter(bool)
ROWS = st.lists(st.tuples(TEXTS, LABELS), min_size=1, max_size=8)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("labelled")


def read(path, content, columns=("text", "label")):
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return [(each.text, each.answer) for each in open_labelled(path, columns).examples()]


@given(rows=ROWS)
def test_json_lines_come_back_as_they_were_written(folder, rows):
    lines = [json.dumps({"id": 1, "text": text, "label": label}) for text, label in rows]
    found = read(folder / "a.jsonl", "\n\n".join(lines))
    assert found == rows


NAMES = ("a", "b; c", "[d", "e f", "3")
TAGS = Classify(
    instruction="Which?",
    labels=tuple(Label(name=name) for name in NAMES),
    multiple=True,
)
SETS = st.lists(st.sampled_from(NAMES), unique=True)


@given(sets=st.lists(SETS, min_size=1, max_size=6))
def test_any_number_of_labels_comes_back_from_a_list(folder, sets):
    path = folder / "s.jsonl"
    rows = [{"text": str(at), "label": labels} for at, labels in enumerate(sets)]
    path.write_text("\n".join(map(json.dumps, rows)))
    found = open_labelled(path, ("text", "label")).examples(TAGS)
    assert [each.answer for each in found] == sets


@given(sets=st.lists(SETS, min_size=1, max_size=6))
def test_any_number_of_labels_comes_back_as_a_batch_writes_them(folder, sets):
    answers = [outcome(Tagging(labels=tuple(labels), scores={})) for labels in sets]
    path = folder / "s.csv"
    with path.open("w", newline="") as file:
        cells = [result_cells(record(task=TAGS, outcome=each))[0] for each in answers]
        csv.writer(file).writerows([("text", "label"), *enumerate(cells)])
    found = open_labelled(path, ("text", "label")).examples(TAGS)
    assert [each.answer for each in found] == sets


@pytest.mark.parametrize(
    ("cell", "labels"),
    [
        ("b; c", ["b; c"]),
        ("a;a ;e f", ["a", "e f"]),
        ('["b; c", "a"]', ["b; c", "a"]),
        ("[d", ["[d"]),
        ("unknown; a", ["unknown", "a"]),
        ("[1, 2]", ["[1, 2]"]),
        ("[" * 9000, ["[" * 9000]),
        ("; ;", []),
        (" ", []),
    ],
)
def test_a_cell_names_labels(cell, labels):
    assert labels_in(TAGS, cell) == labels


@given(SETS)
def test_a_cell_that_was_written_names_the_same_labels(labels):
    assert labels_in(TAGS, cell_of(labels)) == labels


@given(st.text(max_size=60))
def test_any_cell_names_some_labels_each_once(cell):
    found = labels_in(TAGS, cell)
    assert len({*found}) == len(found)
    assert all(each == each.strip() and each for each in found)


def test_an_empty_cell_is_no_label_only_where_there_is_no_answer_for_that(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("text,label\none,\ntwo,a\n")
    rows = open_labelled(path, ("text", "label"))
    assert [each.answer for each in rows.examples(TAGS)] == [[], ["a"]]
    for task in (replace(TAGS, none="neither"), replace(TAGS, multiple=False), None):
        with pytest.raises(InputUnreadable, match="row 1 has no 'label'"):
            list(rows.examples(task))


@pytest.mark.parametrize(("ending", "delimiter"), [(".csv", ","), (".tsv", "\t")])
@given(rows=ROWS)
@example(rows=[("", '\\"')])
@example(rows=[("a\\", 'say \\"yes\\" twice')])
def test_tables_come_back_as_they_were_written(folder, rows, ending, delimiter):
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(["label", "more", "text"])
    writer.writerows([label, "x", text] for text, label in rows)
    found = read(folder / f"a{ending}", out.getvalue())
    assert found == rows


@pytest.mark.parametrize("ending", [".jsonl", ".csv", ".tsv"])
@given(content=st.binary(max_size=200))
def test_any_bytes_end_in_rows_or_in_a_sentence(folder, content, ending):
    found = []
    with suppress(InputUnreadable, UsageError):
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
        (
            '{"text": "a", "label": "b"}\n{"text": 3, "label": "b"}',
            "line 2 is no",
        ),
        ('{"text": "a", "label": "b"}\n{"text": "a"}', "row 2 has no 'label'"),
        ('{"text": "a", "label": "b"}\n{"label": "b"}', "line 2 has no 'text'"),
        ("[1]", "line 1 is not a JSON object"),
        ("{", "line 1 is not valid JSON"),
        ("[" * 9000, "line 1 is not valid JSON"),
        (b"\xff", "line 1 is not"),
    ],
)
def test_a_row_that_cannot_be_used_is_named(tmp_path, content, words):
    with pytest.raises(InputUnreadable, match=words):
        read(tmp_path / "a.jsonl", content)


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl"])
def test_a_column_that_is_not_there_is_named_with_those_that_are(tmp_path, name):
    row = "text,queue\na,b\n" if name == "a.csv" else '{"text": "a", "queue": "b"}\n'
    with pytest.raises(UsageError, match=r"no column 'label'; there are 'text', 'queue'"):
        read(tmp_path / name, row)


def test_a_table_as_spreadsheets_write_it_here_is_read(tmp_path):
    content = "Text;Label\nGrüße;Café\n".encode("cp1252")
    assert read(tmp_path / "a.csv", content) == [("Grüße", "Café")]


def test_a_label_may_be_a_number(tmp_path):
    assert read(tmp_path / "a.jsonl", '{"text": "a", "label": 3}\n') == [("a", "3")]


def test_a_file_that_is_not_there_is_a_sentence(tmp_path):
    with pytest.raises(InputUnreadable):
        list(open_labelled(tmp_path / "none.csv", ("text", "label")).examples())


def test_other_formats_are_named(tmp_path):
    with pytest.raises(UsageError, match=r"rows are read from \.csv, "):
        open_labelled(tmp_path / "rows.docx", ("", ""))


def test_rows_are_read_as_they_are_asked_for(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("text,label\none,a\n" + "x,b,c\n")
    rows = open_labelled(path, ("text", "label")).examples()
    assert next(rows) == Example(text="one", answer="a")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", "id,message,queue\n1,one,a\n"),
        ("a.tsv", "id\tmessage\tqueue\n1\tone\ta\n"),
        ("a.jsonl", '\n{"id": "1", "message": "one", "queue": "a"}\n'),
    ],
)
def test_columns_are_told_before_any_is_chosen(tmp_path, name, content):
    path = tmp_path / name
    path.write_text(content)
    assert open_labelled(path, ("", "")).columns() == ["id", "message", "queue"]


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl"])
def test_a_file_without_rows_has_no_columns(tmp_path, name):
    (tmp_path / name).write_text("")
    with pytest.raises(InputUnreadable, match="has no rows"):
        open_labelled(tmp_path / name, ("", "")).columns()


@pytest.mark.parametrize("ending", [".jsonl", ".csv", ".tsv"])
@given(content=st.binary(max_size=200))
def test_any_bytes_have_columns_or_end_in_a_sentence(folder, content, ending):
    path = folder / f"c{ending}"
    path.write_bytes(content)
    with suppress(InputUnreadable, UsageError):
        assert all(open_labelled(path, ("", "")).columns())


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["label", "text"], ("text", "label")),
        (["id", "Message", "Queue"], ("Message", "Queue")),
        (["headline", "category"], ("headline", "category")),
        (["id", "tags", "text"], ("text", "tags")),
        (["one", "two"], ("one", "two")),
        (["one"], ("one", "")),
        ([], ("", "")),
    ],
)
def test_columns_are_guessed_by_their_names(names, found):
    assert guessed_columns(names) == found


@pytest.mark.parametrize("labels", [("true", "false"), ("False", "True"), ("yes", "no")])
def test_a_truth_value_is_the_label_that_the_task_writes_so(tmp_path, labels):
    task = Classify(instruction="Spam?", labels=tuple(Label(name=each) for each in labels))
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "a", "label": true}\n{"text": "b", "label": "true"}\n')
    found = [each.answer for each in open_labelled(path, ("text", "label")).examples(task)]
    like = [each for each in labels if each.casefold() == "true"]
    assert found == [*(like or ["True"]), "true"]


@pytest.mark.parametrize("several", [False, True])
def test_labels_that_a_spreadsheet_would_run_come_back_as_they_were(tmp_path, several):
    names = ("-", "+", "=1", "'@", "none")
    labels = tuple(Label(name=each) for each in names)
    task = Classify(instruction="How?", labels=labels, multiple=several)
    given = [[each] for each in names] + ([["-", "+"], ["none", "-"]] if several else [])
    path = tmp_path / "a.csv"
    with path.open("w", newline="") as file:
        cells = [written(cell_of(each)) for each in given]
        csv.writer(file).writerows([("text", "label"), *enumerate(cells)])
    found = open_labelled(path, ("text", "label")).examples(task)
    assert [each.answer for each in found] == (
        given if several else [each for [each] in given]
    )


BOOKING = Extract(
    instruction="Find it.",
    fields=(Field(name="Party"), Field(name="days", many=True)),
)
VALUES = st.text(
    st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12
).map(str.strip)
PLAIN_VALUES = VALUES.filter(lambda each: each and ";" not in each and each[0] not in "[{")


def shown(path, content):
    path.write_text(content, encoding="utf-8", newline="")
    return [
        each.answer for each in open_labelled(path, ("text", "label")).examples(BOOKING)
    ]


@given(
    rows=st.lists(
        st.tuples(PLAIN_VALUES, st.lists(PLAIN_VALUES, unique=True)), min_size=1, max_size=5
    )
)
def test_values_of_fields_come_back_from_tables_and_objects(folder, rows):
    wanted = [{"Party": [party], "days": days} for party, days in rows]
    table = io.StringIO()
    csv.writer(table).writerows(
        [
            ("text", "party", "DAYS"),
            *(("a text", party, "; ".join(days)) for party, days in rows),
        ]
    )
    assert shown(folder / "v.csv", table.getvalue()) == wanted
    lines = [json.dumps({"text": "a text", "fields": each}) for each in wanted]
    assert shown(folder / "v.jsonl", "\n".join(lines)) == wanted


def test_what_a_batch_wrote_is_read_as_values(folder):
    line = {
        "text": "x",
        "fields": {"Party": [{"text": "8 people", "start": 0}], "days": []},
    }
    assert shown(folder / "b.jsonl", json.dumps(line)) == [
        {"Party": ["8 people"], "days": []}
    ]
    some = {"text": "x", "fields": {"Party": 8}}
    assert shown(folder / "b.jsonl", json.dumps(some)) == [{"Party": ["8"], "days": []}]
    listed = {"text": "x", "Party": None, "days": ["a; b", "c"]}
    assert shown(folder / "b.jsonl", json.dumps(listed)) == [
        {"Party": [], "days": ["a; b", "c"]}
    ]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ('"none"', "row 1: 'fields' is no object of fields"),
        ('{"where": "x"}', "row 1: the task has no field 'where'"),
    ],
)
def test_values_that_cannot_be_read_are_told_by_their_row(folder, fields, said):
    with pytest.raises(InputUnreadable, match=said):
        shown(folder / "w.jsonl", f'{{"text": "x", "fields": {fields}}}')


def test_a_field_without_a_column_is_told(folder):
    with pytest.raises(UsageError, match="no column 'days'; there are 'text', 'party'"):
        shown(folder / "c.csv", "text,party\nx,me\n")
