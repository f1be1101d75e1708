"""The quick panel as a person has it: a real screen, a real clipboard, a real model."""

from __future__ import annotations

import subprocess

import pytest

from fakes.launcher import LAUNCHER
from fakes.screen import needs_screen, new_screen, wait_until
from fakes.starter import needs_starter

pytestmark = [pytest.mark.ui, needs_screen, *needs_starter]

PANEL = "Onhand quick panel"
WINDOW = "^Onhand$"
TEXT = "I was charged twice and want my money back."


@pytest.fixture
def screen():
    with new_screen() as screen:
        yield screen


@pytest.fixture
def data(tmp_path):
    """Options for a data folder in which nothing is asked at the start."""
    folder = tmp_path / "data"
    for name, value in (
        ("keep_history", "no"),
        ("welcomed", "yes"),
        ("quick_shortcut", "Ctrl+Alt+J"),
    ):
        argv = ["settings", "set", name, value, "--data-dir", str(folder)]
        subprocess.run([*LAUNCHER, *argv], check=True)
    return ["--data-dir", str(folder)]


def test_a_task_by_its_number_and_the_former_clipboard_by_escape(screen, data, tmp_path):
    with (
        screen.other_program(TEXT, tmp_path / "seen") as seen,
        screen.onhand("quick", *data) as program,
    ):
        screen.wait_for_window(PANEL)
        # A later start brings it to the front, and ends.
        done = subprocess.run(
            [*LAUNCHER, "quick", *data],
            env=screen.environment,
            timeout=30,
            check=False,
        )
        assert done.returncode == 0
        screen.wait_for_window(PANEL)
        screen.press("1")
        wait_until(lambda: seen()[-1] != repr(TEXT))
        answer = seen()[-1]
        assert answer != repr("")
        screen.press("Escape")
        wait_until(lambda: seen()[-1] == repr(TEXT))
        wait_until(lambda: not screen.window(PANEL))
        # What was put back is lent by it; when another program copies, it goes.
        assert program.poll() is None
        with screen.other_program("something else", tmp_path / "seen too"):
            assert program.wait(30) == 0


def test_an_answer_outlives_the_panel_until_something_else_is_copied(
    screen, data, tmp_path
):
    with screen.other_program(TEXT, tmp_path / "seen") as seen:
        with screen.onhand("quick", *data) as program:
            screen.wait_for_window(PANEL)
            screen.press("1")
            wait_until(lambda: seen()[-1] != repr(TEXT))
            answer = seen()[-1]
            screen.press("Return")  # Done
            wait_until(lambda: not screen.window(PANEL))
            with screen.other_program("mine", tmp_path / "later") as later:
                assert later()[-1] == repr("mine")
                assert program.wait(30) == 0
        assert answer in seen()


def test_the_keys_of_the_whole_desktop_open_it_beside_the_window(screen, data, tmp_path):
    with (
        screen.other_program(TEXT, tmp_path / "seen"),
        screen.onhand(*data) as program,
    ):
        number = screen.wait_for_window(WINDOW)
        wait_until(lambda: _pressed(screen))
        wait_until(lambda: _left(screen))
        screen.do("windowfocus", "--sync", number)
        screen.press("ctrl+q")
        assert program.wait(60) == 0


def _left(screen) -> bool:
    """Whether the panel is gone after another Escape; a busy one gets the focus late."""
    screen.press("Escape")
    return not screen.window(PANEL)


def _pressed(screen) -> bool:
    """Whether the panel is there after another press of its keys."""
    screen.press("ctrl+alt+j")
    return bool(screen.window(PANEL))
