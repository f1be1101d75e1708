"""Imports without the look that PySide takes at each module."""

import subprocess
import sys

PROGRAM = """
import linecache
from onhand.ui.imports import import_plainly

if {plainly}:
    import_plainly()
import wave
from PySide6.QtWidgets import QLabel

print(any(name.endswith("wave.py") for name in linecache.cache), QLabel.__name__)
"""


def printed(*, plainly: bool) -> str:
    found = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(plainly=plainly)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return found.stdout.strip()


def test_nothing_reads_the_source_of_what_is_imported():
    assert printed(plainly=True) == "False QLabel"


def test_else_pyside_reads_it():
    # Where this fails, PySide has mended it, and the module can go.
    assert printed(plainly=False) == "True QLabel"
