"""The program on the screen: what a start asks for, shortcuts, files, and its end."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QApplication

from fakes.hotkeys import FakeHotkeys
from fakes.tasks import QUEUE
from onhand.domain.shortcuts import Action
from onhand.domain.starts import Entrance, Start
from onhand.services.import_task import KeptTask
from onhand.ui.desktop import Desktop
from onhand.ui.global_shortcut import GlobalShortcut
from onhand.ui.identity import APPLICATION_ID, complete, identify
from onhand.ui.main_window import MainWindow
from onhand.ui.opening import Opening

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.ui


class Step:
    """A doorstep on which tests leave starts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.left: list[Start] = []

    def leave(self, start: Start) -> None:
        """Leave a start, and change the folder so that it is noticed."""
        self.left.append(start)
        (self.folder / f"{len(list(self.folder.iterdir()))}").touch()

    def take(self) -> list[Start]:
        """What is left."""
        taken, self.left = self.left, []
        return taken


@pytest.fixture
def step(tmp_path):
    return Step(tmp_path)


@pytest.fixture
def open_desktop(qtbot, qapp, jobs, theme, step):
    """Opens the program with a start; it has quit when `ends` grew."""
    opened = []

    def opening(start: Start = Start()) -> Desktop:  # noqa: B008 - it cannot be changed
        program = Desktop(
            jobs,
            theme,
            Opening(start=start, doorstep=step),
            lambda keys: MainWindow(jobs, theme, keys),
        )
        program.hotkey._new_hotkeys = FakeHotkeys
        program.ends = []
        program.end = lambda: program.ends.append(1)
        opened.append(program)
        return program

    yield opening
    for program in opened:
        program.panel.close()
        if program._window is not None:
            program._window.close()
        qapp.processEvents()
        program.panel.deleteLater()
        if program._window is not None:
            program._window.deleteLater()
        program.deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    qapp.setQuitOnLastWindowClosed(True)


@pytest.fixture
def program(qtbot, open_desktop):
    program = open_desktop()
    qtbot.waitUntil(lambda: program.window.strip._device.text() == "not loaded yet")
    return program


def test_the_quick_panel_comes_without_the_window_and_ends_with_it(qtbot, open_desktop):
    QGuiApplication.clipboard().setText("A text")
    program = open_desktop(Start(entrance=Entrance.QUICK, private=True))
    assert program._window is None
    assert program.panel.isVisible()
    assert program.panel.private.isChecked()
    qtbot.waitUntil(lambda: len(program.panel.list._buttons) > 2)
    assert program.hotkey.held == "Ctrl+Alt+Space"
    program.panel.close()
    qtbot.waitUntil(lambda: program.ends == [1])


def test_the_window_comes_back_as_it_was_left(qtbot, jobs, theme, tmp_path):
    file = tmp_path / "window.ini"

    def opened(*, private=False):
        made = Desktop(
            jobs,
            theme,
            Opening(start=Start(private=private), state=file),
            lambda keys: MainWindow(jobs, theme, keys),
        )
        made.hotkey._new_hotkeys = FakeHotkeys
        made.end = lambda: None
        return made

    first = opened(private=True)
    first.window.show_place(3)
    first.window.close()
    assert not file.exists()
    second = opened()
    second.window.show_place(3)
    second.window.close()
    third = opened()
    assert third.window.places.currentIndex() == 3
    third.window.close()
    for each in (first, second, third):
        each.window.deleteLater()
        each.deleteLater()


def test_a_later_start_brings_what_it_wants(qtbot, program, step):
    program.window.showMinimized()
    step.leave(Start(private=True))
    qtbot.waitUntil(program.window.work.private.isChecked)
    assert not program.window.isMinimized()
    step.leave(Start(entrance=Entrance.QUICK))
    qtbot.waitUntil(program.panel.isVisible)


def test_the_window_may_close_while_the_panel_is_open(qtbot, program):
    program.panel.come()
    program.window.close()
    qtbot.wait(20)
    assert program.ends == []
    program.panel.close()
    qtbot.waitUntil(lambda: program.ends == [1])


def test_the_window_takes_over_from_the_panel(qtbot, program):
    QGuiApplication.clipboard().setText("A text")
    program.panel.come()
    program.panel._whole.click()
    assert program.window.work.input.text() == "A text"
    assert not program.panel.isVisible()


def test_preferences_tell_of_keys_and_tray_and_how_to_bind_some(qtbot, program):
    card = program.window.preferences.quick
    assert "shows no icons in a tray" in card._tray.text()
    assert "Ctrl+Alt+Space opens it" in card._keys.text()
    program.hotkey._hotkeys.taken = ("Alt+Q",)
    program.window.preferences.change("quick_shortcut", "Alt+Q")
    qtbot.waitUntil(lambda: "Another program has this key" in card._keys.text())
    assert not card._how.isVisibleTo(card)
    none = GlobalShortcut()
    card.watch(program.tray, none)
    none.use("Alt+Q")
    assert card._how.isVisibleTo(card)
    assert "onhand quick" in card._how.toPlainText()


@pytest.fixture
def listed(qtbot, program, hand_at):
    """The list of shortcuts, opened by its keys."""
    program.window.activateWindow()
    hand = hand_at(program.window)
    hand.press("Ctrl+?")
    qtbot.waitUntil(lambda: len(hand.dialogs()) == 1)
    return program, hand, hand.dialogs()[0]


def give(dialog, hand, action, keys):
    dialog._edits[action].setFocus()
    hand.press(keys)


def test_a_shortcut_is_changed_kept_and_reset(qtbot, listed, desktop):
    program, hand, dialog = listed
    give(dialog, hand, Action.HISTORY, "Ctrl+Shift+H")
    qtbot.waitUntil(lambda: desktop.settings.load().shortcuts == "history=Ctrl+Shift+H")
    qtbot.waitUntil(
        lambda: program.shortcuts.keys(Action.HISTORY) == QKeySequence("Ctrl+Shift+H")
    )
    dialog.accept()
    program.window.activateWindow()
    qtbot.waitUntil(program.window.isActiveWindow)
    hand.press("Ctrl+Shift+H")
    qtbot.waitUntil(lambda: program.window.places.currentIndex() == 2)
    hand.press("Ctrl+1")
    hand.press("Ctrl+3")
    assert program.window.places.currentIndex() == 0
    program._show_shortcuts()
    hand.click("Reset: Go to History")
    qtbot.waitUntil(lambda: desktop.settings.load().shortcuts == "")
    hand.dialogs()[0].accept()


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ("Ctrl+O", "Ctrl+O is taken by “Open a file”."),
        ("F1", "F1 is kept for the guide."),
        ("H", "H is needed for typing."),
    ],
)
def test_keys_that_something_else_has_are_refused(listed, desktop, keys, told):
    _, hand, dialog = listed
    give(dialog, hand, Action.HISTORY, keys)
    hand.wait_for(told)
    assert desktop.settings.load().shortcuts == ""
    assert dialog._edits[Action.HISTORY].keySequence() == QKeySequence("Ctrl+3")
    dialog.accept()


def test_a_shortcut_can_be_taken_away_and_all_can_come_back(qtbot, listed, desktop):
    _, hand, dialog = listed
    give(dialog, hand, Action.QUIT, "Backspace")
    qtbot.waitUntil(lambda: desktop.settings.load().shortcuts == "quit=")
    hand.click("Reset all shortcuts")
    qtbot.waitUntil(lambda: desktop.settings.load().shortcuts == "")
    edit = dialog._edits[Action.QUIT]
    qtbot.waitUntil(lambda: edit.keySequence() == QKeySequence("Ctrl+Q"))
    dialog.accept()


def test_every_field_of_the_list_is_named(listed):
    _, _, dialog = listed
    names = [each.accessibleName() for each in dialog._edits.values()]
    assert len(set(names)) == len(Action)
    assert "" not in names
    dialog.accept()


@pytest.mark.parametrize("kept", [True, False])
def test_a_task_file_is_shown_and_imported_only_when_that_is_said(
    qtbot, program, hand_at, desktop, tmp_path, kept
):
    path = tmp_path / "queue.onhandtask"
    path.write_bytes(b"the file")
    opened = replace(QUEUE, name=str(path), id="new")
    desktop.tasks._tasks = (*desktop.tasks._tasks, opened)
    imported = []
    desktop.import_task = lambda data: (
        imported.append(data) or KeptTask(task=opened, with_examples=kept)
    )
    hand = hand_at(program.window)
    for button in ("Not now", "Import the task"):
        program.answer(Start(file=str(path)))
        qtbot.waitUntil(lambda: len(hand.dialogs()) == 1)
        assert hand.named("Instruction").toPlainText() == QUEUE.instruction
        assert imported == []
        hand.click(button)
    qtbot.waitUntil(lambda: program.window.work.form._names.currentText() == opened.name)
    assert imported == [b"the file"]
    assert ("The examples of the task were not kept." in hand.labels()) != kept


def test_a_file_that_is_no_task_says_what_is_wrong(program, hand_at, tmp_path):
    program.answer(Start(file=str(tmp_path / "missing.toml")))
    hand_at(program.window).wait_for("missing.toml")


def test_a_text_is_opened_in_work(qtbot, program, tmp_path):
    path = tmp_path / "mail.txt"
    path.write_text("A mail")
    program.answer(Start(file=str(path)))
    qtbot.waitUntil(lambda: program.window.work.input.text() == "A mail")


def test_the_desktop_knows_the_program_by_name_and_picture(qapp):
    identify(qapp)
    complete(qapp)
    assert QApplication.desktopFileName() == APPLICATION_ID
    assert QApplication.applicationDisplayName() == "Onhand"
    sizes = {size.width() for size in QApplication.windowIcon().availableSizes()}
    assert {16, 32, 256} <= sizes
