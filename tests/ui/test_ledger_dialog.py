"""The line "Offline…" opens the page that proves it."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from onhand.ui.jobs import Then
from onhand.ui.ledger_dialog import LedgerDialog

pytestmark = pytest.mark.ui


def test_a_click_on_offline_opens_the_ledger_and_saves_it(window, hand, desktop, tmp_path):
    window.strip._offline.click()
    [dialog] = hand.dialogs()
    assert isinstance(dialog, LedgerDialog)
    hand._qtbot.waitUntil(lambda: "None was ever attempted" in dialog._page.toPlainText())
    assert "digest of starter.gguf" in dialog._page.toPlainText()
    dialog.save_as(tmp_path / "proof.pdf")
    hand.wait_for("proof.pdf is saved")
    assert list(desktop.pages) == [str(tmp_path / "proof.pdf")]
    dialog.save_as(tmp_path / "proof.docx")
    hand.wait_for("a proof page is an .html or a .pdf")
    hand.click("Close")


def test_it_may_be_closed_before_it_has_anything_to_show(window, hand, jobs, qtbot):
    busy = threading.Event()
    nothing = Then(done=lambda _: None, failed=lambda _: None)
    jobs.start(lambda _: busy.wait(), nothing)
    window.strip._offline.click()
    hand.click("Close")
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    with qtbot.waitSignal(jobs.rested):
        busy.set()
    assert hand.dialogs() == []
