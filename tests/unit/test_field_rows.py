"""Values as rows: an edit that is taken back leaves no trace, none is lost on the way."""

from __future__ import annotations

import csv
import json

from hypothesis import given
from hypothesis import strategies as st

from onhand.domain.answers import Extraction, Value
from onhand.domain.field_rows import (
    FieldRow,
    as_csv,
    as_json,
    edited_row,
    rows_of,
    values_in,
)

TEXT = "Inn 27.10 😀 =SUM(A1) cash"
FOUND = st.sampled_from(["Inn", "27.10", "😀", "=SUM(A1)", "cash"]).map(
    lambda text: Value(
        text=text,
        start=TEXT.index(text),
        end=TEXT.index(text) + len(text),
        confidence=0.5,
        value=text,
    )
)
ANSWERS = st.dictionaries(
    st.sampled_from(["a", "b", "c"]), st.lists(FOUND, max_size=3).map(tuple), min_size=1
).map(lambda fields: Extraction(fields=fields))
TYPED = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)


@given(ANSWERS)
def test_untouched_rows_hold_just_what_was_found(answer):
    rows = rows_of(answer, None, TEXT)
    found = {name: [each.text for each in each] for name, each in answer.fields.items()}
    assert values_in(rows) == found
    assert all(row.text == "" or TEXT[slice(*row.source)] == row.text for row in rows)


@given(ANSWERS, TYPED, st.data())
def test_an_edit_can_be_taken_back(answer, typed, data):
    rows = rows_of(answer, None, TEXT)
    row = data.draw(st.sampled_from(rows))
    edited = edited_row(row, typed, TEXT)
    assert edited.text == typed.strip()
    if edited.source is not None:
        assert TEXT[slice(*edited.source)].split() == edited.text.split()
    assert edited_row(edited, row.text, TEXT) == row


@given(ANSWERS, st.lists(TYPED, max_size=4))
def test_a_correction_is_shown_as_it_was_given(answer, typed):
    right = {
        name: [each.strip() for each in typed if each.strip()] for name in answer.fields
    }
    assert values_in(rows_of(answer, right, TEXT)) == right


def value(text, part):
    start = text.index(part)
    end = start + len(part)
    return Value(text=part, start=start, end=end, confidence=0.5, value=part)


def test_a_typed_value_is_marked_where_it_stands_by_itself_and_near():
    text = "12 stools. Invoice of 12.05.2025: 12 large\nchairs"
    row = FieldRow(field="x", found=value(text, "chairs"))
    assert edited_row(row, "12", text).place == (34, 36)
    assert edited_row(row, "large chairs", text).place == (37, 49)
    assert edited_row(row, "05", text).place is None
    assert edited_row(FieldRow(field="x"), "12", text).place == (0, 2)


def test_values_that_stay_keep_what_was_found_where_another_was_removed_or_put_in():
    text = "Invoice of 12.05.2025: chairs"
    found = tuple(value(text, part) for part in ("Invoice", "12.05.2025", "chairs"))
    answer = Extraction(fields={"x": found})
    rows = rows_of(answer, {"x": ["12.05.2025", "of", "chairs"]}, text)
    assert [(row.found and row.found.text, row.edited) for row in rows] == [
        ("Invoice", ""),
        ("12.05.2025", None),
        (None, "of"),
        ("chairs", None),
    ]


@given(ANSWERS)
def test_what_is_copied_can_be_read_again(answer):
    rows = rows_of(answer, None, TEXT)
    read = list(csv.reader(as_csv(rows, lambda _: "state").splitlines()))
    assert read[0] == ["field", "value", "state"]
    assert [line[1].lstrip("'") for line in read[1:]] == [row.text for row in rows]
    fields = json.loads(as_json(rows))["fields"]
    assert {name: [each["text"] for each in fields[name]] for name in fields} == values_in(
        rows
    )
