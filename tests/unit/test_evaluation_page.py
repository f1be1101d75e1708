"""The report of a measurement: a page that holds figures and plots, and no text."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from PySide6.QtGui import QImage

from fakes.stores import FakeClock
from fakes.tasks import PLAIN, QUEUE, RECEIPT, TAGS
from fakes.teaching import dated_reports, evaluation, finding, tagging, writing
from onhand.domain.drawing import COLOURS, Ink, Line
from onhand.domain.errors import OutputUnwritable, SystemLibraryMissing, UsageError
from onhand.domain.evaluating import Answered, Evaluation
from onhand.domain.evaluation_drawing import evaluation_drawing
from onhand.domain.evaluation_page import evaluation_page
from onhand.domain.evaluation_tables import evaluation_tables
from onhand.services.evaluation_report import ReportEvaluation
from onhand.storage.report_file import save_file
from onhand.teaching_wiring import as_workbook
from onhand.ui.picture import SCALE

SMALL = evaluation("small", "Small <1>", 98_000_000, wrong=30, times=20)
LARGE = evaluation("large", "Large", 1_100_000_000, wrong=5, times=20)


def page(*found, bar=0.9):
    return evaluation_page("Queue & more", found, bar, "2026-03-04 05:06")


def test_it_is_well_formed_and_holds_the_figures_and_three_plots():
    made = page(SMALL, LARGE)
    body = made.partition("<body>")[2].partition("</body>")[0]
    root = ElementTree.fromstring(f"<body>{body}</body>")  # noqa: S314 - our own
    told = " ".join("".join(root.itertext()).split())
    assert "is Large." in told
    assert "Queue & more" in told
    assert "Small <1>" in told
    assert len(re.findall("<svg ", made)) == 5
    assert "70.0 %" in told


def test_it_loads_and_runs_nothing():
    made = page(SMALL, LARGE)
    assert "<script" not in made
    assert not re.search(r"\b(src|href|url)\s*[=(]", made)
    assert set(re.findall(r"https?://[^\"]+", made)) == {"http://www.w3.org/2000/svg"}
    assert "prefers-color-scheme: dark" in made


def test_texts_without_an_answer_have_a_column_but_no_words():
    lost = Answered(right="billing", given=None, error="a secret of the text")
    made = page(replace(SMALL, answers=(*SMALL.answers, lost)))
    assert "no answer" in made
    assert "has no answer for 1 texts." in made
    assert "secret" not in made


@pytest.fixture
def report():
    return dated_reports(FakeClock())


def test_a_report_is_written_whole_and_replaces_nothing_unasked(report, tmp_path):
    path = tmp_path / "report.html"
    report(QUEUE, [SMALL], 0.5, path)
    assert "is Small &lt;1&gt;." in path.read_text(encoding="utf-8")
    with pytest.raises(OutputUnwritable, match="is there already"):
        report(QUEUE, [SMALL], 0.5, path)
    report(QUEUE, [LARGE], 0.5, path, replace=True)
    assert "is Large." in path.read_text(encoding="utf-8")
    assert [each.name for each in tmp_path.iterdir()] == ["report.html"]


@pytest.mark.parametrize("name", ["report.pdf", "report", "report.html.txt"])
def test_other_formats_are_refused(report, name):
    with pytest.raises(UsageError, match=r"\.htm, \.html, \.png"):
        report.raise_if_unfit(Path(name))


def test_the_plots_are_a_picture_or_a_drawing_too(report, tmp_path, qapp):
    picture, drawing = tmp_path / "report.png", tmp_path / "report.svg"
    for path in (picture, drawing):
        report(QUEUE, [SMALL, LARGE], 0.9, path)
    image = QImage(str(picture))
    drawn = evaluation_drawing("Queue", [SMALL, LARGE], 0.9, "2026-03-04 05:06")
    assert (image.width(), image.height()) == (
        round(drawn.width * SCALE),
        round(drawn.height * SCALE),
    )
    colours = {
        image.pixelColor(x, y).name()
        for x in range(0, image.width(), 3)
        for y in range(0, image.height(), 3)
    }
    assert {"#ffffff", COLOURS[Ink.ACCENT][0]} <= colours
    root = ElementTree.fromstring(drawing.read_text(encoding="utf-8"))  # noqa: S314 - ours
    told = "\n".join(root.itertext())
    assert "The smallest model that clears" in told
    assert "Small <1>: accuracy 70.0 % (60.4 % to 78.1 %), macro-F1" in told
    assert "Large: reliability curve" in told


def test_nothing_is_drawn_beyond_the_sheet():
    drawn = evaluation_drawing("Queue " * 60, [SMALL, LARGE], 0.9, "today")
    for shape in drawn.shapes:
        points = shape.points if isinstance(shape, Line) else [(shape.x, shape.y)]
        for x, y in points:
            assert 0 <= x <= drawn.width
            assert 0 <= y <= drawn.height


def test_the_figures_are_a_workbook_too(report, tmp_path):
    path = tmp_path / "report.XLSX"
    report(QUEUE, [SMALL, LARGE], 0.9, path)
    book = load_workbook(path)
    assert book.sheetnames == [
        *("Models", "Labels", "Confusion", "Reliability", "Thresholds", "Rows")
    ]
    header, small, large = book["Models"].values
    assert small[header.index("accuracy")] == 0.7
    assert large[header.index("clears the bar")] is True
    rows = list(book["Rows"].values)
    assert len(rows) == 1 + len(SMALL.answers)
    assert rows[0][:4] == ("row", "right", "Small <1>: given", "Small <1>: correct")
    confused = [line for line in book["Confusion"].values if line[0] == "Large"]
    assert sum(sum(line[2:]) for line in confused) == len(LARGE.answers)


def test_where_any_number_of_labels_may_be_right_counts_stand_for_confusions(
    report, tmp_path
):
    found = [
        tagging("small", "Small", 98_000_000, wrong=30, times=20),
        tagging("large", "Large", 1_100_000_000, wrong=5, times=20),
    ]
    for name in ("report.html", "report.svg", "report.xlsx"):
        report(TAGS, found, 0.9, tmp_path / name)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "no others. 20 of these texts have none." in page
    for told in ("all labels right", "micro-F1", "F1 of a text", "wrongly given"):
        assert f"<th>{told}</th>" in page
    assert "taken for what" not in page
    drawn = (tmp_path / "report.svg").read_text(encoding="utf-8")
    micro = f"micro-F1 {found[0].micro_f1:.3f}"
    assert f"all labels right 70.0 % (60.4 % to 78.1 %), {micro}" in drawn
    book = load_workbook(tmp_path / "report.xlsx")
    assert "Confusion" not in book.sheetnames
    header, small, _ = book["Models"].values
    assert small[header.index("micro-F1")] == pytest.approx(found[0].micro_f1)
    header, first, *_ = book["Labels"].values
    assert first[:2] == ("Small", "price")
    counts = [first[header.index(name)] for name in ("texts", "found", "missed")]
    assert counts[0] == counts[1] + counts[2] == 60
    told = [line[1] for line in book["Rows"].values]
    assert told[1:5] == ["price; taste", "taste", "price", "(no label)"]


def test_where_texts_are_written_none_is_in_any_report(report, tmp_path, qapp):
    found = [
        writing("small", "Small", 98_000_000, poor=30, times=50),
        writing("large", "Large", 1_100_000_000, poor=5, times=50),
    ]
    for name in ("report.html", "report.svg", "report.png", "report.xlsx"):
        report(PLAIN, found, 0.9, tmp_path / name)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    drawn = (tmp_path / "report.svg").read_text(encoding="utf-8")
    low, high = (f"{100 * each:.1f} %" for each in found[0].score_interval)
    assert f"<td>85.0 %</td><td>{low} to {high}</td>" in page
    for told in ("words that stay", "nothing to change", "need a change"):
        assert f"<th>{told}</th>" in page
    for told in ("macro-F1", "precision", "taken for what"):
        assert told not in page
    assert f"words that stay 85.0 % ({low} to {high}), nothing to change 70.0 %" in drawn
    assert "macro-F1" not in drawn
    book = load_workbook(tmp_path / "report.xlsx")
    assert book.sheetnames == ["Models", "Reliability", "Thresholds", "Rows"]
    header, small, _ = book["Models"].values
    assert small[header.index("clears the bar")] is False
    assert small[header.index("words that stay")] == pytest.approx(0.85)
    header, first, *_ = book["Rows"].values
    assert header[:3] == ("row", "Small: words that stay", "Small: nothing to change")
    assert first[:3] == (1, 0.5, False)
    told = "".join(str(cell) for sheet in book for line in sheet.values for cell in line)
    for words in ("Rosa", "drips", "Omar", "Next:"):
        for where in (page, drawn, told):
            assert words not in where


def test_where_fields_are_looked_for_no_value_is_in_any_report(report, tmp_path, qapp):
    found = [
        finding("small", "Small", 98_000_000, wrong=30, times=20),
        finding("large", "Large", 1_100_000_000, wrong=5, times=20),
    ]
    for name in ("report.html", "report.svg", "report.png", "report.xlsx"):
        report(RECEIPT, found, 0.9, tmp_path / name)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    drawn = (tmp_path / "report.svg").read_text(encoding="utf-8")
    low, high = (f"{100 * each:.1f} %" for each in found[0].score_interval)
    assert f"<td>{100 * found[0].micro_f1:.1f} %</td><td>{low} to {high}</td>" in page
    for told in ("F1", "all values right", "F1 of a text", "field", "values"):
        assert f"<th>{told}</th>" in page
    assert "share of the fields" in page
    assert "taken for what" not in page
    assert f"F1 {100 * found[0].micro_f1:.1f} % ({low} to {high})" in drawn
    book = load_workbook(tmp_path / "report.xlsx")
    assert book.sheetnames == ["Models", "Fields", "Reliability", "Thresholds", "Rows"]
    header, small, _ = book["Models"].values
    assert small[header.index("clears the bar")] is False
    assert small[header.index("texts without values")] == 20
    header, first, *_ = book["Fields"].values
    assert first[:2] == ("Small", "company")
    counts = [first[header.index(name)] for name in ("values", "found", "missed")]
    assert counts[0] == counts[1] + counts[2] == 80
    header, first, *_ = book["Rows"].values
    assert header[:5] == (
        *("row", "Small: all right", "Small: F1", "Small: company", "Small: way"),
    )
    told = "".join(str(cell) for sheet in book for line in sheet.values for cell in line)
    for value in ("Inn", "Mill", "cash", "nobody"):
        for where in (page, drawn, told):
            assert value not in where


LABELS = st.text(min_size=1) | st.sampled_from(
    ["=1+1", "@SUM(A1)", "-2", "+3", "\t=1", "\0"]
)


@settings(deadline=None)
@given(
    pairs=st.lists(st.tuples(LABELS, LABELS | st.none()), min_size=1, max_size=6),
    title=LABELS,
)
def test_no_label_is_run_by_a_spreadsheet_and_every_one_can_be_read(pairs, title):
    answers = tuple(Answered(right=right, given=given) for right, given in pairs)
    found = Evaluation(model="m", title=title, bytes=1, memory=2, answers=answers)
    content = as_workbook(evaluation_tables([found], 0.9))
    book = load_workbook(io.BytesIO(content))
    for sheet in book:
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" for cell in row)
    written = [line[1] for line in book["Rows"].values][1:]
    assert len(written) == len(pairs)
    for text, (right, _) in zip(written, pairs, strict=True):
        if right.isprintable():
            assert text == right


def test_that_a_system_cannot_draw_is_seen_before_the_run():
    def refuse(_):
        raise SystemLibraryMissing("libEGL.so.1 is missing")

    report = ReportEvaluation(
        write=save_file,
        is_there=lambda _: False,
        clock=FakeClock(),
        picture=refuse,
        workbook=as_workbook,
    )
    report.raise_if_unfit(Path("report.html"))
    with pytest.raises(SystemLibraryMissing):
        report.raise_if_unfit(Path("report.png"))


def test_a_folder_that_is_gone_ends_in_a_sentence(report, tmp_path):
    with pytest.raises(OutputUnwritable):
        report(QUEUE, [SMALL], 0.5, tmp_path / "gone" / "report.html")
