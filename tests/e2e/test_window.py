"""The whole program: a real window, a real engine process, a real database."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from fakes.keyrings import FakeKeyring
from fakes.starter import needs_starter
from fakes.tasks import QUEUE, TAGS
from fakes.teaching import labelled_rows, tagged_rows
from onhand.bootstrap import open_archive, open_services, open_shelf
from onhand.domain.answers import Classification, Extraction
from onhand.domain.settings import Settings
from onhand.domain.tasks import Kind
from onhand.host import Paths
from onhand.storage.settings_file import SettingsFile
from onhand.storage.vault import Trust, Vault
from onhand.ui.jobs import Jobs
from onhand.ui.main_window import MainWindow
from onhand.ui.theme import Theme

pytestmark = [pytest.mark.e2e, *needs_starter]

ENOUGH = 120_000
"""Milliseconds: the first answer waits for the engine to find out what runs here."""


@pytest.fixture
def paths(tmp_path):
    return Paths.of(tmp_path)


@pytest.fixture
def vault(paths):
    return Vault(paths.keys, Trust(keyring=FakeKeyring()))


@pytest.fixture
def open_all(paths, vault):
    return lambda: open_services(paths, engine_soon=True, vault=vault)


@pytest.fixture
def open_archive_of(paths, vault):
    return lambda: open_archive(paths, vault)


@pytest.fixture
def window(qtbot, qapp, open_all, open_archive_of, tmp_path):
    paths = Paths.of(tmp_path)
    paths.prepare()
    SettingsFile(paths.settings).save(Settings(welcomed=True))
    jobs = Jobs(open_all, open_archive_of, lambda: open_shelf(paths))
    window = MainWindow(jobs, Theme(qapp))
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    window.load()
    yield window
    window.close()
    jobs.close()


def labels(window):
    return "\n".join(
        each.text() for each in window.findChildren(QLabel) if each.isVisible()
    )


def run(qtbot, window, text):
    window.work.input.setFocus()
    window.work.input.set_text(text)
    qtbot.keyClick(
        window.work.input, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier
    )
    qtbot.waitUntil(lambda: "kept in the history" in labels(window), timeout=ENOUGH)


def stored(open_all):
    with open_all() as services:
        return services.history.search("", kind=None, limit=10, before=None)


def test_ctrl_return_ends_as_a_row_in_the_database(qtbot, window, open_all):
    form = window.work.form
    form._editors[Kind.CLASSIFY].get()._lines.setPlainText(
        "billing = charges, refunds\ntechnical = something is broken"
    )
    run(qtbot, window, "I was charged twice")
    assert "read 100 %" in labels(window)
    entry = stored(open_all)[0]
    assert entry.text == "I was charged twice"
    assert isinstance(entry.outcome.answer, Classification)
    assert entry.outcome.answer.label in labels(window)
    window.show_place(2)
    qtbot.waitUntil(lambda: "1 shown" in labels(window), timeout=ENOUGH)


def test_a_value_is_lit_up_where_it_stands(qtbot, window, open_all):
    form = window.work.form
    form._kinds.button(1).setChecked(True)
    form._editors[Kind.EXTRACT].get()._lines.setPlainText("amount = the sum of money")
    run(qtbot, window, "😀 Bill\n\nPlease pay 27.10 EUR until Friday.")
    answer = stored(open_all)[0].outcome.answer
    assert isinstance(answer, Extraction)
    table = window.work.panel._answers._views[Kind.EXTRACT].get()._table
    table.choose(0)
    lit = [each.cursor.selectedText() for each in window.work.input.extraSelections()]
    assert lit == [value.text for value in answer.fields["amount"][:1]]


def test_esc_stops_a_rewrite_and_the_next_one_works(qtbot, window, open_all):
    form = window.work.form
    form._kinds.button(2).setChecked(True)
    long = "We have a meeting on monday and it are important for the team. " * 40
    window.work.input.set_text(long)
    window.work.run()
    running = window.work.panel.running
    qtbot.waitUntil(lambda: bool(running._text.toPlainText()), timeout=ENOUGH)
    qtbot.keyClick(window.work.input, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: "Stopped. Nothing was kept." in labels(window), timeout=10_000)
    run(qtbot, window, "This are wrong.")
    assert [entry.text for entry in stored(open_all)] == ["This are wrong."]


def test_the_ladder_shows_the_starter_in_use_and_what_could_be_fetched(qtbot, window):
    window.show_place(4)
    card = window.preferences.models
    qtbot.waitUntil(lambda: card._steps.rowCount() > 5, timeout=ENOUGH)
    steps = {each.model: each for each in card._steps.rows()}
    assert steps["smollm2-135m"].in_use
    assert steps["smollm2-135m"].fit.needs > steps["smollm2-135m"].bytes
    assert steps["qwen3-0.6b"].can_be_fetched
    assert not any("bge" in model for model in steps)
    card.choose("smollm2-135m")
    card._verify()
    qtbot.waitUntil(lambda: "byte for byte" in labels(window), timeout=ENOUGH)


def measured(qtbot, window, rows, task):
    """What the starter came to on the rows of a file."""
    window.work.form.set_task(task)
    window.show_place(3)
    page = window.measure
    qtbot.waitUntil(lambda: "smollm2-135m" in page._form._ticks, timeout=ENOUGH)
    page._form.rows.take(str(rows))
    qtbot.waitUntil(lambda: page._form.rows.columns()[:1] == ("message",))
    page._run.click()
    qtbot.waitUntil(lambda: page.view.measured is not None, timeout=ENOUGH)
    [found] = page.view.measured.found
    return found


def test_the_starter_is_measured_on_rows_of_a_file(qtbot, window, tmp_path):
    rows = tmp_path / "rows.csv"
    rows.write_text(labelled_rows(4), encoding="utf-8")
    found = measured(qtbot, window, rows, QUEUE)
    page = window.measure
    assert (found.model, len(found.answers), found.failed) == ("smollm2-135m", 20, 0)
    assert found.memory > found.bytes
    assert 0 < found.seconds(0.5) < 60
    assert "your bar of 90 %" in labels(window)
    page.report.write(page.view.measured, page.view.bar, tmp_path / "report.html")
    qtbot.waitUntil(lambda: "The report is in" in labels(window), timeout=ENOUGH)
    assert "charged twice" not in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_the_starter_is_measured_on_rows_with_any_number_of_labels(qtbot, window, tmp_path):
    rows = tmp_path / "rows.csv"
    rows.write_text(tagged_rows(4), encoding="utf-8")
    found = measured(qtbot, window, rows, TAGS)
    page = window.measure
    assert (found.several, len(found.answers), found.failed) == (True, 20, 0)
    assert {each.right for each in found.answers} == {
        *(("price", "taste"), ("taste",), ("price",), ())
    }
    assert found.calibration_error is not None
    assert "no others. 4 of these texts have none." in labels(window)
    qtbot.waitUntil(page.before.isVisible, timeout=ENOUGH)
    assert page.before._rows.row(0).micro_f1 == pytest.approx(found.micro_f1)
