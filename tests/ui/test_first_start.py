"""The first start: three steps, by keyboard, shown once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QDialog

from fakes.tasks import RECEIPT
from onhand.domain.samples import FIRST_TRY
from onhand.domain.settings import Settings
from onhand.services.key_ports import KeyState
from onhand.ui.first_start import FirstStart
from onhand.ui.unlock_dialog import UnlockDialog

pytestmark = pytest.mark.ui


@pytest.fixture
def first(desktop):
    """Nothing was seen yet; comes before the window does."""
    desktop.settings.save(Settings())
    contacts = replace(RECEIPT, name="contact-details")
    desktop.tasks._tasks = (*desktop.tasks._tasks, contacts)


@pytest.fixture
def welcome(first, window, hand, qtbot):
    qtbot.waitUntil(lambda: any(isinstance(e, FirstStart) for e in hand.dialogs()))
    dialog = hand.dialogs()[-1]
    qtbot.waitUntil(lambda: dialog._models.count() == 4)
    return dialog


def test_it_says_what_this_is_and_names_the_next_step(welcome, hand):
    shown = hand.labels()
    assert "for trying things out and for teaching" in shown
    assert "The next step is a larger model" in shown
    assert "Step 1 of 3" in shown
    hand.press("Escape")


def test_the_model_that_fits_is_chosen_already_and_can_be_downloaded(
    welcome, hand, desktop, qtbot
):
    hand.press("Return")
    hand.wait_for("Step 2 of 3")
    assert welcome._models.currentText() == "Medium · Larger · 1.1 GB · fits best"
    hand.wait_for("It is here already.")
    desktop.downloads.gate.clear()
    hand.focus("Model")
    hand.press("End")
    assert welcome._models.currentText().startswith("Large · Granite 3B · 2.1 GB")
    hand.press("Home")
    hand.press("Down")
    hand.focus("Download")
    hand.press("Space")
    hand.wait_for("Downloading 41 % · 3 min left")
    hand.press("Escape")
    qtbot.waitUntil(lambda: hand.dialogs() == [])
    hand.named("smaller-0.5b: downloading 41 % · 3 min left")  # it goes on


def test_a_model_that_is_here_is_used(welcome, hand, desktop):
    hand.press("Return")
    hand.focus("Use it")
    hand.press("Space")
    hand.window.activateWindow()
    hand._qtbot.waitUntil(lambda: desktop.settings.load().model == "larger-1.5b")
    hand.wait_for("This one answers now.")
    assert not hand.named("Use it").isEnabled()
    welcome.close()


def test_a_model_can_be_imported(welcome, hand):
    hand.press("Return")
    hand.click("Import a model")
    chooser = next(each for each in hand.dialogs() if each is not welcome)
    chooser.close()
    welcome.close()


def test_the_first_try_fills_work_and_runs(welcome, hand, desktop, window):
    hand.press("Return")
    hand.press("Return")
    hand.wait_for("Who wrote this, and how can they be reached?")
    assert hand.named("Sample text").toPlainText() == FIRST_TRY
    hand.press("Return")
    hand._qtbot.waitUntil(lambda: len(desktop.run_task.asked) == 1)
    assert desktop.run_task.asked[0][1] == FIRST_TRY
    assert window.work.isVisible()
    assert desktop.settings.load().welcomed


def test_it_is_shown_once_and_again_from_preferences(welcome, hand, desktop, window, qtbot):
    hand.focus("Skip the introduction")
    hand.press("Space")
    qtbot.waitUntil(lambda: desktop.settings.load().welcomed)
    assert hand.dialogs() == []
    window.load()
    qtbot.wait(50)
    assert hand.dialogs() == []
    window.show_place(4)
    hand.click("Introduction")
    qtbot.waitUntil(lambda: len(hand.dialogs()) == 1)
    hand.focus("Next")
    hand.press("Return")
    hand.wait_for("Step 2 of 3")
    hand.focus("Back")
    hand.press("Space")
    hand.wait_for("Step 1 of 3")
    hand.press("Escape")


def test_who_has_seen_it_is_left_alone(window, hand):
    assert [each for each in hand.dialogs() if isinstance(each, QDialog)] == []


def test_the_passphrase_is_asked_for_when_the_introduction_is_out_of_the_way(
    first, desktop, window, hand, qtbot
):
    qtbot.waitUntil(lambda: any(isinstance(e, FirstStart) for e in hand.dialogs()))
    window.keeping._ask_for_key(KeyState.KEYLESS)
    assert not any(isinstance(each, UnlockDialog) for each in hand.dialogs())
    hand.press("Escape")
    qtbot.waitUntil(lambda: any(isinstance(e, UnlockDialog) for e in hand.dialogs()))
    hand.press("Escape")
