"""The list of tasks, and writing one with its answer beside it; by keyboard."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from onhand.domain.tasks import Classify, Example, Label, Summarise
from onhand.services.remove_task import RemovedTask, StoredLesson
from onhand.ui import task_preview
from onhand.ui.deleted_notice import DeletedNotice
from onhand.ui.task_dialog import EditTaskDialog
from onhand.ui.task_list import TaskListDialog

pytestmark = pytest.mark.ui

MINE = Summarise(instruction="Write one sentence.", name="One sentence", id="mine")


@pytest.fixture
def work(desktop, hand):
    desktop.tasks.keep(MINE, 'kind = "summarise"\nid = "mine"\nname = "One sentence"\n'
                       'instruction = "Write one sentence."\n')  # fmt: skip
    hand.window.work.input.set_text("I was charged twice")
    return hand.window.work


def opened(qtbot, kind):
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), kind))
    return QApplication.activeWindow()


@pytest.fixture
def listed(qtbot, hand, work):
    qtbot.keyClick(hand.window, Qt.Key.Key_K, Qt.KeyboardModifier.AltModifier)
    return opened(qtbot, TaskListDialog)


def rows(dialog):
    return [(row.name, row.origin.name) for row in dialog._model.rows()]


def type_into(text):
    QTest.keyClicks(QApplication.focusWidget(), text)


def press(key):
    QTest.keyClick(QApplication.focusWidget(), key)


def test_typing_narrows_the_list_and_return_uses_what_is_left(qtbot, hand, listed):
    type_into("sentence one")
    assert rows(listed) == [("One sentence", "OWN")]
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: hand.window.work.form._chosen() == MINE)


def test_the_arrows_move_in_the_list_while_the_line_has_the_focus(listed):
    before = listed._table.chosen_row()
    press(Qt.Key.Key_Down)
    assert listed._table.chosen_row() == before + 1
    press(Qt.Key.Key_Up)
    press(Qt.Key.Key_Up)
    assert listed._table.chosen_row() == 0
    listed.reject()


def test_nothing_that_fits_is_said_and_nothing_can_be_used(listed):
    type_into("no such words")
    assert rows(listed) == []
    assert not listed._use.isEnabled()
    assert not listed._edit.isEnabled()
    press(Qt.Key.Key_Return)
    assert listed.isVisible()
    listed.reject()


def test_what_was_used_last_stands_first(listed):
    listed.show_recent([MINE])
    assert rows(listed)[0] == ("One sentence", "RECENT")
    listed.reject()


@pytest.fixture
def editor(qtbot, listed):
    """The editor of a new task, with a text at hand."""
    qtbot.keyClick(listed, Qt.Key.Key_N, Qt.KeyboardModifier.AltModifier)
    return opened(qtbot, EditTaskDialog)


def fill(editor, name, *labels):
    assert QApplication.focusWidget() is editor._name
    type_into(name)
    lines = editor._editors[editor._kind.currentData()]._lines
    lines.setFocus()
    for each in labels:
        type_into(each)
        press(Qt.Key.Key_Return)


def test_a_task_is_tried_while_it_is_written_and_nothing_of_that_is_kept(
    qtbot, desktop, editor
):
    editor.preview._pause.setInterval(20)
    fill(editor, "Team", "billing = money", "technical")
    qtbot.waitUntil(editor.preview._views.isVisible)
    task, text, private = desktop.run_task.asked[-1]
    assert [each.name for each in task.labels] == ["billing", "technical"]
    assert text == "I was charged twice"
    assert private
    assert "not kept" in editor.preview._told.text()
    editor.reject()


def test_a_change_stops_the_trial_that_runs(qtbot, desktop, editor):
    desktop.run_task.gate.clear()
    editor.preview._pause.setInterval(20)
    fill(editor, "Team", "billing = money", "technical")
    qtbot.waitUntil(lambda: editor.preview._cancel is not None)
    first = editor.preview._cancel
    type_into("sales")
    assert first.cancelled
    editor.reject()
    assert editor.preview._cancel is None


def test_what_is_no_task_yet_is_a_sentence_and_not_tried(qtbot, desktop, editor):
    before = len(desktop.run_task.asked)
    fill(editor, "Team", "billing")
    assert "at least 2" in editor.preview._told.text()
    qtbot.keyClick(editor, Qt.Key.Key_S, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(editor._notice.isVisible)
    assert "at least 2" in editor._notice.text.text() + editor._notice.title.text()
    assert len(desktop.run_task.asked) == before
    editor.reject()


def test_a_task_that_is_saved_is_listed_everywhere_and_chosen(qtbot, desktop, hand, editor):
    fill(editor, "Team", "billing = money", "technical")
    qtbot.keyClick(editor, Qt.Key.Key_S, Qt.KeyboardModifier.AltModifier)
    kept = Classify(
        instruction="Which category does the text belong in?",
        labels=(Label(name="billing", meaning="money"), Label(name="technical")),
        name="Team",
        id="task-new",
    )
    qtbot.waitUntil(lambda: hand.window.work.form._chosen() == kept)
    assert desktop.tasks.find("team") == kept
    assert hand.window.batch._form._names.findText("Team") >= 0


def test_a_name_that_is_taken_is_a_sentence_and_all_stays_as_typed(qtbot, hand, editor):
    fill(editor, "One sentence", "billing", "technical")
    qtbot.keyClick(editor, Qt.Key.Key_S, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(editor._notice.isVisible)
    assert "already" in editor._notice.title.text() + editor._notice.text.text()
    assert editor._name.text() == "One sentence"
    assert editor._save.isEnabled()
    editor.reject()


def test_an_own_task_is_edited_in_its_place(qtbot, desktop, hand, listed):
    type_into("one sentence")
    qtbot.keyClick(listed, Qt.Key.Key_E, Qt.KeyboardModifier.AltModifier)
    editor = opened(qtbot, EditTaskDialog)
    assert editor.windowTitle() == "Edit task"
    assert editor._instruction.toPlainText() == "Write one sentence."
    editor._name.clear()
    type_into("Just one")
    qtbot.keyClick(editor, Qt.Key.Key_S, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: hand.window.work.form._names.currentText() == "Just one")
    assert desktop.tasks.find("just one").id == "mine"
    assert all(name != "One sentence" for name, _ in desktop.tasks.names())


def test_what_is_typed_in_work_becomes_a_new_task(qtbot, hand, work):
    lines = work.form._editors[work.form.kind].get()._lines
    lines.setPlainText("one\ntwo")
    qtbot.keyClick(hand.window, Qt.Key.Key_K, Qt.KeyboardModifier.AltModifier)
    dialog = opened(qtbot, TaskListDialog)
    qtbot.keyClick(dialog, Qt.Key.Key_N, Qt.KeyboardModifier.AltModifier)
    editor = opened(qtbot, EditTaskDialog)
    assert editor.windowTitle() == "New task"
    assert [each.name for each in editor.task().labels] == ["one", "two"]
    editor.reject()


def test_the_pause_is_long_enough_for_a_slow_typist():
    assert 300 <= task_preview.PAUSE <= 1500


def names_of(desktop):
    return [name for name, _ in desktop.tasks.names()]


def delete_mine(qtbot, desktop, listed):
    type_into("one sentence")
    press(Qt.Key.Key_Down)
    qtbot.keyClick(listed, Qt.Key.Key_D, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(listed._gone.isVisible)
    assert "One sentence" not in names_of(desktop)


def test_a_task_is_deleted_and_had_back_by_keyboard(qtbot, desktop, hand, listed):
    delete_mine(qtbot, desktop, listed)
    assert rows(listed) == []
    assert "One sentence" in listed._gone.title.text()
    assert "stay in the history" in listed._gone.text.text()
    offered = hand.window.work.form
    assert MINE not in [task for _, task in offered._tasks]
    qtbot.keyClick(listed, Qt.Key.Key_U, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: rows(listed) == [("One sentence", "OWN")])
    assert not listed._gone.isVisible()
    assert MINE in [task for _, task in offered._tasks]
    listed.reject()


def test_the_delete_key_deletes_in_the_list_and_not_in_the_line(qtbot, desktop, listed):
    type_into("one sentence")
    press(Qt.Key.Key_Delete)
    listed._table.setFocus()
    assert "One sentence" in names_of(desktop)
    press(Qt.Key.Key_Delete)
    qtbot.waitUntil(listed._gone.isVisible)
    assert "One sentence" not in names_of(desktop)
    listed.reject()


def test_what_went_with_a_task_is_said(qtbot):
    notice = DeletedNotice()
    qtbot.addWidget(notice)
    examples = (Example(text="a", answer="b"),) * 2
    lesson = StoredLesson(version="1", model="m", taught="{}")
    task = replace(MINE, examples=examples)
    notice.show_last([RemovedTask(task=task, text="", lessons=(lesson,))])
    assert "2 examples went with it" in notice.text.text()
    assert "taught went with it" in notice.text.text()


def test_what_came_with_the_program_cannot_be_deleted(desktop, listed):
    desktop.tasks.keep(
        replace(MINE, id="onhand-short", name="Came"),
        'kind = "summarise"\nid = "onhand-short"\nname = "Came"\n'
        'instruction = "Write one sentence."\n',
    )
    listed.show_tasks(desktop.tasks.names())
    type_into("came")
    assert rows(listed) == [("Came", "BUILT_IN")]
    assert not listed._delete.isEnabled()
    listed.reject()


def test_a_task_that_cannot_be_deleted_stays_and_that_is_said(qtbot, desktop, listed):
    type_into("one sentence")
    desktop.tasks.remove(MINE)  # another program was quicker
    qtbot.keyClick(listed, Qt.Key.Key_D, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(listed._gone.isVisible)
    assert "no such task" in listed._gone.title.text()
    assert not listed._gone.undo.isVisible()
    listed.reject()
