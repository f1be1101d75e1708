"""The quick panel: the clipboard in, a task by its number, the clipboard out."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from fakes.stores import outcome
from fakes.tasks import PLAIN
from onhand.domain.answers import Check, Rewriting
from onhand.domain.errors import EngineFailed
from onhand.ui.clipboard import MARKS
from onhand.ui.former_clipboard import copied_content
from onhand.ui.quick_panel import QuickPanel
from onhand.ui.shortcuts import Shortcuts

pytestmark = pytest.mark.ui

TEXT = "I was charged twice"


def clipboard():
    return QGuiApplication.clipboard()


@pytest.fixture
def panel(qtbot, jobs, theme, desktop):
    panel = QuickPanel(jobs, theme, Shortcuts())
    qtbot.addWidget(panel)
    panel.set_tasks(desktop.tasks.names())
    rich = QMimeData()
    rich.setText(TEXT)
    rich.setHtml(f"<b>{TEXT}</b>")
    clipboard().setMimeData(rich)
    return panel


@pytest.fixture
def quick(qtbot, panel, hand_at):
    """A hand at the panel, which is on the screen with its tasks."""
    with qtbot.waitActive(panel):
        panel.come()
    qtbot.waitUntil(lambda: len(panel.list._buttons) > 2)
    return hand_at(panel)


def shows(panel) -> str:
    return "\n".join(each.text() for each in panel.findChildren(QLabel) if each.isVisible())


def test_a_digit_runs_a_task_and_the_answer_is_in_the_clipboard(panel, quick, desktop):
    quick.press("1")
    quick.wait_for("The answer is in the clipboard.")
    task, text, private = desktop.run_task.asked[-1]
    assert (task, text, private) == (desktop.tasks.names()[0][1], TEXT, False)
    assert clipboard().text() == panel.panel.copied() != ""
    assert all(clipboard().mimeData().hasFormat(each) for each in MARKS)


def test_escape_puts_the_former_content_back_in_all_its_formats(panel, quick):
    quick.press("1")
    quick.wait_for("The answer is in the clipboard.")
    quick.press("Esc")
    assert not panel.isVisible()
    assert clipboard().text() == TEXT
    assert clipboard().mimeData().html() == f"<b>{TEXT}</b>"


def test_return_keeps_the_answer_and_the_former_content_can_come_back_later(
    qtbot, panel, quick
):
    quick.press("1")
    quick.wait_for("The answer is in the clipboard.")
    answer = clipboard().text()
    quick.press("Return")
    assert not panel.isVisible()
    assert clipboard().text() == answer
    with qtbot.waitActive(panel):
        panel.come()
    quick.click("Put the former clipboard back")
    assert clipboard().text() == TEXT
    assert "The former content is in the clipboard again." in shows(panel)


def test_what_was_copied_meanwhile_is_not_taken_away_by_escape(panel, quick):
    quick.press("1")
    quick.wait_for("The answer is in the clipboard.")
    clipboard().setText("copied elsewhere")
    quick.press("Esc")
    assert clipboard().text() == "copied elsewhere"


def test_an_answer_with_a_failed_check_waits_to_be_seen(panel, quick, desktop):
    lost = Check(name="negation", ok=False, detail="lost: not")
    desktop.run_task.answers[TEXT] = outcome(
        Rewriting(text="I was charged", checks=(lost,), edits=())
    )
    panel.run(PLAIN)
    quick.wait_for("Look at the answer before it goes into the clipboard.")
    assert clipboard().text() == TEXT
    quick.click("I have seen this; let me copy the text")
    quick.click("Copy answer")
    assert clipboard().text() == "I was charged"
    quick.press("Esc")
    assert clipboard().text() == TEXT


def test_escape_stops_a_run_at_once_and_offers_the_tasks_again(
    qtbot, panel, quick, desktop
):
    desktop.run_task.gate.clear()
    quick.press("2")
    desktop.run_task.begun.wait(10)
    quick.press("Esc")
    qtbot.waitUntil(lambda: panel._steps.currentWidget() is panel.list)
    assert clipboard().text() == TEXT
    assert panel.isVisible()
    quick.press("Esc")
    assert not panel.isVisible()


def test_a_failure_is_told_and_the_clipboard_is_as_it_was(panel, quick, desktop):
    desktop.run_task.failing = EngineFailed("it died")
    quick.press("1")
    quick.wait_for("it died")
    assert clipboard().text() == TEXT
    quick.click("Another task")
    assert panel.list.isVisible()


def test_a_digit_counts_that_is_typed_before_the_tasks_are_known(
    qtbot, jobs, theme, desktop, hand_at
):
    clipboard().setText(TEXT)
    panel = QuickPanel(jobs, theme, Shortcuts())
    qtbot.addWidget(panel)
    with qtbot.waitActive(panel):
        panel.come()
    hand = hand_at(panel)
    hand.press("2")
    assert desktop.run_task.asked == []
    panel.set_tasks(desktop.tasks.names())
    hand.wait_for("The answer is in the clipboard.")
    assert desktop.run_task.asked[-1][0] == desktop.tasks.names()[1][1]


def test_a_clipboard_without_text_runs_nothing_and_says_what_to_do(
    qtbot, panel, hand_at, desktop
):
    picture = QMimeData()
    picture.setImageData(QImage(2, 2, QImage.Format.Format_RGB32))
    clipboard().setMimeData(picture)
    with qtbot.waitActive(panel):
        panel.come()
    hand = hand_at(panel)
    hand.wait_for("The clipboard holds no text.")
    hand.press("1")
    assert desktop.run_task.asked == []


def test_the_text_or_the_answer_goes_on_in_the_window(qtbot, panel, quick):
    with qtbot.waitSignal(panel.window_wanted) as wanted:
        quick.press("Ctrl+E")
    assert wanted.args == [TEXT, None]
    with qtbot.waitActive(panel):
        panel.come()
    quick.press("1")
    quick.wait_for("The answer is in the clipboard.")
    with qtbot.waitSignal(panel.window_wanted) as wanted:
        quick.click("Open in the window")
    assert wanted.args[0] == TEXT
    assert wanted.args[1].text == TEXT


def test_nothing_is_kept_where_that_is_ticked(panel, quick, desktop):
    quick.click("Keep nothing of this")
    quick.press("1")
    quick.wait_for("The answer is in the clipboard.")
    assert desktop.run_task.asked[-1][2] is True
    assert desktop.history.stored == []


def test_an_answer_can_be_said_to_be_right(qtbot, panel, quick, desktop):
    quick.press("1")
    quick.wait_for("The answer is in the clipboard.")
    quick.click("Answer is right")
    quick.wait_for("You said that this is right")
    assert desktop.history.stored[0].correction is not None


def test_everything_has_a_name_and_a_description_where_it_helps(panel, quick):
    names = [
        each.accessibleName()
        for each in panel.findChildren(QWidget)
        if isinstance(each, QAbstractButton) and each.isVisible()
    ]
    assert "" not in names
    assert len(names) == len(set(names))
    assert "1: " in panel.list._buttons[0].accessibleName()
    assert "Press 1" in panel.list._buttons[0].accessibleDescription()
    assert panel.list._buttons[0].hasFocus()


def test_a_picture_is_remembered_whole(qapp):
    image = QImage(3, 2, QImage.Format.Format_RGB32)
    image.fill(QColor("#123456"))
    held = QMimeData()
    held.setImageData(image)
    found = copied_content(held)
    assert QImage(found.imageData()).pixelColor(1, 1) == QColor("#123456")


def test_a_content_without_measure_keeps_its_text(qapp):
    held = QMimeData()
    held.setText("a text")
    held.setData("application/x-large", b"x" * 1000)
    found = copied_content(held, most=100)
    assert found.formats() == ["text/plain"]
    assert found.text() == "a text"
