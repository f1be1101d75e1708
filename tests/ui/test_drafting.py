"""What is typed is kept while it is typed, and comes back."""

from __future__ import annotations

from onhand.ui.main_window import MainWindow


def test_typing_is_kept_within_a_second_and_comes_back(hand, desktop, qtbot, jobs, theme):
    hand.focus("Text")
    hand.write("I was charged")
    qtbot.waitUntil(lambda: desktop.drafts.load() == "I was charged")
    other = MainWindow(jobs, theme)
    qtbot.addWidget(other)
    other.load()
    qtbot.waitUntil(lambda: other.work.input.text() == "I was charged")


def test_who_types_without_a_pause_is_kept_too(hand, desktop, qtbot):
    box = hand.focus("Text")

    def type_on():
        box.insertPlainText("x")
        qtbot.wait(20)
        return bool(desktop.drafts.saved)

    qtbot.waitUntil(type_on)


def test_what_is_private_is_not_kept_and_taken_away(hand, desktop, qtbot):
    hand.focus("Text")
    hand.write("secret")
    qtbot.waitUntil(lambda: desktop.drafts.load() == "secret")
    hand.window.work.private.setChecked(True)
    qtbot.waitUntil(lambda: desktop.drafts.load() == "")
    hand.write("more")
    qtbot.wait(1200)
    assert desktop.drafts.load() == ""


def test_where_nothing_is_kept_no_draft_is(hand, desktop, qtbot):
    hand.focus("Text")
    hand.write("secret")
    qtbot.waitUntil(lambda: desktop.drafts.load() == "secret")
    hand.window.preferences.change("keep_history", "no")
    qtbot.waitUntil(lambda: desktop.drafts.load() == "")


def test_an_emptied_box_leaves_no_draft(hand, desktop, qtbot):
    box = hand.focus("Text")
    hand.write("word")
    qtbot.waitUntil(lambda: desktop.drafts.load() == "word")
    box.set_text("")
    qtbot.waitUntil(lambda: desktop.drafts.load() == "")
