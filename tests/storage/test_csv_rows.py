"""Tables in text: how they are read, whatever is in them, and how they are written."""

from __future__ import annotations

import csv
import io
import string
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.stores import FakeRows
from fakes.tables import read_csv, write_csv
from fakes.tasks import QUEUE, record
from onhand.domain.errors import InputUnreadable, JobChanged, UsageError
from onhand.storage.csv_rows import MOST_LINES, CsvResults, CsvRows
from onhand.storage.jsonl_rows import JsonlRows


@pytest.fixture
def read(tmp_path):
    def build(content, column="text", name="in.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return CsvRows(path, column)

    return build


def texts(source):
    return [row.text for row in source.rows()]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_what_stands_between_cells_is_found_out(read, delimiter, end):
    lines = [["id", "text", "note"], ["1", "a, b; c", ""], ["2", 'say "so"', "x|y"]]
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=end).writerows(lines)
    source = read(text.getvalue())
    assert source.delimiter == delimiter
    assert source.columns() == ("id", "text", "note")
    assert [row.cells for row in source.rows()] == [tuple(line) for line in lines[1:]]


def test_a_tsv_has_tabs_whatever_else_it_holds(read):
    source = read("text\tmore\na,b,c\td,e,f\n", name="in.tsv")
    assert texts(source) == ["a,b,c"]
    assert source.told == "Read as UTF-8, with tabs between cells."


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("first", ["sep=;", '"sep=;"', "SEP=;"])
def test_a_first_line_may_say_what_stands_between_cells(read, mark, first):
    source = read(f"{mark}{first}\r\ntext;note\r\na, b, c;d\r\ne;f\r\n")
    assert source.columns() == ("text", "note")
    assert texts(source) == ["a, b, c", "e"]
    assert "semicolons" in source.told


def test_blank_lines_in_front_of_the_names_of_the_columns_are_left_out(read):
    source = read(" , \n,,\ntext,note\n , \na,b\n")
    assert source.columns() == ("text", "note")
    assert texts(source) == [" ", "a"]


def test_a_single_column_needs_no_delimiter(read):
    assert texts(read("text\none\n\ntwo\n")) == ["one", "two"]


def test_of_a_single_column_all_of_a_line_is_the_text(read):
    source = read('text\nOnce, and twice, too\n"quoted, as well"\nplain\nlast,\n')
    rows = list(source.rows())
    assert [row.error for row in rows] == [""] * 4
    assert [row.text for row in rows] == [
        *("Once, and twice, too", "quoted, as well", "plain", "last"),
    ]
    assert [row.cells for row in rows] == [(row.text,) for row in rows]


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("utf-8", "Read as UTF-8"),
        ("utf-8-sig", "Read as UTF-8"),
        ("utf-16", "Read as UTF-16"),
        ("utf-16-le", "Read as UTF-16"),
        ("cp1252", "Read as Latin-1, because it is not UTF-8"),
    ],
)
def test_the_encoding_is_found_out_and_told(read, encoding, told):
    lines = "id;text\n" + "".join(
        f"{each};Grüße aus Köln, die Straße ist für Fußgänger gesperrt\n"
        for each in range(9)
    )
    source = read(lines.encode(encoding))
    assert texts(source) == ["Grüße aus Köln, die Straße ist für Fußgänger gesperrt"] * 9
    assert source.told.startswith(told)
    assert source.told.endswith("with semicolons between cells.")


def test_an_encoding_that_shows_itself_late_is_found_out(read):
    lines = "text\n" + "nothing but letters here\n" * 40_000
    lines += "Die Straße in Köln ist für Fußgänger schön\n" * 20
    assert texts(read(lines.encode("cp1252")))[-1].endswith("für Fußgänger schön")


def test_single_bytes_of_another_encoding_are_mended(read):
    good = "text\n" + "Grüße aus Köln\n" * 20
    source = read(good.encode() + b"Gr\xfc\xdfe \x80 5\n")
    assert texts(source)[-1] == "Grüße € 5"
    assert "Windows-1252" in source.told


def test_zero_bytes_are_left_out_and_told_of(read):
    source = read(
        b'id,text\n1,"on\0e and so on, and so on"\n' + b"2,two and more text\n" * 9
    )
    assert [row.error for row in source.rows()][1:] == [""] * 9
    assert next(source.rows()).cells[1] == "one and so on, and so on"
    assert "Zero bytes" in source.told


@pytest.mark.parametrize(
    "content", [b"\x89PNG\r\n\x1a\n\0\0", b"PK\x03\x04\x14\0", bytes(range(256)) * 50]
)
def test_what_is_no_text_is_refused(read, content):
    with pytest.raises(InputUnreadable):
        list(read(content).rows())


def test_quotes_inside_quotes_and_lines_inside_cells(read):
    source = read('id,text\n1,"He said ""no"",\nthen left"\n2,5" disk\n3,"a\r\nb"\n')
    assert texts(source) == ['He said "no",\nthen left', '5" disk', "a\r\nb"]


def test_quotes_may_be_escaped_with_a_backslash(read):
    source = read('id,text\n1,"He said \\"no\\", then left"\n2,"x, \\"y\\""\n')
    assert texts(source) == ['He said "no", then left', 'x, "y"']


@pytest.mark.parametrize("rest", [3, MOST_LINES + 50])
def test_a_quote_that_does_not_end_harms_its_own_row(read, rest):
    lines = "".join(f"{each},text {each}\n" for each in range(rest))
    rows = list(read(f'id,text\nx,"never closed\n{lines}').rows())
    assert rows[0].error == "line 2 has a quote that does not end"
    assert [row.text for row in rows[1:]] == [f"text {each}" for each in range(rest)]


def test_a_cell_beyond_all_limits_is_told_and_harms_no_other_row(read):
    rows = list(read(f'id,text\n1,"{"x" * 8_000_001}"\n2,short\n').rows())
    assert [row.error for row in rows] == ["line 2 has a cell that is too long", ""]
    assert (rows[0].text, rows[1].text) == ("", "short")


def test_ragged_rows(read):
    rows = list(read("id,text,note\n1,one,x\n2,two\n3,three,x,\n4,four,x,y,z\n5\n").rows())
    assert [row.error for row in rows] == [
        "",
        "",
        "",
        "line 5 has 5 cells instead of 3",
        "",
    ]
    assert [row.text for row in rows] == ["one", "two", "three", "", ""]
    assert rows[3].cells == ("4", "four", "x,y,z")
    assert rows[4].cells == ("5", None, None)


@given(
    cells=st.lists(st.text(string.ascii_letters + " -.", max_size=4), min_size=4).filter(
        lambda cells: cells[-1] and any(cells[:2])
    ),
    delimiter=st.sampled_from(",;|\t"),
)
def test_cells_that_are_too_many_stay_as_they_stand_in_the_line(cells, delimiter):
    lines = [["id", "text", "note"], *[["1", "one", "x"]] * len(cells), cells]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "in.csv"
        path.write_text("".join(delimiter.join(line) + "\n" for line in lines), newline="")
        *_, row = CsvRows(path).rows()
    assert row.cells == (*cells[:2], delimiter.join(cells[2:]))
    assert row.error.endswith(f"has {len(cells)} cells instead of 3")


def test_rows_are_named_by_their_id_or_their_place(read):
    assert [row.name for row in read("ID,text\nA7,one\n,two\n").rows()] == ["A7", "r2"]
    assert [row.name for row in read("text\none\ntwo\n").rows()] == ["r1", "r2"]
    source = read("text,id\none\ntwo,r1\nthree,rrr7\n")
    for _ in range(2):
        assert [row.name for row in source.rows()] == ["rr1", "r1", "rrr7"]


def test_a_column_that_is_missing_or_not_the_only_one_of_its_name_is_told(read):
    with pytest.raises(
        UsageError, match="there is no column 'body'; there are 'id', 'text'"
    ):
        list(read("id,text\n1,x\n", "body").rows())
    with pytest.raises(UsageError, match=r"2 columns are called 'text'.*#2 or #3"):
        list(read("id,text,text\n1,x,y\n").rows())
    assert texts(read("id,text,text\n1,x,y\n", "#3")) == ["y"]
    assert texts(read("id, Text \n1,x\n")) == ["x"]
    with pytest.raises(UsageError, match="no column '#9'"):
        list(read("id,text\n1,x\n", "#9").rows())


def test_an_empty_file_has_no_columns_and_no_rows(read):
    assert (read("").columns(), list(read("").rows())) == ((), [])
    assert list(read("text\n").rows()) == []


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(InputUnreadable, match=r"nowhere\.csv"):
        list(CsvRows(tmp_path / "nowhere.csv").rows())


CELL = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]) | st.just("\n"),
    max_size=12,
)


@given(
    rows=st.lists(st.tuples(CELL, CELL.filter(str.strip)), min_size=1, max_size=12),
    delimiter=st.sampled_from(",;|"),
)
def test_whatever_was_written_as_a_table_is_read_as_it_was(rows, delimiter):
    lines = [("plain column", "text"), *rows]
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(lines)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "in.csv"
        path.write_text(text.getvalue(), encoding="utf-8-sig", newline="")
        found = list(CsvRows(path).rows())
    assert [row.cells for row in found] == rows
    assert not any(row.error for row in found)


@given(content=st.binary(max_size=300))
def test_no_bytes_do_any_harm(content):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "in.csv"
        path.write_bytes(b"id,text\n" + content)
        try:
            rows = list(CsvRows(path).rows())
        except (InputUnreadable, UsageError):
            return
    assert [row.position for row in rows] == list(range(len(rows)))


@given(
    lines=st.lists(
        st.text(string.ascii_letters + ',;"\\\t \n', max_size=20), min_size=1, max_size=20
    )
)
def test_broken_lines_lose_no_letter(lines):
    content = "id,text\n" + "\n".join(lines) + "\n"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "in.csv"
        path.write_text(content, newline="")
        try:
            rows = list(CsvRows(path, "#1").rows())
        except UsageError:
            return
    kept = "".join(str(cell) for row in rows for cell in row.cells if cell)
    letters = [each for each in "".join(lines) if each.isalpha()]
    assert [each for each in kept if each.isalpha()] == letters


def write(tmp_path, source, results, name="out.csv"):
    CsvResults(tmp_path / name).write(results, source, QUEUE)
    return tmp_path / name


def answers(source):
    return [
        record(row.text, row=row.position, name=row.name, error="input_unreadable")
        if row.error
        else record(row.text, row=row.position, name=row.name)
        for row in source.rows()
    ]


def test_the_columns_of_the_input_come_first_and_as_they_were(tmp_path, read):
    source = read('id;text;label\n007;"a ""b"";\nc";x\n2;two;;;;\n')
    path = write(tmp_path, source, answers(source))
    header, first, second = read_csv(path, ";")
    assert header[:4] == ["id", "text", "label", "label_2"]
    assert header[4:] == ["confidence", "lane", "route", "model", "seconds", "error"]
    assert first[:4] == ["007", 'a "b";\nc', "x", "billing"]
    assert second[:4] == ["2", "two", "", "technical"]


def test_a_row_that_failed_says_why(tmp_path, read):
    source = read("id,text\n1,a,b\n")
    _, row = read_csv(write(tmp_path, source, answers(source)))
    assert row[:3] == ["1", "a,b", ""]
    assert row[-1].startswith("input_unreadable: The input cannot be read as text")


def test_cells_that_a_spreadsheet_would_run_are_defused(tmp_path, read):
    source = read("id,text\n-5,=1+1\n=cmd|'/c calc'!A1,@SUM(A1)\n")
    lines = read_csv(write(tmp_path, source, answers(source)))
    assert lines[1][:2] == ["-5", "'=1+1"]
    assert lines[2][:2] == ["'=cmd|'/c calc'!A1", "'@SUM(A1)"]


@pytest.mark.parametrize(
    ("source", "out", "marked"),
    [
        ("in.xlsx", "out.csv", True),
        ("in.xlsx", "out.tsv", False),
        ("in.jsonl", "out.csv", False),
    ],
)
def test_what_a_spreadsheet_made_is_marked_for_it(tmp_path, source, out, marked):
    CsvResults(tmp_path / out).write(
        [record("one")], FakeRows("one", path=Path("/", source)), QUEUE
    )
    assert (tmp_path / out).read_bytes().startswith(b"\xef\xbb\xbf") is marked


def test_what_was_made_for_a_spreadsheet_stays_so(tmp_path, read):
    source = read("\ufeffid;text\n1;Grüße\n")
    content = write(tmp_path, source, answers(source)).read_bytes()
    assert content.startswith(b"\xef\xbb\xbfid;text;label;")
    source = read("id,text\n1,one\n")
    assert write(tmp_path, source, answers(source)).read_bytes().startswith(b"id,text,")
    assert write(tmp_path, source, answers(source), "out.tsv").read_text().count("\t") == 16


def test_rows_without_cells_of_their_own_are_a_table_too(tmp_path):
    source = FakeRows("one", "two")
    lines = read_csv(write(tmp_path, source, answers(source)))
    assert [line[:2] for line in lines] == [["id", "text"], ["n0", "one"], ["n1", "two"]]


def test_objects_become_a_table_with_all_their_keys(tmp_path):
    lines = ['{"id": 1, "text": "one"}', "broken", '{"text": "two", "more": [1, null]}', ""]
    (tmp_path / "in.jsonl").write_text("\n".join(lines))
    source = JsonlRows(tmp_path / "in.jsonl")
    header, *rows = read_csv(write(tmp_path, source, answers(source)))
    assert header[:4] == ["id", "text", "more", "label"]
    assert [row[:3] for row in rows] == [
        ["1", "one", ""],
        ["", "", ""],
        ["", "two", "[1,null]"],
    ]


def test_objects_with_keys_without_end_are_no_table(tmp_path):
    keys = ", ".join(f'"k{number}": 1' for number in range(3000))
    (tmp_path / "in.jsonl").write_text(f'{{"text": "one", {keys}}}')
    with pytest.raises(InputUnreadable, match="more than 2000 keys"):
        JsonlRows(tmp_path / "in.jsonl").columns()


def test_an_input_that_was_changed_meanwhile_is_told(tmp_path, read):
    source = read("id,text\n1,one\n")
    results = answers(source)
    with pytest.raises(JobChanged, match="changed while it was read"):
        write(tmp_path, read("id,text\n1,other\n"), results)
    assert not (tmp_path / "out.csv").exists()


def test_what_was_written_can_be_read_again(tmp_path):
    source = CsvRows(write_csv(tmp_path / "in.csv", ["one\ntwo", '"', "a,b", "'"]))
    again = CsvRows(write(tmp_path, source, answers(source)))
    assert texts(again) == texts(source)
