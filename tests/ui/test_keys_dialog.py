"""Seeing and changing who can open the history."""

from __future__ import annotations

import pytest

from onhand.services.key_ports import Way
from onhand.ui.jobs import Then

WORDS = "correct horse battery"


@pytest.fixture
def keys(desktop):
    return desktop.keys


@pytest.fixture
def hand(window, hand_at):
    """Somebody who has opened the dialog."""
    window.show_place(4)
    hand_at(window).click("Who can open it")
    return hand_at(window)


def states(hand):
    return hand.labels().split("opens it")


def test_the_ways_that_there_are_are_told(hand):
    hand.wait_for("opens it")
    assert len(states(hand)) == 2
    assert hand.labels().count("does not") == 3


def test_a_passphrase_is_set_and_changed(qtbot, hand, keys):
    for words in (WORDS, "another passphrase"):
        hand.named("New passphrase").setText(words)
        hand.named("New passphrase, once more").setText(words)
        hand.click("Set passphrase")
        qtbot.waitUntil(lambda words=words: keys.words == [words])
        # The sentence may be that of the first time still.
        qtbot.waitUntil(lambda: hand.named("New passphrase").text() == "")
        hand.wait_for("The new passphrase opens the history from now on.")
    assert len(states(hand)) == 3


def test_two_different_passphrases_set_nothing(hand, keys):
    hand.named("New passphrase").setText(WORDS)
    hand.click("Set passphrase")
    hand.wait_for("The two passphrases are not the same.")
    assert keys.words == []


def test_a_weak_passphrase_is_refused_in_words(hand, keys):
    hand.named("New passphrase").setText("short")
    hand.named("New passphrase, once more").setText("short")
    hand.click("Set passphrase")
    hand.wait_for("The passphrase cannot be used")
    assert keys.words == []
    assert hand.named("New passphrase").text() == "short"


def test_a_recovery_code_is_shown_once_and_opens_the_history(hand, keys):
    hand.click("New recovery code")
    hand.wait_for("This recovery code is shown once.")
    assert hand.named("Recovery code").text() == keys.words[0]
    assert keys.ways() >= {Way.RECOVERY}


def test_nothing_can_be_added_to_what_is_locked(qtbot, window, hand, keys):
    hand.wait_for("opens it")  # the history was made; before that there is no key to seal
    # Whoever looks at the history afterwards would ask for the passphrase, on top of this.
    looked = []
    jobs = window.batch._jobs
    for look in (jobs.start, jobs.look_up):
        look(lambda _: None, Then(done=looked.append, failed=looked.append))
    qtbot.waitUntil(lambda: len(looked) == 2)
    keys.seal()
    hand.click("New recovery code")
    hand.wait_for("no keyring")
    assert hand.named("Recovery code").text() == ""


def test_the_key_is_changed(hand, desktop):
    hand.wait_for("opens it")
    hand.click("Change the key")
    hand.wait_for("The history has another key.")
    assert desktop.rekey.changes == 1


def test_a_change_of_the_key_needs_the_passphrase(hand, desktop, keys):
    desktop.rekey.passphrase = WORDS
    hand.named("New passphrase").setText(WORDS)
    hand.named("New passphrase, once more").setText(WORDS)
    hand.click("Set passphrase")
    hand.wait_for("from now on")
    hand.named("Passphrase as it is now").setText("a wrong passphrase")
    hand.click("Change the key")
    hand.wait_for("does not open")
    assert desktop.rekey.changes == 0
    hand.named("Passphrase as it is now").setText(WORDS)
    hand.click("Change the key")
    hand.wait_for("The history has another key.")
    assert desktop.rekey.changes == 1


def test_copies_that_cannot_be_read_are_deleted_only_when_that_is_said(hand, desktop):
    desktop.rekey.unreadable = ("a.db",)
    desktop.rekey.recovery = True
    hand.wait_for("opens it")
    hand.click("Change the key")
    hand.wait_for("a.db")
    assert desktop.rekey.changes == 0
    hand.click("Delete them and change the key")
    hand.wait_for("The history has another key.")
    assert desktop.rekey.changes == 1
    assert hand.named("Recovery code").text()
