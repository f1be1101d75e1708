"""The report of a measurement: a page that holds figures and plots, and no text."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from fakes.stores import FakeClock
from fakes.tasks import QUEUE
from fakes.teaching import evaluation
from onhand.domain.errors import OutputUnwritable, UsageError
from onhand.domain.evaluating import Answered
from onhand.domain.evaluation_page import evaluation_page
from onhand.services.evaluation_report import ReportEvaluation
from onhand.storage.report_file import save_page
from onhand.storage.safe_files import is_file

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
    return ReportEvaluation(write=save_page, is_there=is_file, clock=FakeClock())


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
    with pytest.raises(UsageError, match=r"a file \.html"):
        report.raise_if_unfit(Path(name))


def test_a_folder_that_is_gone_ends_in_a_sentence(report, tmp_path):
    with pytest.raises(OutputUnwritable):
        report(QUEUE, [SMALL], 0.5, tmp_path / "gone" / "report.html")
