"""About: the version, and the licences where the program was installed from a package."""

from __future__ import annotations

from importlib.metadata import version

import pytest

from onhand.ui.about_card import AboutCard

pytestmark = pytest.mark.ui


def test_the_version_is_told(qtbot, tmp_path, jobs):
    card = AboutCard(jobs)
    qtbot.addWidget(card)
    card.offer(tmp_path / "missing.txt")
    card.show()
    assert version("onhand") in card._told.text()
    assert not card._licences.isVisible()
    card.offer(None)
    card._open()
    assert card._window is None


def test_the_licences_are_shown_whole_and_closed_by_a_key(qtbot, tmp_path, hand_at, jobs):
    file = tmp_path / "licences.txt"
    file.write_text("Qt 6: LGPL-3.0-only\n" * 5_000, encoding="utf-8")
    card = AboutCard(jobs)
    qtbot.addWidget(card)
    card.offer(file)
    card.show()
    card._licences.click()
    window = card._window
    assert window is not None
    qtbot.addWidget(window)
    assert window.page.toPlainText() == file.read_text(encoding="utf-8")
    assert window.page.isReadOnly()
    qtbot.waitUntil(window.isActiveWindow)
    hand_at(window).press("Esc")
    assert not window.isVisible()
    card._licences.click()
    assert card._window is window
    assert window.isVisible()
