"""About: an update that came as a file is checked, and opened when the user says so."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from onhand.domain.update_errors import UpdateDamaged, UpdateSignerUnknown
from onhand.ui.about_card import AboutCard

pytestmark = pytest.mark.ui

PACKAGE = Path("/media/stick/onhand_9.0_amd64.deb")


class System:
    """Opens files, or has nothing for them."""

    def __init__(self):
        self.opened = []
        self.takes = True

    def __call__(self, path):
        self.opened.append(path)
        return self.takes


@pytest.fixture
def system():
    return System()


@pytest.fixture
def card(qtbot, jobs, system):
    card = AboutCard(jobs, system)
    card.close_column()
    qtbot.addWidget(card)
    card.show()
    return card


@pytest.fixture
def part(card):
    return card.update_check


def checked(qtbot, part, path=PACKAGE):
    part.check(path)
    qtbot.waitUntil(part.choose.isEnabled)


def test_a_good_one_is_told_and_opened_only_on_request(qtbot, part, system, desktop):
    assert not part.open.isVisible()
    checked(qtbot, part, Path(f"{PACKAGE}.onhandupdate"))
    assert part.notice.title.text() == (
        "Onhand 9.0 is whole and signed, and newer than 0.1.0."
    )
    assert "ab" * 32 in part.notice.text.text().replace("\u200b", "")
    assert system.opened == []
    part.open.click()
    qtbot.waitUntil(lambda: system.opened == [PACKAGE])
    assert desktop.check_update.asked == [Path(f"{PACKAGE}.onhandupdate"), PACKAGE]
    assert part.open.isVisible()


def test_one_that_was_changed_meanwhile_is_not_opened(qtbot, part, system, desktop):
    checked(qtbot, part)
    desktop.check_update.error = UpdateDamaged("onhand_9.0_amd64.deb was changed")
    part.open.click()
    qtbot.waitUntil(lambda: part.choose.isEnabled() and not part.open.isVisible())
    assert "damaged" in part.notice.title.text()
    assert system.opened == []


def test_a_bad_one_is_told_with_what_to_do(qtbot, part, system, desktop):
    desktop.check_update.error = UpdateSignerUnknown("cd" * 32)
    checked(qtbot, part)
    assert "a key that is not known here" in part.notice.title.text()
    assert "'Key of updates'" in part.notice.text.text()
    assert not part.open.isVisible()


def test_where_nothing_opens_it_the_folder_is_told(qtbot, part, system):
    system.takes = False
    checked(qtbot, part)
    part.open.click()
    qtbot.waitUntil(lambda: system.opened == [PACKAGE])
    qtbot.waitUntil(lambda: "/media/stick" in part.notice.text.text())


def test_a_check_can_be_stopped(qtbot, part, desktop):
    desktop.check_update.gate = threading.Event()
    part.check(PACKAGE)
    part.check(PACKAGE)  # one at a time
    qtbot.waitUntil(lambda: part.told.text() == "Checking the update: 50 %")
    part.stop.click()
    qtbot.waitUntil(part.choose.isEnabled)
    assert not part.notice.isVisible()
    assert not part.told.isVisible()
    assert desktop.check_update.asked == [PACKAGE]


def test_it_is_chosen_in_a_dialog(window, hand, desktop):
    window.show_place(4)
    hand.named("Check an update").click()
    [dialog] = window.findChildren(QFileDialog)
    dialog.fileSelected.emit(str(PACKAGE))
    dialog.close()
    hand._qtbot.waitUntil(lambda: desktop.check_update.asked == [PACKAGE])
    hand.wait_for("Onhand 9.0 is whole and signed")
