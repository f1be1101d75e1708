"""What an export looks like, and which backups stay."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.stores import NOON
from fakes.tasks import EVERY_TASK, record
from onhand.domain.export import COLUMNS, defused, exported, header
from onhand.domain.export_form import Format
from onhand.domain.thinning import kept

MOMENTS = st.timedeltas(timedelta(days=-2000), timedelta(days=2000)).map(
    lambda away: datetime(2026, 1, 1, tzinfo=UTC) + away
)


@pytest.mark.parametrize(
    "cell",
    [
        *(
            "=1+1",
            "+cmd",
            "-2+3",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            " =1",
            "\u00a0=1",
            "\ufeff=1",
        ),
        *("-A1", "-$A1", "+EUR5", "-5 E5", "-5,E5", "-1:1", "-5\t", "-5\n", "-5 A1", "+-5"),
        *("-1+cmd|' /C calc'!A0", "+SUM(1)", "-5 TOTAL", "-5!", "+1-555-1234", "-", "-EUR"),
    ],
)
def test_a_cell_that_a_spreadsheet_would_run_is_defused(cell):
    assert defused(cell) == "'" + cell


@pytest.mark.parametrize(
    "cell",
    [
        *("", "text", "-12", "+41", "-1.5", "a=b", "1-1", "-12,50", "+3,5", "-1.234,56"),
        *(
            "-1,234.56",
            "-1'234.50",
            "-1\u00a0234,5",
            "-1\u202f234,5",
            "  -5.00",
            "- 5",
            "-.5",
        ),
        *(
            "-$5",
            "-€ 5",
            "-5%",
            "-5 %",
            "-12,50 EUR",
            "-12,50 €",
            "-5kg",
            "-3 °C",
            "-1.2e-05",
        ),
        "+41 44 668 18 00",
    ],
)
def test_what_does_no_harm_stays_as_it_is(cell):
    assert defused(cell) == cell


@given(
    number=st.floats(-1e12, -0.01) | st.integers(-(10**15), -1),
    form=st.sampled_from(["{:,.2f}", "{:.2f}", "{:.0f}", "{:.3e}"]),
    marks=st.sampled_from([",.", ".,", "'.", " ,", "\u00a0,", "\u202f,", "\u2009."]),
    unit=st.sampled_from(["", "%", " %", " €", "€", "$", " EUR", "CHF", " kg", " zł"]),
)
def test_a_negative_number_stays_as_it_is_written(number, form, marks, unit):
    cell = form.format(number).translate(dict(zip(map(ord, ",."), marks, strict=True)))
    assert defused(cell + unit) == cell + unit


@given(
    text=st.text()
    | st.tuples(st.sampled_from("+-"), st.text("12,. '+-*/(:|!$%€EAe\t\r\n\u00a0")).map(
        "".join
    )
)
def test_no_cell_begins_like_a_formula_unless_it_is_a_number(text):
    cell = defused(text)
    begins = cell.lstrip(" \u00a0\ufeff")[:1]
    assert begins not in set("=@\t\r\n")
    if begins in {"+", "-"}:
        # Nothing is called, computed or referred to: of letters there is one short word,
        # at the end, or the exponent of a number.
        bare = cell.lstrip(" \u00a0\ufeff").replace("°", "")[1:]
        plain = re.sub(r"(?<=[0-9])[eE][+-]?(?=[0-9]+[^0-9]*$)", "", bare)
        assert re.search("[0-9]", plain)
        assert not set(plain) & set('+-=@*/^&<>():;|!"#[]{}\t\r\n')
        assert re.fullmatch(r"[^\W\d_]{0,3}[ \u00a0]*", re.sub(r"^[\W\d_]*", "", plain))


@given(text=st.text(st.characters(codec="utf-8"), min_size=1))
def test_csv_brings_every_text_back(text):
    line = header(Format.CSV) + exported(Format.CSV)(record(text))
    names, cells = list(csv.reader(io.StringIO(line, newline="")))
    assert tuple(names) == COLUMNS
    given = dict(zip(names, cells, strict=True))["text"]
    assert given in (text, "'" + text)


@pytest.mark.parametrize("task", EVERY_TASK, ids=lambda task: task.name)
def test_every_entry_can_be_written_in_every_form(task):
    entry = record("Zürich ```` 😀", task)
    assert json.loads(exported(Format.JSONL)(entry))["text"] == entry.text
    assert len(next(csv.reader([exported(Format.CSV)(entry)]))) == len(COLUMNS)
    assert "`````\nZürich ```` 😀\n`````" in exported(Format.MARKDOWN)(entry)
    failed = record("text", error="too_long")
    assert "too_long" in exported(Format.MARKDOWN)(failed)
    assert json.loads(exported(Format.JSONL)(failed))["error"]["code"] == "too_long"


@pytest.mark.parametrize(
    ("correction", "told"),
    [
        ("Dear Müller,\nthanks.", "Dear Müller,\nthanks."),
        (["Straße"], '["Straße"]'),
        ({"to": ["Müller & Söhne"]}, '{"to": ["Müller & Söhne"]}'),
    ],
)
def test_a_correction_is_written_as_people_read_it(correction, told):
    entry = record("text", correction=correction)
    assert f"Corrected to:\n\n```\n{told}\n```" in exported(Format.MARKDOWN)(entry)
    line = io.StringIO(exported(Format.CSV)(entry), newline="")
    assert dict(zip(COLUMNS, next(csv.reader(line)), strict=True))["correction"] == told


@given(times=st.lists(MOMENTS, max_size=80))
def test_the_newest_backup_stays_and_thinning_again_changes_nothing(times):
    staying = kept(times)
    assert staying <= set(times)
    assert len(staying) <= 12 + 14 + 8 + 12
    if times:
        assert max(times) in staying
    assert kept([*staying]) == staying


def test_a_year_of_use_leaves_days_weeks_and_months():
    times = [NOON - timedelta(hours=each) for each in range(24 * 365)]
    staying = kept(times)
    ages = sorted((NOON - each).days for each in staying)
    assert 30 <= len(staying) <= 46
    assert sum(age < 1 for age in ages) >= 12
    assert ages[-1] > 300
