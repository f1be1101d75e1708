"""The guide: F1 opens it, it is whole, and it reads nothing but its own files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QTranslator, QUrl
from PySide6.QtGui import QImage

from fakes.stores import outcome
from fakes.tasks import QUEUE
from onhand.domain.answers import Classification
from onhand.ui.desktop import Desktop
from onhand.ui.guide_window import GuideWindow
from onhand.ui.main_window import MainWindow
from onhand.ui.opening import Opening

pytestmark = pytest.mark.ui

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "guide"
TRANSLATIONS = FOLDER.with_name("translations")
PAGES = sorted(path.name for path in FOLDER.glob("*.html"))


@pytest.fixture
def guide(qtbot):
    guide = GuideWindow(FOLDER)
    qtbot.addWidget(guide)
    guide.show_chapter()
    return guide


def test_f1_opens_the_guide_and_esc_closes_it(qtbot, jobs, theme, hand_at):
    program = Desktop(
        jobs, theme, Opening(guide=FOLDER), lambda keys: MainWindow(jobs, theme, keys)
    )
    qtbot.addWidget(program.window)
    qtbot.waitUntil(program.window.isActiveWindow)
    hand_at(program.window).press("F1")
    qtbot.waitUntil(lambda: program._guide is not None and program._guide.isVisible())
    assert "0 bytes" not in program._guide._page.toPlainText()
    assert "Nothing of your text" in program._guide._page.toPlainText()
    qtbot.waitUntil(program._guide.isActiveWindow)
    hand_at(program._guide).press("Esc")
    assert not program._guide.isVisible()
    qtbot.addWidget(program._guide)


def anchors_of(page):
    return re.findall(r'<a name="(\w+)"', (FOLDER / page).read_text(encoding="utf-8"))


def test_the_guide_has_the_same_chapters_in_every_language():
    assert PAGES == ["index.html", "index_de.html"]
    assert anchors_of(PAGES[0]) == anchors_of(PAGES[1])


def test_a_translated_window_shows_the_guide_in_its_language(qtbot, qapp):
    german = QTranslator()
    assert german.load(str(TRANSLATIONS / "onhand_de.qm"))
    qapp.installTranslator(german)
    try:
        guide = GuideWindow(FOLDER)
        qtbot.addWidget(guide)
        guide.show_chapter("lanes")
        assert "Wie weit man einer Antwort trauen kann" in guide._page.toPlainText()
    finally:
        qapp.removeTranslator(german)


@pytest.mark.parametrize("name", PAGES)
def test_every_link_leads_to_a_chapter_and_every_picture_is_there(name):
    page = (FOLDER / name).read_text(encoding="utf-8")
    links = re.findall(r'href="([^"]+)"', page)
    assert links
    assert {link.removeprefix("#") for link in links} == set(anchors_of(name))
    pictures = re.findall(r'<img src="([^"]+)"[^>]* alt="[^"]{10,}">', page)
    assert len(pictures) == page.count("<img") >= 4
    for name in pictures:
        assert not QImage(str(FOLDER / name)).isNull(), name
        assert (FOLDER / name).stat().st_size < 160_000


@pytest.mark.parametrize(
    "address",
    ["https://example.org/index.html", "file:///etc/hostname", "../tasks/urgency.toml"],
)
def test_nothing_outside_of_its_folder_is_read(guide, address):
    assert guide._page.loadResource(2, QUrl(address)) is None
    assert guide._page.loadResource(1, QUrl("index.html"))


def test_what_a_lane_means_is_told_in_its_place(hand, desktop, window):
    scores = {"billing": 0.9, "technical": 0.1}
    made = Classification(label="billing", scores=scores)
    desktop.run_task.answers["a text"] = outcome(made)
    window.work.form.set_task(QUEUE)
    hand.focus("Text")
    hand.write("a text")
    hand.press("Ctrl+Return")
    hand.wait_for("Please check.")
    assert "Nothing of this leaves the laptop." not in hand.labels()
    hand.focus("What does this say?")
    hand.press("Space")
    assert "Nothing of this leaves the laptop." in hand.labels()
    hand.press("Space")
    assert "Nothing of this leaves the laptop." not in hand.labels()
