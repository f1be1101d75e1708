"""Every flow of the window by keyboard alone: a real engine, a real database, no mouse."""

from __future__ import annotations

import json

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton

from fakes.hand import Hand
from fakes.real_window import real_window, services_of
from fakes.starter import needs_starter
from onhand.domain.settings import Appearance, Settings
from onhand.host import Paths
from onhand.storage.settings_file import SettingsFile
from onhand.ui.theme import Theme

pytestmark = [pytest.mark.e2e, *needs_starter]

ENOUGH = 120_000
"""Milliseconds: the first answer waits for the engine to find out what runs here."""

KINDS = ("Classify", "Extract", "Rewrite", "Summarise")
LABELS = "Labels, one a line: name = what belongs in it"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    Paths.of(folder).prepare()
    SettingsFile(Paths.of(folder).settings).save(Settings(welcomed=True))
    return folder


@pytest.fixture(scope="module")
def window(folder, qapp):
    """One window and one engine for all tests here."""
    with real_window(folder, Theme(qapp)) as window:
        yield window


@pytest.fixture
def hand(qtbot, window):
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return Hand(qtbot, window, ENOUGH)


def prepare(hand, kind, text):
    """Choose a kind with a task that is written on the spot, and type a text."""
    hand.press("Ctrl+1")
    steps = KINDS.index(kind) - KINDS.index(hand.go(*KINDS).accessibleName())
    for _ in range(abs(steps)):
        hand.press("Right" if steps > 0 else "Left")
    hand.go("Task")
    hand.press("Home")
    type_into(hand, "Text", text)


def type_into(hand, name, text):
    hand.go(name)
    hand.press("Ctrl+A")
    hand.write(text)


def run(hand):
    hand.press("Ctrl+Return")
    hand.wait_for("kept in the history")


def classify(hand, text):
    prepare(hand, "Classify", text)
    type_into(hand, LABELS, "billing = charges, refunds\ntechnical = it is broken")
    run(hand)


def entries(folder, words):
    with services_of(folder) as services:
        return services.history.search(words, kind=None, limit=10, before=None)


def test_a_text_is_classified_and_corrected(hand, folder):
    classify(hand, "I was charged twice")
    hand.go("Correct answer")
    hand.press("Space")
    choice = hand.go("Right answer")
    hand.press("Up" if choice.currentIndex() else "Down")
    right = choice.currentText()
    hand.press("Return")
    hand.wait_for("You corrected this answer")
    assert entries(folder, "charged twice")[0].correction == right


def test_values_are_extracted_and_copied(hand):
    prepare(hand, "Extract", "Please pay 27.10 EUR until Friday.")
    type_into(hand, "Fields, one a line: name = what it is", "amount = the sum of money")
    run(hand)
    hand.go("Values found")
    hand.go("Copy answer")
    hand.press("Space")
    assert QGuiApplication.clipboard().text().startswith("amount\t")


def test_every_change_of_a_rewrite_is_rejected_which_leaves_the_old_text(hand):
    text = "This are wrong. I has two cat."
    prepare(hand, "Rewrite", text)
    run(hand)
    hand.go("Rewritten text")
    while "not decided." in hand.labels():
        hand.press("R")
    if not hand.window.work.panel.may_copy:
        hand.go("I have seen this; let me copy the text")
        hand.press("Space")
    hand.go("Copy answer")
    hand.press("Space")
    assert QGuiApplication.clipboard().text() == text


def test_a_text_is_summarised(hand, folder):
    prepare(hand, "Summarise", "The shop is closed on Monday. It opens on Tuesday at nine.")
    run(hand)
    hand.go("Summary")
    hand.press("End")
    assert entries(folder, "closed on Monday")


def test_a_batch_runs(hand, qtbot, tmp_path):
    source, out = tmp_path / "rows.jsonl", tmp_path / "out.jsonl"
    rows = [{"text": text} for text in ("I was charged twice", "The app closes")]
    source.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    classify(hand, "A first text")
    hand.press("Ctrl+2")
    type_into(hand, "Input file", str(source))
    type_into(hand, "Output file", str(out))
    hand.go("Run batch")
    hand.press("Space")
    qtbot.waitUntil(out.exists, timeout=ENOUGH)
    answers = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert len(answers) == 2
    assert all(each["error"] is None for each in answers)


def test_an_entry_is_found_and_forgotten(hand, qtbot, folder):
    classify(hand, "A zebra asks")
    hand.press("Ctrl+F")
    hand.write("zebra")
    hand.wait_for("1 shown")
    hand.go("Answers")
    hand.go("Forget entries")
    hand.press("Space")
    qtbot.waitUntil(lambda: len(hand.dialogs()) == 1)
    qtbot.waitUntil(hand.named("Forget now").isEnabled, timeout=ENOUGH)
    hand.go("Forget now")
    hand.press("Space")
    closing = hand.dialogs()[0].findChildren(QPushButton)
    qtbot.waitUntil(
        lambda: any(each.accessibleName() == "Close" for each in closing), timeout=ENOUGH
    )
    assert not entries(folder, "zebra")
    hand.go("Close")
    hand.press("Space")
    qtbot.waitUntil(lambda: not hand.dialogs())


def test_a_setting_is_changed(hand, qtbot, folder):
    hand.press("Ctrl+5")
    hand.go("Appearance")
    hand.press("End")
    file = SettingsFile(Paths.of(folder).settings)
    qtbot.waitUntil(lambda: file.load().appearance is Appearance.DARK, timeout=ENOUGH)


def test_the_introduction_is_gone_through(hand, qtbot):
    hand.press("Ctrl+5")
    hand.go("Introduction")
    hand.press("Space")
    qtbot.waitUntil(lambda: len(hand.dialogs()) == 1)
    for name in ("Next", "Next", "Try it"):
        hand.go(name)
        hand.press("Space")
    qtbot.waitUntil(lambda: not hand.dialogs())
    hand.wait_for("kept in the history")
