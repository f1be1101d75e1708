"""Forgetting in the window: what goes, how far it is, and what stays."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fakes.stores import NOON
from fakes.tasks import PLAIN, QUEUE, RECEIPT, record
from onhand.domain.errors import DataDamaged
from onhand.domain.tasks import identity
from onhand.services.exporting import Sought

pytestmark = pytest.mark.ui


@pytest.fixture
def filled(desktop):
    """Nine entries of three tasks."""
    for number in range(9):
        task = (QUEUE, PLAIN, RECEIPT)[number % 3]
        at = NOON + timedelta(minutes=number)
        desktop.history.add(record(f"letter {number}", task, at=at))
    return desktop.history


@pytest.fixture
def page(filled, window, hand):
    window.show_place(2)
    hand.wait_for("9 shown")
    return window.history


def left(history):
    return [each.id for each in history.search("", kind=None, limit=99, before=None)]


def forget(hand):
    hand._qtbot.waitUntil(lambda: hand.named("Forget now").isEnabled())
    hand.click("Forget now")


def test_one_entry_is_forgotten_from_its_row_by_keys_alone(page, hand, filled):
    hand.focus("Answers")
    hand.press("Down")
    hand.press("Del")
    hand.wait_for("1 entry will be forgotten.")
    assert hand.named("What to forget").currentText() == "The chosen entry"
    hand.focus("Forget now")
    hand.press("Space")
    hand.wait_for("1 entry is forgotten. Backups written anew: 1.")
    assert 8 not in left(filled)
    hand.press("Esc")
    hand.wait_for("8 shown")


def test_many_entries_are_chosen_and_forgotten(page, hand, filled):
    hand.focus("Answers")
    hand.press("Shift+Down")
    hand.press("Shift+Down")
    hand.wait_for("3 chosen")
    assert not hand.named("Open in Work").isEnabled()
    hand.click("Forget entries")
    hand.wait_for("3 entries will be forgotten.")
    forget(hand)
    hand.wait_for("3 entries are forgotten.")
    assert left(filled) == [6, 5, 4, 3, 2, 1]
    hand.click("Close")


def test_all_entries_of_a_task_are_forgotten(page, hand, filled):
    hand.click("Forget entries")
    what = hand.named("What to forget")
    what.setCurrentText("All entries of one task")
    tasks = hand.named("Task to forget")
    hand._qtbot.waitUntil(lambda: tasks.findText("Receipt") >= 0)
    tasks.setCurrentText("Receipt")
    hand.wait_for("3 entries will be forgotten.")
    forget(hand)
    hand.wait_for("are forgotten")
    kept = filled.search("", kind=None, limit=99, before=None)
    assert identity(RECEIPT) not in {each.task_id for each in kept}
    hand.click("Close")


def test_what_is_older_is_forgotten_and_no_number_is_nothing(page, hand, filled):
    filled.add(record("ancient", at=NOON - timedelta(days=40)))
    hand.click("Forget entries")
    days = hand.focus("Days")
    days.selectAll()
    hand.write("30")
    hand.wait_for("1 entry will be forgotten.")
    days.clear()
    hand._qtbot.waitUntil(lambda: not hand.named("Forget now").isEnabled())
    hand.write("30")
    forget(hand)
    hand.wait_for("1 entry is forgotten.")
    assert 10 not in left(filled)
    hand.click("Close")


def test_everything_is_forgotten_and_the_window_works_meanwhile(
    page, hand, filled, desktop
):
    hand.click("Forget entries")
    hand.named("What to forget").setCurrentText("Everything")
    hand.wait_for("9 entries will be forgotten.")
    desktop.forget.gate.clear()
    forget(hand)
    hand.wait_for("Backup 1 of 2 is written anew…")
    assert not hand.named("Cancel").isEnabled()
    hand.press("Esc")
    assert hand.dialogs(), "it cannot be left in the middle"
    desktop.forget.gate.set()
    hand.wait_for("9 entries are forgotten.")
    assert left(filled) == []
    hand.click("Close")
    hand.wait_for("0 shown")


def test_what_it_reaches_and_what_stays_is_named(page, hand, desktop, tmp_path):
    out = tmp_path / "tickets.csv"
    page._export.write(Sought(words="letter"), out)
    hand.wait_for("tickets.csv is written")
    assert out.read_text(encoding="utf-8-sig").count("\n") == 10
    desktop.backups.make()
    hand.click("Forget entries")
    hand.wait_for("all backups (1)")
    for named in ("search index", "corrections", "drafts", "prefixes", "journals"):
        assert named in hand.labels()
    assert f"– {out}, written on" in hand.labels()
    hand.click("Cancel")


def test_copies_that_cannot_be_read_are_deleted_when_the_user_agrees(page, hand, desktop):
    desktop.forget.unreadable = ("/backups/onhand-1.db",)
    hand.click("Forget entries")
    hand.named("What to forget").setCurrentText("Everything")
    forget(hand)
    hand.wait_for("These copies cannot be read")
    assert "/backups/onhand-1.db" in hand.labels()
    hand.click("Delete copies that cannot be read")
    hand.wait_for("0 entries are forgotten.")
    assert "cannot be read" not in hand.labels()
    hand.click("Close")


def test_a_failure_is_told_and_nothing_is_lost(page, hand, desktop, filled):
    hand.click("Forget entries")
    hand.named("What to forget").setCurrentText("Everything")
    hand._qtbot.waitUntil(lambda: hand.named("Forget now").isEnabled())
    desktop.forget.failing = DataDamaged()
    hand.click("Forget now")
    hand.wait_for("Stored data is damaged")
    assert len(left(filled)) == 9
    hand.click("Cancel")


def test_it_is_reached_from_preferences_too(page, window, hand):
    window.show_place(4)
    window.places.areas[4].ensureWidgetVisible(window.preferences.privacy)
    hand.click("Forget entries")
    hand.wait_for("What shall be forgotten?")
    hand.click("Cancel")
