"""The program from its start to its end, in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel

pytestmark = pytest.mark.ui

TESTS = Path(__file__).parents[1]
PROGRAM = """
import sys, threading
sys.path.insert(0, {tests!r})
from contextlib import contextmanager

heavy = (
    *("onhand.services.run_task", "onhand.services.reading", "msgspec", "sqlite3"),
    *("onhand.domain.answers", "onhand.domain.calibration", "onhand.domain.foreseeing"),
    *("onhand.ui.stopwatch", "onhand.ui.correct_dialog", "hashlib", "statistics"),
)

@contextmanager
def open_services():
    assert threading.current_thread() is not threading.main_thread()
    from PySide6.QtWidgets import QApplication
    print("window first:", all(each not in sys.modules for each in heavy))
    from fakes.desktop import Desktop
    with Desktop().open() as services:
        yield services
    print("closed")

@contextmanager
def open_archive():
    from fakes.desktop import Desktop
    with Desktop().open_archive() as archive:
        yield archive

@contextmanager
def open_shelf():
    from fakes.desktop import Desktop
    with Desktop().open_shelf() as shelf:
        yield shelf

from PySide6.QtCore import QTimer
from onhand.ui.application import run_desktop
import onhand.ui.main_window as main_window

class Window(main_window.MainWindow):
    def load(self):
        print("painted:", self.isVisible())
        super().load()
        QTimer.singleShot({after}, self.{action})

    def fail(self):
        QTimer.singleShot(100, self.end)
        raise ValueError("my secret")

    def end(self):
        from PySide6.QtWidgets import QApplication, QDialog
        shown = [w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog)]
        print("told:", len(shown))
        for each in shown:
            each.accept()
        self.close()

import onhand.ui.application as application
application.MainWindow = Window
print("status", run_desktop(open_services, open_archive, open_shelf, ["onhand"]))
"""


def run(action: str, after: int) -> str:
    program = PROGRAM.format(tests=str(TESTS), action=action, after=after)
    found = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return found.stdout


def test_the_binding_does_not_use_up_what_it_returns(qtbot):
    # Before Python 3.12 a binding that returns None without counting it kills the process
    # after some thousand calls.
    label = QLabel()
    qtbot.addWidget(label)
    before = sys.getrefcount(None)
    for _ in range(1000):
        label.setText("")
    assert sys.getrefcount(None) > before - 500


def test_the_window_is_painted_before_anything_heavy_is_loaded_and_closes_cleanly():
    assert run("close", 200).splitlines() == [
        "painted: True",
        "window first: True",
        "closed",
        "status 0",
    ]


def test_it_closes_even_while_services_are_being_opened():
    assert run("close", 0).splitlines()[-1] == "status 0"


def test_a_fault_is_told_and_the_program_goes_on():
    lines = run("fail", 200).splitlines()
    assert "told: 1" in lines
    assert lines[-1] == "status 0"
