"""The line "Offline…" opens the page that proves it."""

from __future__ import annotations

import pytest

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
