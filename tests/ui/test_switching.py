"""Changing the model in the window: what changes, switching, and going back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from onhand.domain.errors import ModelUnusable
from onhand.domain.model_errors import NothingToCompare

pytestmark = pytest.mark.ui


@pytest.fixture
def dialog(window, hand, qtbot):
    """What opens where another model shall be used."""

    def open_it():
        window.show_place(4)
        qtbot.waitUntil(lambda: hand.named("Models").model().rowCount() == 5)
        hand.focus("Models")
        hand.press("Home")
        hand.press("Down")
        hand.press("Down")
        hand.press("Return")
        qtbot.waitUntil(lambda: len(hand.dialogs()) == 1)
        return hand.dialogs()[0]

    return open_it


def test_what_changes_is_shown_before_the_model_does(dialog, hand, desktop):
    dialog()
    hand.wait_for("1 of 4 answers stay the same.")
    shown = hand.labels()
    assert "That is not enough to say which is right more often: 3 are corrected." in shown
    assert "Right, of 3 corrected" in shown
    assert "3 (100 %)" in shown
    assert "1.2 GB" in shown
    table = hand.named("Answers that change")
    assert table.model().rowCount() == 3
    row = [table.model().index(0, column).data() for column in range(4)]
    assert row == ["I was charged twice", "technical", "billing", "billing"]
    hand.focus("Answers that change")
    hand.press("Down")
    whole = hand.named("The chosen text with both answers").toPlainText()
    assert whole == "Now: billing\nThen: technical\nRight: technical\n\nIt broke again"
    assert desktop.compare.asked[0][:2] == ("starter-135m", "larger-1.5b")
    assert desktop.settings.load().model == ""
    hand.press("Escape")


def test_switching_is_undone_with_one_click(dialog, hand, desktop, qtbot):
    dialog()
    hand.wait_for("1 of 4 answers")
    hand.focus("Switch")
    hand.press("Space")
    hand.wait_for("Larger answers from now on.")
    assert desktop.settings.load().model == "larger-1.5b"
    table = hand.named("Models")
    qtbot.waitUntil(lambda: table.model().index(2, 2).data() == "in use")
    hand.window.show_place(0)  # the notice stays wherever one goes
    hand.focus("Undo the change of model")
    hand.press("Space")
    hand.wait_for("Starter answers from now on.")
    assert desktop.settings.load().model == "starter-135m"
    strip = hand.window.strip._model
    qtbot.waitUntil(lambda: strip.accessibleName() == "Model: Starter")
    hand.click("Close this notice")
    assert "answers from now on" not in hand.labels()


def test_staying_changes_nothing(dialog, hand, desktop, qtbot):
    dialog()
    hand.wait_for("1 of 4 answers")
    hand.focus("Stay with the model in use")
    hand.press("Space")
    qtbot.waitUntil(lambda: hand.dialogs() == [])
    assert desktop.settings.load().model == ""
    assert "answers from now on" not in hand.labels()


def test_one_can_switch_without_looking(dialog, hand, desktop, qtbot):
    desktop.compare.gate.clear()
    dialog()
    hand.wait_for("Larger · 3 of 8 · 40 s left")
    hand.focus("Switch without looking")
    hand.press("Space")
    hand.wait_for("Larger answers from now on.")
    assert hand.dialogs() == []
    assert desktop.compare.gate.is_set()  # it was stopped


def test_closing_the_dialog_stops_the_comparison_at_once(dialog, hand, desktop, qtbot):
    desktop.compare.gate.clear()
    dialog()
    qtbot.waitUntil(desktop.compare.begun.is_set)
    hand.press("Escape")
    qtbot.waitUntil(lambda: hand.dialogs() == [])
    qtbot.waitUntil(desktop.compare.gate.is_set)


def test_the_window_can_be_used_while_it_compares(dialog, hand, desktop, window, qtbot):
    desktop.compare.gate.clear()
    box = dialog()
    qtbot.waitUntil(desktop.compare.begun.is_set)
    assert not box.isModal()
    window.show_place(2)
    qtbot.waitUntil(window.history.isVisible)
    box.close()


def test_where_nothing_is_kept_samples_are_offered(dialog, hand, desktop):
    desktop.compare.failing = NothingToCompare()
    dialog()
    hand.wait_for("Nothing is pinned or corrected yet")
    hand.focus("Compare on sample texts")
    hand.press("Space")
    hand.wait_for("1 of 1 answer stays the same.")
    assert "The texts came with the program; they are not yours." in hand.labels()
    assert "No answer changes." in hand.labels()
    assert desktop.compare.asked[-1][2].samples
    hand.press("Escape")


def test_a_comparison_that_fails_says_why_and_leaves_the_choice(dialog, hand, desktop):
    desktop.compare.failing = ModelUnusable("truncated")
    dialog()
    hand.wait_for("The model file cannot be used: truncated")
    assert hand.named("Switch without looking").isEnabled()
    hand.press("Escape")


def test_what_speaks_against_the_figures_is_told(dialog, hand, desktop):
    first, second = desktop.compare.found.models
    desktop.compare.found = replace(
        desktop.compare.found, models=(replace(first, blamed=3), second)
    )
    dialog()
    hand.wait_for("Starter had wrong, so it looks worse here than it is.")
    hand.press("Escape")


def test_a_model_that_cannot_be_loaded_says_so_beside_the_undo(dialog, hand, desktop):
    dialog()
    hand.wait_for("1 of 4 answers")
    desktop.engine.failing = ModelUnusable("truncated")
    hand.focus("Switch")
    hand.press("Space")
    hand.wait_for("The model file cannot be used: truncated")
    desktop.engine.failing = None
    hand.click("Undo the change of model")
    hand.wait_for("Starter answers from now on.")


def test_a_file_that_is_refused_changes_nothing_and_leaves_nothing_to_undo(
    dialog, hand, desktop
):
    dialog()
    hand.wait_for("1 of 4 answers")
    desktop.refusing = ModelUnusable("truncated")
    hand.focus("Switch")
    hand.press("Space")
    hand.wait_for("The model file cannot be used: truncated")
    assert desktop.settings.load().model == ""
    assert not hand.window.switching.notice.undo.isVisible()
