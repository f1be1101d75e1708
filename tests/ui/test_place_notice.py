"""What the window says of the place of the history, and of its state, at the start."""

from __future__ import annotations

import pytest

from onhand.domain.errors import DataDamaged
from onhand.ui.main_window import MainWindow


@pytest.fixture
def opened(qtbot, jobs, theme, hand_at):
    """A hand at a window that has just been opened."""

    def opened():
        window = MainWindow(jobs, theme)
        qtbot.addWidget(window)
        window.show()
        window.load()
        return hand_at(window)

    return opened


def test_a_data_folder_on_a_sync_drive_is_told_until_it_is_closed(opened, desktop, qtbot):
    desktop.shared = "Dropbox"
    hand = opened()
    hand.wait_for("shared with other computers: Dropbox")
    hand.click("Close the notice on the folder")
    assert "Dropbox" not in hand.labels()


def test_of_a_good_place_nothing_is_said(opened, qtbot):
    hand = opened()
    qtbot.wait(200)
    assert "shared with" not in hand.labels()


def test_a_history_that_is_damaged_is_told_at_the_start(opened, desktop):
    desktop.backups.damage = DataDamaged("onhand.db: quick_check")
    opened().wait_for("is damaged")
