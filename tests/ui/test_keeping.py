"""The history in the window: damaged, restored, locked, unlocked, kept afterwards."""

from __future__ import annotations

import dataclasses
import threading

import pytest
from PySide6.QtCore import QPoint, Qt

from fakes.keys import FakeKeys
from fakes.stores import FakeHistory
from fakes.tasks import QUEUE, record
from onhand.domain.errors import DataDamaged
from onhand.domain.history_errors import HistoryLocked
from onhand.domain.settings import Settings
from onhand.services.key_ports import KeyState
from onhand.ui.jobs import Then
from onhand.ui.main_window import MainWindow

pytestmark = pytest.mark.ui


class Lockable(FakeHistory):
    """A history that is readable while its keys are at hand, and while it is whole."""

    def __init__(self, keys):
        super().__init__()
        self.keys = keys
        self.damaged = False

    def raise_if_closed(self):
        if self.keys.state() is not KeyState.OPEN:
            raise HistoryLocked
        if self.damaged:
            raise DataDamaged

    def search(self, *given, **named):
        self.raise_if_closed()
        return super().search(*given, **named)

    def occurring(self):
        self.raise_if_closed()
        return super().occurring()

    def add(self, entry):
        self.raise_if_closed()
        return super().add(entry)


@pytest.fixture
def keys():
    keys = FakeKeys()
    keys.words = ["correct horse"]
    return keys


@pytest.fixture
def history(desktop, keys):
    desktop.keys = keys
    desktop.history = history = Lockable(keys)
    desktop.run_task._history = history
    desktop.forget._history = history
    history.add(record("I was charged twice"))
    return history


@pytest.fixture
def opened(history, qtbot, jobs, theme, hand_at):
    """Opens a window over it, unless that is damaged or locked; gives the hand."""
    hands = []

    def opened(*, whole=True):
        window = MainWindow(jobs, theme)
        qtbot.addWidget(window)
        window.resize(1100, 740)
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        if whole:
            with qtbot.waitSignal(window.keeping.opened):
                window.load()
        else:
            window.load()
        hands.append(hand_at(window))
        return hands[-1]

    yield opened
    for hand in hands:
        for dialog in hand.dialogs():
            dialog.close()


def test_damage_is_found_at_the_start_and_the_newest_good_backup_is_offered(
    opened, history, desktop, qtbot
):
    for _ in range(3):
        desktop.backups.make()
    desktop.backups.damaged = {"onhand-2.db"}
    history.damaged = True
    hand = opened(whole=False)
    hand.wait_for("The history is damaged")
    hand.focus("Restore a backup of the history")
    hand.press("Space")
    hand.wait_for("It is the newest that can be read whole.")
    assert "days ago, on 3/1/26" in hand.labels()
    assert "would not be in the history any more" in hand.labels()
    table = hand.named("Backups")
    assert table.chosen_row() == 1
    history.damaged = False
    hand.focus("Restore it")
    hand.press("Space")
    hand.wait_for("again.")
    assert desktop.backups.restored == ["onhand-1.db"]
    assert "is kept as /data/onhand.db.damaged" in hand.labels()
    assert desktop.let_go >= 2, "both sides have closed the file"
    hand.window.show_place(2)
    hand.wait_for("1 shown")


def test_damage_that_is_found_later_is_offered_in_the_page_too(
    opened, history, desktop, qtbot
):
    desktop.backups.make()
    hand = opened()
    hand.window.show_place(2)
    hand.wait_for("1 shown")
    history.damaged = True
    hand.window.history.refresh()
    hand.wait_for("Stored data is damaged")
    hand.wait_for("The history is damaged")
    hand.click("Restore a backup…")
    hand.wait_for("It is the newest that can be read whole.")
    hand.press("Esc")
    assert desktop.backups.restored == []


def test_damage_that_a_backup_finds_is_offered(opened, history, desktop):
    hand = opened()

    def fail():
        raise DataDamaged

    desktop.backups.make_if_due = fail
    hand.window.keeping.back_up()
    hand.wait_for("The history is damaged")


def test_where_no_backup_is_good_one_can_begin_empty(opened, history, desktop, qtbot):
    desktop.backups.make()
    desktop.backups.damaged = {"onhand-0.db"}
    history.damaged = True
    hand = opened(whole=False)
    hand.wait_for("The history is damaged")
    hand.click("Restore a backup of the history")
    hand.wait_for("None of the backups can be read.")
    history.damaged = False
    hand.click("Begin with an empty history")
    hand.wait_for("The history is empty.")
    assert desktop.backups.restored == [""]


def test_a_backup_that_turns_out_to_be_damaged_is_told(opened, desktop):
    for _ in range(2):
        desktop.backups.make()
    hand = opened()
    hand.window.keeping.restore()
    hand.wait_for("It is the newest that can be read whole.")
    desktop.backups.damaged = {"onhand-1.db"}
    hand.click("Restore it")
    hand.wait_for("There is no such backup")
    assert hand.named("Restore it").isEnabled()


def test_restoring_waits_for_what_runs_and_can_be_given_up(opened, desktop, jobs, qtbot):
    desktop.backups.make()
    hand = opened()
    busy = threading.Event()
    nothing = Then(done=lambda _: None, failed=lambda _: None)
    jobs.start(lambda _: busy.wait(), nothing, long=True)
    hand.window.keeping.restore()
    hand.wait_for("It is the newest that can be read whole.")
    hand.click("Restore it")
    hand.wait_for("What runs now, such as a batch, ends first…")
    hand.press("Esc")
    qtbot.waitUntil(lambda: not hand.dialogs())
    with qtbot.waitSignal(jobs.rested):
        busy.set()
    assert desktop.backups.restored == []


def test_backups_are_made_and_restored_from_preferences(opened, desktop):
    hand = opened()
    hand.window.show_place(4)
    hand.window.places.areas[4].ensureWidgetVisible(hand.window.preferences.privacy)
    hand.click("Back up the history")
    hand.wait_for("was made, reopened and checked.")
    hand.click("Restore a backup…")
    hand.wait_for("Put a backup in the place of the history")
    hand.wait_for("It is the newest that can be read whole.")
    hand.click("Restore it")
    hand.wait_for("The history is that of 3/1/26")


def test_the_history_is_locked_at_once_and_opened_by_the_keyring(
    opened, history, desktop, keys, qtbot
):
    hand = opened()
    hand.window.show_place(2)
    hand.wait_for("1 shown")
    hand.focus("Answers")
    hand.window.show_place(4)
    hand.window.places.areas[4].ensureWidgetVisible(hand.window.preferences.privacy)
    hand.click("Lock the history now")
    hand.wait_for("The history is locked.")
    assert keys.state() is KeyState.SEALED
    qtbot.waitUntil(lambda: desktop.let_go == 2)
    hand.window.show_place(2)
    hand.wait_for("The history is locked")
    assert hand.named("Answers").model().rowCount() == 0
    assert hand.named("Answers").accessibleDescription() == "The history is locked"
    assert hand.named("Text and answer").toPlainText() == ""
    assert hand.named("Task").count() == 1
    hand.click("Unlock history")
    hand.wait_for("Its key is no longer in memory.")
    hand.click("Use the keyring")
    qtbot.waitUntil(lambda: not hand.dialogs())
    hand.wait_for("1 shown")


def test_it_is_opened_by_its_passphrase_and_no_new_one_is_set(opened, history, keys, qtbot):
    hand = opened()
    hand.window.keeping.lock()
    qtbot.waitUntil(lambda: keys.state() is KeyState.SEALED)
    hand.window.show_place(2)
    hand.wait_for("The history is locked")
    hand.click("Unlock history")
    hand.wait_for("Its key is no longer in memory.")
    hand.focus("Passphrase")
    hand.write("wrong horse")
    hand.press("Return")
    hand.wait_for("does not open the history")
    hand.named("Passphrase").setText("correct horse")
    hand.press("Return")
    hand.wait_for("1 shown")


def test_it_is_locked_when_nothing_was_touched_for_a_while(
    opened, history, desktop, keys, qtbot
):
    desktop.settings.save(Settings(welcomed=True, lock_minutes=2))
    hand = opened()
    idle = hand.window.keeping.idle
    qtbot.waitUntil(lambda: idle._minutes == 2)
    assert idle._timer.interval() == 2 * 60_000
    idle.minute = 150
    idle._begin()
    for _ in range(5):
        qtbot.wait(60)
        qtbot.mouseMove(hand.window, QPoint(5, 5))
        qtbot.mouseMove(hand.window, QPoint(9, 9))
        qtbot.keyClick(hand.window, Qt.Key.Key_Shift)
        assert idle._timer.isActive()
    qtbot.waitUntil(lambda: keys.state() is KeyState.SEALED)
    hand.window.show_place(2)
    hand.wait_for("The history is locked")


def test_it_is_never_locked_where_that_is_not_wanted(opened, history, keys, qtbot):
    hand = opened()
    hand.window.keeping.idle.minute = 1
    hand.window.keeping.idle._begin()
    qtbot.wait(50)
    assert keys.state() is KeyState.OPEN
    assert not hand.window.keeping.idle._timer.isActive()


def test_nothing_is_locked_where_there_is_no_history_yet(opened, desktop, history, qtbot):
    desktop.keys = history.keys = FakeKeys(exists=False)
    hand = opened()
    hand.window.show_place(4)
    hand.window.keeping.lock()
    hand.wait_for("There is no history yet that could be locked.")
    assert desktop.keys.state() is KeyState.OPEN


def ask(hand, text):
    hand.window.show_place(0)
    hand.window.work.form.set_task(QUEUE)
    hand.focus("Text").setPlainText(text)
    hand.press("Ctrl+Return")


def test_an_answer_made_while_it_was_locked_is_kept_when_it_is_opened(
    opened, history, desktop, keys, qtbot
):
    hand = opened()
    hand.window.keeping.lock()
    qtbot.waitUntil(lambda: keys.state() is KeyState.SEALED)
    desktop.run_task.not_kept = HistoryLocked()
    ask(hand, "a new letter")
    hand.wait_for("The answer was not kept: The history is locked")
    assert len(history.stored) == 1
    desktop.run_task.not_kept = None
    hand.click("Unlock the history and keep it")
    hand.wait_for("Its key is no longer in memory.")
    hand.click("Use the keyring")
    hand.wait_for("kept in the history")
    assert hand.named("Text").toPlainText() == "a new letter"
    assert [each.text for each in history.stored] == ["I was charged twice", "a new letter"]


def test_a_keyring_that_was_dismissed_is_asked_again_and_the_work_stays(
    opened, desktop, history, qtbot
):
    desktop.keys = history.keys = keys = FakeKeys(keyring=False)
    hand = opened(whole=False)
    hand.wait_for("The keyring of this computer does not give its key.")
    hand.click("Not now")
    hand.focus("Text").setPlainText("half a letter")
    hand.window.show_place(2)
    hand.wait_for("The history is locked")
    hand.click("Unlock history")
    hand.wait_for("The keyring of this computer does not give its key.")
    hand.click("Try the keyring again")
    hand.wait_for("The keyring does not give the key.")
    keys.keyring = True
    hand.click("Try the keyring again")
    qtbot.waitUntil(lambda: not hand.dialogs())
    hand.wait_for("1 shown")
    hand.window.show_place(0)
    assert hand.named("Text").toPlainText() == "half a letter"


def test_a_keyring_that_was_not_there_at_first_spares_the_passphrase(
    opened, desktop, history, qtbot
):
    desktop.keys = history.keys = keys = FakeKeys(keyring=False, exists=False)
    hand = opened(whole=False)
    hand.wait_for("A passphrase for your history")
    keys.keyring = True
    hand.click("Try the keyring again")
    qtbot.waitUntil(lambda: not hand.dialogs())
    assert keys.state() is KeyState.OPEN
    assert desktop.settings.load().keep_history


def test_only_figures_are_kept_and_no_draft_where_that_is_wanted(
    opened, history, desktop, qtbot
):
    desktop.settings.save(dataclasses.replace(Settings(welcomed=True), metrics_only=True))
    hand = opened()
    ask(hand, "a secret letter")
    hand.wait_for("only figures were kept")
    assert not hand.named("Correct answer").isEnabled()
    assert history.stored[-1].bare
    assert "secret" not in repr(history.stored)
    qtbot.wait(1000)
    assert "secret" not in desktop.drafts.load()
    hand.window.show_place(2)
    hand.wait_for("2 shown")
