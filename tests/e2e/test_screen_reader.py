"""Classify and Correct…, by the actions of AT-SPI over a real bus and nothing else.

A second program, as a screen reader is one, finds what it needs by role and name, puts in
texts and presses buttons. It runs under the system's Python, which knows AT-SPI.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from fakes.starter import needs_starter

pytestmark = [pytest.mark.e2e, *needs_starter]

READER = Path(__file__).resolve().parents[1] / "fakes" / "screen_reader.py"
WINDOW = Path(__file__).resolve().parents[1] / "fakes" / "read_window.py"
LAUNCHERS = (
    "/usr/libexec/at-spi-bus-launcher",
    "/usr/lib/at-spi2-core/at-spi-bus-launcher",
    "/usr/lib/at-spi-bus-launcher",
)


def bindings():
    """The Python that can speak AT-SPI, or why there is none."""
    if shutil.which("dbus-run-session") is None:
        return None, "there is no dbus-run-session"
    if shutil.which("Xvfb") is None:
        return None, "there is no Xvfb"
    if not any(Path(each).exists() for each in LAUNCHERS):
        return None, "there is no at-spi-bus-launcher (package at-spi2-core)"
    ask = "import gi; gi.require_version('Atspi', '2.0'); from gi.repository import Atspi"
    for python in ("/usr/bin/python3", sys.executable):
        tried = subprocess.run([python, "-c", ask], capture_output=True, check=False)
        if tried.returncode == 0:
            return python, ""
    return None, "Python has no bindings of AT-SPI (packages python3-gi, gir1.2-atspi-2.0)"


PYTHON, WHY_NOT = bindings()


@pytest.mark.skipif(PYTHON is None, reason=WHY_NOT or "AT-SPI")
def test_a_screen_reader_classifies_and_corrects(tmp_path):
    launcher = next(each for each in LAUNCHERS if Path(each).exists())
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "xcb",
        "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
        "QT_ACCESSIBILITY": "1",
        "PYTHONPATH": str(WINDOW.parents[1]),
        "XDG_RUNTIME_DIR": str(tmp_path),
    }
    argv = ["dbus-run-session", "--", PYTHON, str(READER), launcher]
    argv += [sys.executable, str(WINDOW), str(tmp_path / "data")]
    told = tmp_path / "told.txt"  # no pipe: the bus may outlive who started it
    with told.open("w") as out:
        ended = subprocess.run(
            argv, env=environment, stdout=out, stderr=out, timeout=240, check=False
        )
    said = told.read_text(encoding="utf-8").splitlines()
    assert ended.returncode == 0, "\n".join(said)
    assert "did: press Run" in said
    assert "did: press Correct answer" in said
    assert "did: press Keep correction" in said
    assert "You corrected this answer" in said
