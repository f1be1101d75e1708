"""The size ladder by keyboard: what fits; getting, trying, checking, removing a model."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox

from fakes.shelf import FITS
from onhand.domain.errors import DiskFull, ModelUnusable
from onhand.domain.fit import Fit, Verdict
from onhand.domain.model_errors import NetworkFailed
from onhand.domain.progress import Progress
from onhand.domain.receipts import Verified
from onhand.domain.transfers import TransferState
from onhand.domain.trust import Trust

pytestmark = pytest.mark.ui


@pytest.fixture
def table(window, hand):
    window.show_place(4)
    hand._qtbot.waitUntil(lambda: hand.named("Models").model().rowCount() == 5)
    return hand.focus("Models")


def cells(table, row):
    model = table.model()
    return [model.index(row, column).data() for column in range(model.columnCount())]


def go_to(hand, row):
    hand.focus("Models")
    hand.press("Home")
    for _ in range(row):
        hand.press("Down")


def wait_for_state(hand, table, row, state):
    hand._qtbot.waitUntil(lambda: cells(table, row)[2] == state)


def offered(hand):
    names = (
        "Use this model", "Download this model", "Pause the download",
        "Go on with the download", "Give the download up", "Try this model here",
        "Verify this model", "Repair this model", "Remove this model", "Stop this work",
    )  # fmt: skip
    shown = {
        each.accessibleName()
        for each in hand.window.preferences.models._details._buttons
        if each.isVisible()
    }
    assert shown <= set(names)
    return shown


def test_every_model_is_told_with_its_state_and_its_fit(table, hand):
    assert cells(table, 0) == ["Tiny", "Starter", "in use", "fits, 1.9 s a page"]
    assert cells(table, 1) == ["Small", "Smaller 0.5B", "not here", "fits"]
    assert cells(table, 2) == ["Medium", "Larger", "here", "fits, 9.2 s a page"]
    assert cells(table, 3)[3] == "tight"
    assert cells(table, 4)[3] == "cannot run here"


def test_the_chosen_model_is_told_in_full_with_what_can_be_done(table, hand):
    go_to(hand, 0)
    hand.wait_for("The starter, for trying and teaching.")
    assert "English" in hand.labels()
    assert offered(hand) == {"Try this model here", "Verify this model"}
    go_to(hand, 2)
    hand.wait_for("It fits: it needs 900.0 MB of memory, 12.0 GB are free.")
    assert "A page takes about 9.2 s here." in hand.labels()
    assert "1.1 GB · licence Apache-2.0 · 5 languages" in hand.labels()
    assert "Use this model" in offered(hand)
    go_to(hand, 4)
    hand.wait_for("It needs 3.2 GB of memory, this machine has 3.0 GB.")
    assert offered(hand) == {"Download this model"}


def test_what_cannot_run_is_never_offered_for_use(table, hand, desktop):
    cannot = Fit(verdict=Verdict.TOO_LARGE, needs=9, free=1, reasons=("It is too large.",))
    desktop.ladder.change("larger-1.5b", fit=cannot)
    hand.window.preferences.models.look()
    hand._qtbot.waitUntil(lambda: cells(table, 2)[3] == "too large now")
    go_to(hand, 2)
    hand.wait_for("It is too large.")
    assert not hand.named("Use this model").isEnabled()
    assert not hand.named("Try this model here").isEnabled()
    hand.focus("Models")
    hand.press("Return")
    assert hand.dialogs() == []


def test_a_model_is_downloaded_paused_and_gone_on_with(table, hand, desktop, window):
    desktop.downloads.gate.clear()
    go_to(hand, 1)
    hand.focus("Download this model")
    hand.press("Space")
    wait_for_state(hand, table, 1, "downloading 41 % · 3 min left")
    hand.wait_for("201.5 MB of 491.4 MB · 1.6 MB a second")
    assert offered(hand) == {"Pause the download", "Give the download up"}
    hand.named("Downloading a model. 0 bytes of your text have left this laptop.")
    hand.named("smaller-0.5b: downloading 41 % · 3 min left")
    window.show_place(0)  # it goes on whatever page is open
    window.show_place(4)
    assert cells(table, 1)[2] == "downloading 41 % · 3 min left"
    hand.focus("Pause the download")
    hand.press("Space")
    wait_for_state(hand, table, 1, "paused at 41 %")
    hand.named("Offline. 0 bytes of your text have left this laptop.")
    assert offered(hand) == {"Go on with the download", "Give the download up"}
    desktop.downloads.gate.set()
    hand.focus("Go on with the download")
    hand.press("Space")
    wait_for_state(hand, table, 1, "here")
    assert "Use this model" in offered(hand)


def test_a_download_is_given_up_whether_it_runs_or_not(table, hand, desktop):
    desktop.downloads.gate.clear()
    go_to(hand, 1)
    for pause_first in (True, False):
        hand.click("Download this model")
        hand._qtbot.waitUntil(lambda: "Pause the download" in offered(hand))
        hand._qtbot.waitUntil(lambda: cells(table, 1)[2].startswith("downloading"))
        if pause_first:
            hand.click("Pause the download")
            wait_for_state(hand, table, 1, "paused at 41 %")
        hand.click("Give the download up")
        wait_for_state(hand, table, 1, "not here")
        assert desktop.downloads.parts == {}
        desktop.downloads.gate.clear()


def test_a_download_that_fails_says_why_and_is_gone_on_with(table, hand, desktop):
    desktop.downloads.failing = NetworkFailed("503")
    go_to(hand, 1)
    hand.click("Download this model")
    wait_for_state(hand, table, 1, "failed: The download did not come through: 503")
    hand.wait_for("Failed: The download did not come through: 503")
    desktop.downloads.failing = None
    hand.click("Go on with the download")
    wait_for_state(hand, table, 1, "here")


def test_a_waiting_download_says_what_it_waits_for(table, hand, desktop):
    desktop.downloads.state = TransferState.WAITING
    desktop.downloads.reason = "no connection; again in 30 s"
    desktop.downloads.gate.clear()
    go_to(hand, 1)
    hand.click("Download this model")
    wait_for_state(hand, table, 1, "waiting: no connection; again in 30 s")


def test_two_downloads_come_one_after_the_other(table, hand, desktop, window):
    desktop.downloads.gate.clear()
    for row in (1, 3):
        go_to(hand, row)
        hand.click("Download this model")
        hand._qtbot.waitUntil(lambda: "Pause the download" in offered(hand))
    wait_for_state(hand, table, 3, "waiting")
    assert len(window.transfers.active()) == 2
    desktop.downloads.gate.set()
    wait_for_state(hand, table, 1, "here")
    wait_for_state(hand, table, 3, "here")


def test_a_connection_that_costs_is_asked_about_without_a_box(table, hand, desktop):
    desktop.downloads.costs = True
    go_to(hand, 1)
    hand.click("Download this model")
    hand.wait_for("This connection is metered.")
    assert "smaller-0.5b has 491.4 MB." in hand.labels()
    hand.click("Do not download now")
    assert cells(table, 1)[2] == "not here"
    hand.click("Download this model")
    hand.wait_for("This connection is metered.")
    hand.click("Download all the same")
    wait_for_state(hand, table, 1, "here")


def test_what_is_unfinished_is_asked_about_once_at_the_start(qtbot, desktop, window, hand):
    desktop.downloads.parts["smaller-0.5b"] = 201_000_000
    window.transfers.look()
    hand.wait_for("A download is not finished yet: smaller-0.5b (41 %)")
    hand.click("Leave the download unfinished")
    window.transfers.look()
    qtbot.wait(50)
    assert "A download is not finished yet" not in hand.labels()
    window.transfers._known.clear()  # as after a restart
    window.transfers.look()
    hand.wait_for("A download is not finished yet")
    hand.click("Go on with the unfinished download")
    qtbot.waitUntil(lambda: "smaller-0.5b" not in desktop.downloads.parts)


def test_a_model_is_tried_here(table, hand, desktop):
    desktop.ladder.change("larger-1.5b", fit=FITS)
    hand.window.preferences.models.look()
    hand._qtbot.waitUntil(lambda: cells(table, 2)[3] == "fits")
    go_to(hand, 2)
    hand.wait_for("How fast it is here was not measured yet.")
    hand.focus("Try this model here")
    hand.press("Space")
    hand.wait_for("Measured: a page takes about 9.2 s.")
    hand._qtbot.waitUntil(lambda: cells(table, 2)[3] == "fits, 9.2 s a page")


def test_a_trial_is_stopped_and_one_that_fails_says_why(table, hand, desktop):
    desktop.fit.gate.clear()
    go_to(hand, 2)
    hand.click("Try this model here")
    hand.wait_for("Loading, reading and writing on this machine")
    assert offered(hand) == {"Stop this work"}
    hand.click("Stop this work")
    hand._qtbot.waitUntil(lambda: "Try this model here" in offered(hand))
    desktop.fit.gate.set()  # a trial that was stopped before it began did not open it
    desktop.fit.failing = ModelUnusable("truncated")
    hand.click("Try this model here")
    hand.wait_for("The model file cannot be used: truncated")


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (Verified(ok=True, damaged=0, known=True), "byte for byte"),
        (Verified(ok=True, damaged=0, known=False), "nothing to compare this file with"),
        (Verified(ok=False, damaged=2, known=True), "that are damaged: 2."),
        (Verified(ok=False, damaged=0, known=True), "not what it should be."),
    ],
)
def test_a_file_is_verified(table, hand, desktop, found, told):
    desktop.keep.found = found
    go_to(hand, 2)
    hand.focus("Verify this model")
    hand.press("Space")
    hand.wait_for(told)
    wait_for_state(hand, table, 2, "here" if found.ok else "damaged")


def test_a_file_of_more_bytes_than_a_bar_has_numbers_for_is_verified(table, hand, desktop):
    desktop.keep.far = Progress(done=3_000_000_000, total=4_000_000_000, seconds_left=7.0)
    desktop.keep.gate.clear()
    go_to(hand, 2)
    hand.click("Verify this model")
    hand.wait_for("Comparing the file with what it should be · 7.0 s left")
    bar = hand.named("Progress with this model")
    assert (bar.value(), bar.maximum()) == (750, 1000)
    hand.click("Stop this work")
    hand._qtbot.waitUntil(lambda: "Verify this model" in offered(hand))


def test_a_damaged_file_is_repaired_and_not_used_before(table, hand, desktop):
    desktop.ladder.change("larger-1.5b", damaged=True)
    hand.window.preferences.models.look()
    wait_for_state(hand, table, 2, "damaged")
    go_to(hand, 2)
    hand.wait_for("Its file is not what it should be, and is not loaded.")
    assert "Use this model" not in offered(hand)
    hand.focus("Repair this model")
    hand.press("Space")
    wait_for_state(hand, table, 2, "here")
    assert "Use this model" in offered(hand)


@pytest.mark.parametrize("removed", [True, False])
def test_removing_is_asked_about_with_the_space_it_frees(table, hand, desktop, removed):
    go_to(hand, 2)
    hand.focus("Remove this model")
    hand.press("Space")
    box = question(hand)
    assert box.text() == "Remove Larger?"
    assert "That frees 1.1 GB. It can be downloaded again." in box.informativeText()
    assert box.defaultButton().text() == "&Keep it"
    if removed:
        hand.press("Left")
    hand.press("Space")
    if removed:
        hand.wait_for("Larger is gone. That made room for 1.1 GB.")
        wait_for_state(hand, table, 2, "not here")
    assert (desktop.keep.removed == ["larger-1.5b"]) is removed


def question(hand):
    hand._qtbot.waitUntil(lambda: any(isinstance(e, QMessageBox) for e in hand.dialogs()))
    return next(each for each in hand.dialogs() if isinstance(each, QMessageBox))


def choose(hand, action, path):
    """Choose a path in the dialog behind an entry of the import menu."""
    button = hand.named("Import a model")
    button.menu().actions()[action].trigger()
    dialog = next(each for each in hand.dialogs() if isinstance(each, QFileDialog))
    dialog.fileSelected.emit(path)
    dialog.close()


def test_a_model_that_nobody_vouches_for_comes_in_after_a_clear_yes(table, hand, desktop):
    choose(hand, 0, "/stick/unknown.gguf")
    box = question(hand)
    assert box.text() == "Nobody vouches for unknown.gguf."
    hand.press("Return")  # which is to leave it
    hand._qtbot.waitUntil(lambda: hand.dialogs() == [])
    assert table.model().rowCount() == 5
    choose(hand, 0, "/stick/unknown.gguf")
    question(hand)
    hand.press("Alt+I")
    hand.wait_for("Models imported: 1")
    hand._qtbot.waitUntil(lambda: table.model().rowCount() == 6)
    row = next(n for n in range(6) if cells(table, n)[1] == "unknown")
    assert cells(table, row)[2] == "here, unverified"
    go_to(hand, row)
    hand.wait_for("Unverified: nobody vouches for this file.")


def test_a_pack_of_a_stranger_comes_in_after_its_fingerprint_was_shown(table, hand):
    choose(hand, 0, "/stick/office.onhandpack")
    box = question(hand)
    assert "7c2e 41d0 9b6a 55f3" in box.informativeText()
    hand.press("Return")  # which is to leave it
    hand._qtbot.waitUntil(lambda: hand.dialogs() == [])
    choose(hand, 0, "/stick/office.onhandpack")
    question(hand)
    hand.press("Left")
    hand.press("Space")
    hand.wait_for("Tasks that came with them: Ticket queue")


def test_an_import_that_fails_says_why_and_one_is_stopped(table, hand, desktop):
    choose(hand, 1, "/stick/missing")
    hand.wait_for("there is no model in /stick/missing")
    desktop.importing.gate.clear()
    choose(hand, 0, "/stick/known.gguf")
    hand.wait_for("Importing and comparing · 50 %")
    hand.click("Stop the import")
    hand._qtbot.waitUntil(lambda: hand.named("Import a model").isVisible())
    assert table.model().rowCount() == 5


def test_models_come_from_a_path_too(window, hand, table):
    window.imports.take(Path("/stick/known.gguf"))
    hand.wait_for("Models imported: 1")


def test_tab_goes_from_the_table_to_what_can_be_done(table, hand, window):
    go_to(hand, 2)
    names = []
    for _ in range(5):
        window.focusNextChild()
        names.append(QApplication.focusWidget().accessibleName())
    assert names == [
        "Use this model",
        "Try this model here",
        "Verify this model",
        "Remove this model",
        "Import a model",
    ]


def test_a_file_that_was_not_compared_says_so(table, hand, desktop):
    desktop.ladder.change("larger-1.5b", trust=Trust.UNCHECKED)
    hand.window.preferences.models.look()
    wait_for_state(hand, table, 2, "here, not checked")


def test_a_ladder_that_cannot_be_read_says_why(window, hand, desktop):
    desktop.ladder.failing = DiskFull()
    window.show_place(4)
    hand.wait_for("The disk is full")
