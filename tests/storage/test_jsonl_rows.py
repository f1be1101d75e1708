"""JSON Lines as people make them: marks, line ends, missing ids, broken lines."""

from __future__ import annotations

import json
import os
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.tasks import EVERY_TASK, record
from onhand.domain.errors import InputUnreadable, OutputUnwritable, UsageError
from onhand.domain.output import output_object
from onhand.storage.jsonl_rows import JsonlResults, JsonlRows

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="files of POSIX")


@pytest.fixture
def read(tmp_path):
    def rows(content, column="text"):
        path = tmp_path / "in.jsonl"
        path.write_bytes(content)
        return list(JsonlRows(path, column).rows())

    return rows


@pytest.mark.parametrize(
    "content",
    [
        b'{"id": "a", "text": "x"}\n{"id": "b", "text": "y"}\n',
        b'{"id": "a", "text": "x"}\r\n{"id": "b", "text": "y"}',
        b'\xef\xbb\xbf{"id": "a", "text": "x"}\n\n  \n{"id": "b", "text": "y"}\r\n\r\n',
        b' {"text": "x", "id": "a", "more": [1]}\n\t{"id": "b", "text": "y", "text": "y"} ',
    ],
    ids=["plain", "CRLF without end", "mark and empty lines", "spaces and other keys"],
)
def test_files_of_any_make_give_the_same_rows(read, content):
    rows = read(content)
    assert [(row.position, row.name, row.text, row.error) for row in rows] == [
        (0, "a", "x", ""),
        (1, "b", "y", ""),
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"{", "line 2 is not valid JSON"),
        (b"text", "line 2 is not valid JSON"),
        (b'{"text": NaN}', "line 2 is not valid JSON"),
        (b'{"text": "half \\ud800"}', "line 2 is not valid JSON"),
        (b'{"text": "x"} {"text": "y"}', "line 2 is not valid JSON"),
        (b"[" * 100_000, "line 2 is not valid JSON"),
        (b'{"text": "Z\xfcrich"}', "line 2 is not UTF-8"),
        (b'["text"]', "line 2 is not a JSON object"),
        (b'"text"', "line 2 is not a JSON object"),
        (b'{"Text": "x"}', "line 2 has no 'text'"),
        (b'{"text": null}', "'text' in line 2 is not a text"),
        (b'{"text": 5}', "'text' in line 2 is not a text"),
        (b'{"text": ["x"]}', "'text' in line 2 is not a text"),
    ],
)
def test_a_broken_line_is_a_row_that_says_why(read, line, said):
    first, broken, last = read(b'{"text": "x"}\n' + line + b'\n{"text": "y"}\n')
    assert (broken.position, broken.text, broken.error) == (1, "", said)
    assert (first.text, first.error, last.text, last.error) == ("x", "", "y", "")


@pytest.mark.parametrize(
    ("identifier", "name"),
    [
        ('"mine"', "mine"),
        ("17", "17"),
        ("0", "0"),
        ('"😀 \\""', '😀 "'),
        ('""', "r1"),
        ("null", "r1"),
        ("true", "true"),
        ("1.50", "1.50"),
        ("1e2", "1e2"),
        ("-0", "-0"),
        ('{"$oid":  "5f"}', '{"$oid":  "5f"}'),
        ("9" * 30, "9" * 30),
    ],
)
def test_an_id_is_kept_and_a_missing_one_is_made(read, identifier, name):
    (row,) = read(f'{{"id": {identifier}, "text": "x"}}'.encode())
    assert (row.name, row.error) == (name, "")


def test_made_ids_count_rows(read):
    assert [row.name for row in read(b'\n{"text": "x"}\n\n{"text": "y"}\nbroken\n')] == [
        "r1",
        "r2",
        "r3",
    ]


NO_ID = [{}, {"id": None}, {"id": ""}]


def test_no_name_that_is_made_is_an_id_that_is_given(read):
    lines = ['{"id": "r2", "text": "x"}', '{"text": "y"}', "broken", '{"id": "rr9"}', ""]
    assert [row.name for row in read("\n".join(lines).encode())] == [
        "r2",
        *("rrr2", "rrr3"),
        "rr9",
    ]
    escaped = b'{"text": "y"}\n{"text": "x", "id": "\\u00721"}\n'
    assert [row.name for row in read(escaped)] == ["rr1", "r1"]


@given(
    st.lists(
        st.sampled_from(NO_ID)
        | st.from_regex("r{0,3}[0-9]{1,2}", fullmatch=True).map(lambda name: {"id": name})
        | st.integers(0, 20).map(lambda number: {"id": number}),
        max_size=12,
    )
)
def test_every_row_without_an_id_has_a_name_of_its_own(tmp_path_factory, given_ids):
    path = tmp_path_factory.mktemp("rows") / "in.jsonl"
    path.write_text("".join(json.dumps({"text": "x", **each}) + "\n" for each in given_ids))
    source = JsonlRows(path)
    names = [row.name for row in source.rows()]
    assert names == [row.name for row in source.rows()]
    kept = [str(each["id"]) for each in given_ids if each not in NO_ID]
    made = [name for name, each in zip(names, given_ids, strict=True) if each in NO_ID]
    assert [name for name in names if name not in made] == kept
    assert len({*made}) == len(made)


def test_a_broken_row_keeps_its_id_where_it_has_one(read):
    (row,) = read(b'{"id": "a", "text": 5}')
    assert row.name == "a"


def test_the_text_may_have_another_name(read):
    (row,) = read(b'{"id": "a", "text": 1, "body": "x"}', column="body")
    assert (row.text, row.error) == ("x", "")


def test_a_key_that_no_row_has_is_told_with_those_that_there_are(read):
    content = b'{"id": "a", "text": "x"}\n\n{"text": "y", "body_": "z"}\n'
    named = "no column 'body'; there are 'id', 'text', 'body_'"
    with pytest.raises(UsageError, match=named):
        read(content, column="body")
    _, last = read(content, column="body_")
    assert last.text == "z"


def test_a_text_may_hold_anything_that_json_can(read):
    text = "a\0b\r\n\u2028\x85 😀 <|im_end|> \u202eabc"
    (row,) = read(json.dumps({"text": text}).encode())
    assert row.text == text


@given(st.binary(max_size=300))
def test_any_bytes_are_rows_or_no_text(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("rows") / "in.jsonl"
    path.write_bytes(content)
    try:
        rows = list(JsonlRows(path).rows())
    except InputUnreadable:
        assert b"\0" in content or content[:2] in (b"\xff\xfe", b"\xfe\xff")
        return
    except UsageError:
        assert b"{" in content
        return
    assert [row.position for row in rows] == list(range(len(rows)))
    assert len(rows) == sum(
        bool(line.strip()) for line in content.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    )


@given(
    st.lists(
        st.fixed_dictionaries(
            {"id": st.text(st.characters(codec="utf-8"), min_size=1)}
        ).flatmap(
            lambda row: st.text(st.characters(codec="utf-8")).map(
                lambda text: row | {"text": text}
            )
        )
    ),
    st.booleans(),
)
def test_what_was_written_as_json_is_read(tmp_path_factory, given_rows, escaped):
    path = tmp_path_factory.mktemp("rows") / "in.jsonl"
    lines = [json.dumps(row, ensure_ascii=escaped) for row in given_rows]
    path.write_bytes("\r\n".join(lines).encode())
    rows = JsonlRows(path).rows()
    assert [{"id": row.name, "text": row.text} for row in rows] == given_rows


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"text": "x"}'.encode("utf-16"), "UTF-16"),
        ('{"text": "x"}'.encode("utf-32"), "UTF-32"),
        (b"GGUF\x03\0\0\0", "not a text file"),
    ],
)
def test_what_is_no_text_in_utf_8_is_refused_as_a_whole(read, content, said):
    with pytest.raises(InputUnreadable, match=said):
        read(content)


@pytest.mark.parametrize("what", ["missing", "folder"])
def test_an_input_that_cannot_be_read_is_told(tmp_path, what):
    path = tmp_path / "in.jsonl"
    if what == "folder":
        path.mkdir()
    with pytest.raises(InputUnreadable, match=r"in\.jsonl"):
        list(JsonlRows(path).rows())
    with pytest.raises(InputUnreadable, match=r"in\.jsonl"):
        JsonlRows(path).fingerprint()


def test_rows_are_read_as_they_are_asked_for(tmp_path):
    path = tmp_path / "in.jsonl"
    path.write_text('{"text": "x"}\n' * 100_000)
    rows = JsonlRows(path).rows()
    assert next(rows).text == "x"
    rows.close()


# Output


def test_every_line_is_the_object_of_the_contract(tmp_path):
    records = [record("Zürich 😀", task, name=task.name) for task in EVERY_TASK]
    records.append(record(error="too_long", error_detail="9000 tokens", name="last"))
    path = tmp_path / "out.jsonl"
    JsonlResults(path).write(records)
    content = path.read_bytes()
    assert content.endswith(b"\n")
    assert [json.loads(line) for line in content.splitlines()] == [
        output_object(each) for each in records
    ]
    assert "Zürich 😀".upper().encode() in content


def test_nothing_else_is_left_in_the_folder(tmp_path):
    sink = JsonlResults(tmp_path / "out.jsonl")
    sink.raise_if_unwritable()
    assert list(tmp_path.iterdir()) == []
    sink.write([record()])
    assert list(tmp_path.iterdir()) == [sink.path]


def test_output_without_rows_is_an_empty_file(tmp_path):
    sink = JsonlResults(tmp_path / "out.jsonl")
    sink.write([])
    assert sink.path.read_bytes() == b""
    assert not sink.occupied()


def test_what_a_killed_run_left_is_cleared_away(tmp_path):
    sink = JsonlResults(tmp_path / "out.jsonl")
    sink._part.write_text("half")
    sink.write([record()])
    assert list(tmp_path.iterdir()) == [sink.path]


@pytest.mark.parametrize(
    "what", ["no folder", "folder is a file", "is a folder", "too long"]
)
def test_a_place_that_cannot_be_written_is_told(tmp_path, what):
    path = tmp_path / "out.jsonl"
    match what:
        case "no folder":
            path = tmp_path / "no" / "out.jsonl"
        case "folder is a file":
            (tmp_path / "file").touch()
            path = tmp_path / "file" / "out.jsonl"
        case "is a folder":
            path.mkdir()
        case "too long":
            path = tmp_path / ("x" * 300)
    for use in (
        JsonlResults(path).raise_if_unwritable,
        lambda: JsonlResults(path).write([]),
    ):
        with pytest.raises(OutputUnwritable):
            use()
    assert not list(tmp_path.rglob(".onhand*"))


@POSIX
def test_a_device_is_not_replaced_by_a_file(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OutputUnwritable, match="is not a file"):
        JsonlResults(tmp_path / "pipe").raise_if_unwritable()


@POSIX
def test_what_a_link_points_to_is_replaced_and_the_link_stays(tmp_path):
    link, target = tmp_path / "link.jsonl", tmp_path / "deep" / "out.jsonl"
    target.parent.mkdir()
    link.symlink_to(target)
    JsonlResults(link).write([record()])
    assert link.is_symlink()
    assert target.read_bytes()
