"""What belongs to Qt is deleted on the UI thread, between two events."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.ui

BEGIN = """
import gc, sys, threading, weakref
from PySide6.QtCore import QFileSystemWatcher
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from onhand.domain.settings import Appearance
from onhand.ui.collecting import Collector
from onhand.ui.theme import Theme

application = QApplication(sys.argv)
collector = Collector(application)
gc.set_threshold(50, 2, 2)

def make_much():
    return [[] for _ in range(5000)]
"""

ON_ANOTHER_THREAD = """
deleted_on = set()
for _ in range(20):
    watcher = QFileSystemWatcher(["/"])
    watcher.itself = watcher
    weakref.finalize(watcher, lambda: deleted_on.add(threading.current_thread().name))
del watcher
thread = threading.Thread(target=make_much)
thread.start()
thread.join()
print(*deleted_on)
QTest.qWait(2500)
print(*deleted_on)
"""

DURING_A_STYLE_SHEET = """
class Busy(QWidget):
    def changeEvent(self, event):
        make_much()

def leave_behind():
    '''Dressed, without a parent, and nobody's.'''
    for _ in range(50):
        widget = QWidget()
        widget.itself = widget
        QLabel("a label", widget)
        widget.show()
        widget.hide()

theme = Theme(application)
busy = [Busy() for _ in range(5)]
for each in busy:
    each.show()
for turn in range(10):
    leave_behind()
    with theme.bare():
        pass
    theme.set_appearance(Appearance.DARK if turn % 2 else Appearance.LIGHT)
print("nothing broke")
"""


def lines_of(program):
    # A watcher that is gone may keep the event loop busy without end.
    found = subprocess.run(
        [sys.executable, "-c", BEGIN + program],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert found.returncode == 0, found.stderr
    return found.stdout.splitlines()


def test_work_on_another_thread_deletes_nothing_of_qt():
    assert lines_of(ON_ANOTHER_THREAD) == ["", "MainThread"]


def test_closed_windows_stay_while_a_style_sheet_is_put_on():
    assert lines_of(DURING_A_STYLE_SHEET) == ["nothing broke"]


def test_what_was_loaded_before_is_not_looked_through():
    frozen, enabled = lines_of("print(gc.get_freeze_count(), gc.isenabled())")[0].split()
    assert int(frozen) > 1000
    assert enabled == "False"
