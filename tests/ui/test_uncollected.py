"""Python deletes no widget while Qt goes through all of them."""

from __future__ import annotations

import gc
import subprocess
import sys

import pytest

from onhand.ui.uncollected import uncollected

pytestmark = pytest.mark.ui

PROGRAM = """
import gc, sys
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from onhand.domain.settings import Appearance
from onhand.ui.theme import Theme

class Busy(QWidget):
    '''Answers a new style with much that the collector counts.'''
    def changeEvent(self, event):
        gc.set_threshold(1)
        self.made = [[] for _ in range(100)]
        gc.set_threshold(0)

def left_behind():
    '''Dressed, without a parent, and nobody's.'''
    for _ in range(50):
        widget = QWidget()
        widget.itself = widget
        QLabel("a label", widget)
        widget.show()
        widget.hide()

application = QApplication(sys.argv)
theme = Theme(application)
busy = [Busy() for _ in range(5)]
for each in busy:
    each.show()
for turn in range(20):
    gc.set_threshold(0)
    left_behind()
    with theme.bare():
        pass
    left_behind()
    theme.set_appearance(Appearance.DARK if turn % 2 else Appearance.LIGHT)
    gc.collect()
print("nothing broke")
"""


def test_a_style_sheet_is_put_on_while_closed_windows_are_not_collected_yet():
    found = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False
    )
    assert (found.stdout, found.returncode) == ("nothing broke\n", 0)


@pytest.mark.parametrize("enabled", [True, False])
def test_afterwards_the_collector_is_as_it_was(enabled):
    was_enabled = gc.isenabled()
    (gc.enable if enabled else gc.disable)()
    try:
        with uncollected():
            assert not gc.isenabled()
        assert gc.isenabled() is enabled
    finally:
        (gc.enable if was_enabled else gc.disable)()
