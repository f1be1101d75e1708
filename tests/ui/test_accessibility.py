"""What a screen reader finds: names, roles and an order, on every screen."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

import accessibility
from fakes.tasks import PLAIN

pytestmark = pytest.mark.ui


REPOSITORY = Path(__file__).resolve().parents[2]
PROGRAM = REPOSITORY / "tests" / "accessibility.py"


@pytest.fixture(scope="module")
def examined(tmp_path_factory):
    """What the program tells from a process of its own, and the folder with the trees."""
    folder = tmp_path_factory.mktemp("trees")
    argv = [sys.executable, str(PROGRAM), str(folder)]
    ended = subprocess.run(argv, capture_output=True, text=True, timeout=300, check=False)
    return ended, folder


def test_nothing_to_work_with_is_without_a_name_of_words_of_its_own(examined):
    ended, folder = examined
    assert ended.stdout.splitlines()[-1].endswith(" screens, 0 faults"), ended.stdout
    assert ended.returncode == 0
    assert len(list(folder.glob("*.txt"))) > 60


def test_roles_tell_what_can_be_done(examined):
    _, folder = examined
    lines = (folder / "work-rewritten.txt").read_text(encoding="utf-8").splitlines()
    told = {line.strip() for line in lines}
    for element in (
        "Button: 'Run'",
        "RadioButton: 'Rewrite'",
        "CheckBox: 'Keep nothing of this'",
        "ComboBox: 'Task' value 'Plain'",
    ):
        assert element in told
    assert any(line.startswith("EditableText: 'Text' value") for line in told)
    assert lines.index(next(each for each in lines if "EditableText: 'Text'" in each)) < (
        lines.index(next(each for each in lines if "'Rewritten text'" in each))
    )


def node(name, role=accessibility.Role.Button, **more):
    made = {"depth": 0, "description": "", "value": "", "kind": "QWidget", "ours": True}
    return accessibility.Node(role=role, name=name, **(made | {"tabbed": True} | more))


@pytest.mark.parametrize("name", ["", "button1", "7", "Edit", "…", "Label 2"])
def test_a_name_without_words_is_noticed(name):
    (fault,) = accessibility.faults([node(name)])
    assert "no words" in fault


def test_two_parts_of_one_name_are_noticed():
    assert accessibility.faults([node("Keep it")] * 2) == ["2 times 'Keep it'"]
    assert accessibility.faults([node("Keep it"), node("Leave it")]) == []


def test_what_tab_comes_to_must_have_a_role():
    strange = node("Keys", accessibility.Role.Client)
    assert accessibility.faults([strange]) == [
        "QWidget 'Keys' can be focused, but has no role"
    ]


def stops(window, hand, count):
    """Where Tab goes, by name, until it comes around."""
    found = []
    for _ in range(count):
        name = window.focusWidget().accessibleName()
        if name in found:
            break
        found.append(name)
        hand.press("Tab")
    return found


def test_tab_goes_through_work_as_it_is_read(window, hand):
    window.rail._buttons.button(0).setFocus()
    found = stops(window, hand, 30)
    wanted = ["Work", "Classify", "Task", "Text", "Open file…", "Keep nothing of this"]
    wanted += ["Run", "Model: Starter"]
    places = [found.index(each) for each in wanted]
    assert places == sorted(places)
    hand.focus("Text")
    hand.press("Shift+Tab")
    assert window.focusWidget().accessibleName() == found[found.index("Text") - 1]


@pytest.mark.parametrize("name", ["Run", "Classify", "History", "Task", "Text"])
def test_the_focus_can_be_seen(window, hand, name):
    part = hand.named(name)
    window.work.input.set_text("A text")
    other = "Open file…"
    hand.focus(other)
    without = part.grab().toImage()
    part.setFocus(Qt.FocusReason.TabFocusReason)
    assert part.grab().toImage() != without


def test_text_is_read_out_in_whole_sentences_while_it_is_written(
    window, hand, desktop, qtbot
):
    runs, running = desktop.run_task, window.work.panel.running
    running._pause.setInterval(1)
    runs.gate.clear()
    runs.pieces = ("It is ", "here. And ", "there. Wh", "ere")
    said = []
    running.spoken.connect(said.append)
    window.work.form.set_task(PLAIN)
    window.work.input.set_text("A text")
    hand.focus("Text")
    hand.press("Ctrl+Return")
    qtbot.waitUntil(lambda: "there." in " ".join(said))
    assert "Wh" not in " ".join(said)
    runs.gate.set()
    hand.wait_for("kept in the history")
