"""The window as a whole: it opens, moves between places, fails and closes in good order."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QProgressBar,
    QScrollBar,
    QWidget,
)

from fakes.stores import outcome
from fakes.tasks import PLAIN, QUEUE, RECEIPT, TAGS, record
from onhand.domain.answers import Check, Rewriting
from onhand.domain.errors import DataFolderUnwritable, ModelMissing
from onhand.ui.correct_dialog import CorrectDialog
from onhand.ui.crash_dialog import CrashDialog, ExceptionHook, report_of
from onhand.ui.main_window import MainWindow

pytestmark = pytest.mark.ui

PLACES = ("Work", "Batch", "History", "Measure", "Preferences")
USED = (QAbstractButton, QAbstractScrollArea, QComboBox, QLineEdit, QProgressBar)


def used_widgets(root):
    """Every widget of a page that a person can work, inner parts of Qt's own left out."""
    return [
        each
        for each in root.findChildren(QWidget)
        if isinstance(each, USED)
        and not isinstance(each, QScrollBar)
        and not each.objectName().startswith("qt_")
        and not isinstance(each.parent(), QComboBox)
        and each.focusPolicy() != Qt.FocusPolicy.NoFocus
    ]


def walk(window):
    """The accessible names in the order of Tab, from the text box until it comes round."""
    window.work.input.setFocus()
    names = []
    for _ in range(60):
        window.focusNextChild()
        name = QApplication.focusWidget().accessibleName()
        names.append(name)
        if name == "Text":
            break
    return names


@pytest.mark.parametrize("place", range(5), ids=PLACES)
def test_everything_that_can_be_used_has_a_name_of_its_own(window, hand, place):
    window.show_place(place)
    page = window.places.currentWidget()
    names = [each.accessibleName() for each in used_widgets(page)]
    assert "" not in names
    visible = [each.accessibleName() for each in used_widgets(page) if each.isVisible()]
    assert len(visible) == len(set(visible))
    assert len(visible) > 5


@pytest.mark.parametrize("task", [QUEUE, RECEIPT])
def test_everything_in_a_dialog_has_a_name_too(qtbot, jobs, window, task):
    for dialog in (CorrectDialog(jobs, record(task=task), window), CrashDialog("", window)):
        qtbot.addWidget(dialog)
        names = [each.accessibleName() for each in used_widgets(dialog)]
        assert "" not in names
        assert len(names) == len(set(names))


def test_tab_goes_through_the_page_in_the_order_of_the_work(window, hand):
    window.work.form.set_task(QUEUE)
    assert walk(window)[:4] == [
        "Open file…",
        "Keep nothing of this",
        "Run",
        "Model: Starter",
    ]
    names = walk(window)
    assert names.index("Classify") < names.index("Task") < names.index("Edit a copy")
    assert names[-2:] == ["Edit a copy", "Text"]


def test_the_typing_begins_in_the_text_box(window, hand):
    assert QApplication.focusWidget() is window.work.input


@pytest.mark.parametrize("place", range(5), ids=PLACES)
def test_every_place_is_a_key_away(window, hand, place):
    hand.press(f"Ctrl+{place + 1}")
    assert hand.named(PLACES[place]).isChecked()
    assert window.places.currentIndex() == place


def test_the_strip_tells_the_model_and_that_nothing_leaves(window, hand):
    hand.named("Model: Starter")
    assert window.strip._offline.text() == (
        "Offline. 0 bytes of your text have left this laptop."
    )
    hand.click("Model: Starter")
    assert window.preferences.isVisible()


def test_the_strip_tells_where_the_last_answer_was_made(window, hand):
    window.work.form.set_task(QUEUE)
    hand.write("A text")
    hand.press("Ctrl+Return")
    hand.wait_for("on cpu")


def test_the_strip_tells_that_the_first_text_is_worked_on(window, hand):
    hand.wait_for("not loaded yet")
    strip = window.strip
    strip.show_working(False)
    assert strip._device.text() == "not loaded yet"
    strip.show_working(True)
    assert strip._device.text() == "at work"
    strip.show_working(False)
    assert not strip._device.text()


def test_the_strip_tells_that_the_model_sleeps(window, hand, desktop):
    window.sleep_watch.look()
    hand.wait_for("not loaded yet")
    desktop.engine.asleep = True
    window.sleep_watch.look()
    hand.wait_for("asleep; the next request loads it")
    window.work.form.set_task(QUEUE)
    hand.write("A text")
    hand.press("Ctrl+Return")
    hand.wait_for("on cpu")


def test_it_is_looked_for_some_time_after_the_last_work(window, hand, qtbot):
    timer = window.sleep_watch._timer
    window.sleep_watch.set_minutes(10)
    assert timer.isActive()
    timer.stop()
    window.work.form.set_task(QUEUE)
    hand.write("A text")
    hand.press("Ctrl+Return")
    hand.wait_for("on cpu")
    qtbot.waitUntil(timer.isActive)
    assert timer.interval() == 603_000
    window.sleep_watch.set_minutes(0)
    assert not timer.isActive()


def test_the_offered_tasks_are_those_of_the_store(window, hand):
    names = window.work.form._names
    assert [names.itemText(row) for row in range(names.count())] == [
        "Labels of my own",
        "Ticket queue",
        "Tags",
        "Queue with costs",
    ]


def test_services_that_cannot_be_opened_are_told_and_tried_again(
    qtbot, window, hand, desktop
):
    desktop.opening = DataFolderUnwritable()
    window._jobs._services.close()
    window.load()
    hand.wait_for("The data folder cannot be written")
    assert DataFolderUnwritable.window_hint in hand.labels()
    desktop.opening = None
    hand.click("Try again")
    hand.wait_for("not loaded yet")
    assert "cannot be written" not in hand.labels()


def test_a_missing_model_is_told_in_the_strip(window, hand, desktop):
    desktop.models.clear()
    window._jobs._services.close()
    window.load()
    hand._qtbot.waitUntil(
        lambda: hand.named(f"Model: {ModelMissing.title}") is not None, timeout=5000
    )


def test_closing_while_it_works_stops_the_work_and_keeps_what_was_kept(
    window, hand, desktop, jobs
):
    desktop.run_task.gate.clear()
    window.work.form.set_task(QUEUE)
    hand.write("A text")
    hand.press("Ctrl+Return")
    desktop.run_task.begun.wait(10)
    window.close()
    jobs.close()
    assert desktop.closed == 1
    assert desktop.history.stored == []


def test_the_window_fits_a_small_laptop_at_twice_the_scale(window, hand, qtbot):
    window.resize(QSize(683, 384))
    qtbot.wait(20)
    for place in range(5):
        window.show_place(place)
        area = window.places.currentWidget()
        assert area.horizontalScrollBar().maximum() == 0
        for label in area.findChildren(QLabel):
            if label.isVisible() and label.wordWrap() and label.text():
                assert label.height() >= label.heightForWidth(label.width())


def overlapping(page):
    """What of a page lies over something else, once it is laid out."""
    found = []
    for parent in page.findChildren(QWidget):
        if parent.layout() is None or not parent.isVisible():
            continue
        inside = [each for each in parent.children() if isinstance(each, QWidget)]
        shown = [each.geometry() for each in inside if each.isVisible()]
        if any(one.intersects(other) for one, other in itertools.combinations(shown, 2)):
            found.append(parent)
    return found


def test_nothing_overlaps_where_there_is_little_room(window, hand, qtbot, desktop):
    window.resize(QSize(683, 384))
    lost = Check(name="negation", ok=False, detail="lost: not")
    kept = [Check(name=name, ok=True) for name in ("numbers", "dates", "names", "links")]
    made = Rewriting(text="New", checks=(*kept, lost), edits=())
    desktop.run_task.answers["A text"] = outcome(made)
    window.work.form.set_task(PLAIN)
    hand.write("A text")
    hand.press("Ctrl+Return")
    hand.wait_for("kept in the history")
    qtbot.waitUntil(lambda: not overlapping(window.work))


def test_an_answer_below_the_text_is_scrolled_to(window, hand, qtbot):
    window.resize(QSize(683, 384))
    window.work.form.set_task(QUEUE)
    hand.write("A text")
    hand.press("Ctrl+Return")
    hand.wait_for("kept in the history")
    qtbot.waitUntil(lambda: window.places.areas[0].verticalScrollBar().value() > 0)


def test_a_fault_is_told_once_without_the_users_text(window, hand):
    hook = ExceptionHook(window, lambda: window)

    def fail(secret):
        raise ValueError(secret)

    for _ in range(2):
        try:
            fail(" ".join(("my", "secret")))
        except ValueError as error:
            hook.take(type(error), error, error.__traceback__)
    assert len(hand.dialogs()) == 1
    hand.wait_for("Your text is still there.")
    told = hand.named("What happened where").toPlainText()
    assert "ValueError" in told
    assert "in fail" in told
    assert "my secret" not in told
    hand.press("Return")
    assert hand.dialogs() == []


def test_a_report_names_the_cause_too():
    fault = RuntimeError("my secret")
    fault.__cause__ = KeyError("my secret")
    assert report_of(fault) == "RuntimeError\n\nwhile handling\n\nKeyError"


def test_tasks_come_with_their_examples_when_the_history_is_open(qtbot, window, desktop):
    qtbot.waitUntil(lambda: window.loaded)
    bare = replace(TAGS, id="mine", examples=())
    desktop.tasks._tasks = (QUEUE, bare)
    window.use_tasks(desktop.tasks.names())
    window.work.form.set_task(bare)
    whole = replace(bare, examples=TAGS.examples)
    desktop.tasks._tasks = (QUEUE, whole)
    window.keeping.opened.emit()
    qtbot.waitUntil(lambda: window.work.form.task() == whole)


def test_a_window_that_nobody_sees_loads_as_well(qtbot, jobs, theme):
    window = MainWindow(jobs, theme)
    qtbot.addWidget(window)
    window.load_when_seen()
    qtbot.waitUntil(lambda: window.loaded)
    assert not window.isVisible()
