"""A window over a history that somebody has to open first."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLineEdit

from fakes.keys import FakeKeys
from fakes.stores import FakeHistory
from onhand.domain.history_errors import HistoryLocked
from onhand.services.key_ports import KeyState
from onhand.ui.main_window import MainWindow


class LockedHistory(FakeHistory):
    """A history whose key nobody has."""

    def search(self, *_, **__):
        """Fail."""
        raise HistoryLocked


@pytest.fixture
def asked(qtbot, jobs, desktop, theme, hand_at):
    """A hand at a window whose history has these keys."""
    hands = []

    def asked(keys):
        desktop.keys = keys
        window = MainWindow(jobs, theme)
        qtbot.addWidget(window)
        window.show()
        window.load()
        hands.append(hand_at(window))
        return hands[-1]

    yield asked
    for hand in hands:
        for dialog in hand.dialogs():
            dialog.close()


def fill(hand, name, words):
    line = hand.named(name)
    assert isinstance(line, QLineEdit)
    assert line.echoMode() is QLineEdit.EchoMode.Password
    line.setText(words)


def test_where_there_is_no_keyring_a_passphrase_is_set(asked, desktop, qtbot):
    hand = asked(FakeKeys(keyring=False, exists=False))
    hand.wait_for("no keyring")
    fill(hand, "Passphrase", "correct horse")
    fill(hand, "Passphrase, once more", "correct house")
    hand.click("Set passphrase")
    hand.wait_for("not the same")
    fill(hand, "Passphrase, once more", "correct horse")
    hand.click("Set passphrase")
    qtbot.waitUntil(lambda: desktop.keys.state() is KeyState.OPEN)
    qtbot.waitUntil(lambda: not hand.dialogs())


def test_whoever_wants_nothing_kept_is_not_asked_again(asked, desktop, qtbot):
    hand = asked(FakeKeys(keyring=False, exists=False))
    hand.wait_for("no keyring")
    hand.click("Keep nothing")
    qtbot.waitUntil(lambda: not desktop.settings.load().keep_history)
    qtbot.waitUntil(lambda: not hand.dialogs())
    hand.window.load()
    qtbot.wait(100)
    assert not hand.dialogs()


def test_a_locked_history_is_opened_with_its_passphrase(asked, desktop, qtbot):
    keys = FakeKeys(keyring=False)
    keys.words = ["correct horse"]
    hand = asked(keys)
    hand.wait_for("history is locked")
    fill(hand, "Passphrase", "wrong horse")
    hand.click("Unlock")
    hand.wait_for("does not open the history")
    fill(hand, "Passphrase", "correct horse")
    hand.click("Unlock")
    qtbot.waitUntil(lambda: keys.state() is KeyState.OPEN)
    qtbot.waitUntil(lambda: not hand.dialogs())


def test_who_does_not_unlock_can_do_it_later_in_the_history(asked, desktop, qtbot):
    keys = FakeKeys(keyring=False)
    keys.words = ["correct horse"]
    desktop.history = LockedHistory()
    hand = asked(keys)
    hand.wait_for("history is locked")
    hand.click("Not now")
    qtbot.waitUntil(lambda: not hand.dialogs())
    assert desktop.settings.load().keep_history
    hand.window.show_place(2)
    hand.wait_for("The history is locked")
    hand.click("Unlock history")
    hand.wait_for("recovery code opens the history too")
