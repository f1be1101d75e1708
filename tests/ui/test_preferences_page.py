"""Every setting can be changed, the model too; what cannot be is told."""

from __future__ import annotations

import dataclasses

import pytest

from onhand.domain.errors import ModelUnusable
from onhand.domain.settings import Appearance, Settings
from onhand.ui.setting_editors import TextEditor, setting_editor
from onhand.ui.theme import DARK, LIGHT

pytestmark = pytest.mark.ui


@pytest.fixture
def page(window, hand):
    window.show_place(4)
    hand._qtbot.waitUntil(lambda: hand.named("Models").model().rowCount() == 5)
    return window.preferences


def test_every_setting_is_there_with_its_help(page, hand):
    shown = hand.labels()
    for field in dataclasses.fields(Settings):
        if field.metadata["shown"]:
            assert field.metadata["label"] in shown
            assert field.metadata["help"] in shown


def test_a_number_counts_when_return_is_pressed(page, hand, desktop):
    box = hand.focus("Context")
    box.selectAll()
    hand.write("8192")
    hand.press("Return")
    hand._qtbot.waitUntil(lambda: desktop.settings.load().context == 8192)


def test_a_number_that_is_refused_is_told_and_taken_back(page, hand, desktop):
    box = hand.focus("Context")
    box.selectAll()
    hand.write("7")
    hand.press("Tab")
    hand.wait_for("context: expected 512 to 131072, got 7")
    hand._qtbot.waitUntil(lambda: box.text() == "4096")
    assert desktop.settings.load().context == 4096


def test_history_is_switched_off(page, hand, desktop):
    hand.focus("Keep history")
    hand.press("Space")
    hand._qtbot.waitUntil(lambda: not desktop.settings.load().keep_history)


def test_the_colours_change_at_once(page, hand, desktop, theme):
    hand.focus("Appearance")
    hand.press("End")
    hand._qtbot.waitUntil(lambda: theme.colours is DARK)
    assert desktop.settings.load().appearance is Appearance.DARK
    hand.press("Home")
    hand._qtbot.waitUntil(lambda: theme.colours is LIGHT)


def test_the_engine_says_what_it_runs_on_and_what_it_tried(page, hand):
    hand.click("Look at the engine")
    hand.wait_for("Runs on cpu (haswell).")
    assert "Reads 812 and writes 41 tokens a second." in hand.labels()
    assert "– cpu (zen4): ended by SIGILL in its first batch" in hand.labels()


def test_an_engine_that_cannot_load_says_why(page, hand, desktop):
    desktop.engine.failing = ModelUnusable("truncated")
    hand.click("Look at the engine")
    hand.wait_for("The model file cannot be used: truncated")
    assert hand.named("Look at the engine").isEnabled()


def test_a_setting_of_words_has_an_editor_too(qtbot):
    field = next(each for each in dataclasses.fields(Settings) if each.name == "model")
    editor = setting_editor(field)
    qtbot.addWidget(editor)
    assert isinstance(editor, TextEditor)
    editor.show_value("tiny")
    with qtbot.waitSignal(editor.changed) as told:
        editor._box.setText("small")
        qtbot.keyClick(editor._box, "\r")
    assert told.args == ["small"]


def test_the_model_is_made_faster_and_taken_back(page, hand, desktop):
    hand.click("Make it faster here")
    hand.wait_for("it reads 2.5 and writes 1.5 times as fast")
    assert "Of 48 answers to neutral texts, 46 stayed the same." in hand.labels()
    hand.click("Take it back")
    hand.wait_for("can be taken back")
    assert desktop.tune.known("") is None


def test_a_trial_is_stopped(page, hand, desktop):
    desktop.tune.gate.clear()
    hand.click("Make it faster here")
    hand._qtbot.waitUntil(lambda: desktop.tune.runs == 1)
    hand.click("Stop the trial")
    hand._qtbot.waitUntil(lambda: hand.named("Make it faster here").isVisible())
    assert desktop.tune.known("") is None


def test_a_trial_makes_way_and_begins_anew(page, hand, desktop, window):
    desktop.tune.gate.clear()
    window.preferences.speed.idle = 10
    hand.click("Make it faster here")
    hand._qtbot.waitUntil(lambda: desktop.tune.runs == 1)
    hand.click("Look at the engine")
    hand.wait_for("Runs on cpu (haswell).")
    hand.wait_for("it reads 2.5")
    assert desktop.tune.runs == 2


def test_a_trial_that_fails_says_why(page, hand, desktop):
    desktop.tune.failing = ModelUnusable("truncated")
    hand.click("Make it faster here")
    hand.wait_for("The model file cannot be used: truncated")
    assert hand.named("Make it faster here").isVisible()


def test_a_small_model_is_made_faster_without_being_asked(window, hand, desktop):
    window.preferences.speed.idle = 10
    window.preferences.speed._offered = False  # as at the start of the program
    window.preferences.speed.look()
    hand._qtbot.waitUntil(lambda: desktop.tune.known("") is not None)
