"""Wears the colours of the window under a portal: `under_a_portal.py FIRST THEN`.

Prints `strong` or `plain` three times: at the beginning, when the portal has answered with
FIRST, and when it has told THEN.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from PySide6.QtCore import QElapsedTimer
from PySide6.QtWidgets import QApplication

from onhand.ui.theme import DARK_STRONG, LIGHT_STRONG, Theme

PORTAL = Path(__file__).with_name("portal.py")


def main(first, then):
    argv = [sys.executable, str(PORTAL), first, then]
    pipe = subprocess.PIPE
    portal = subprocess.Popen(argv, stdin=pipe, stdout=pipe, text=True)
    try:
        assert portal.stdout.readline() == "ready\n"
        application = QApplication([])
        theme = Theme(application)
        said = []
        theme._contrast._asked.told.connect(said.append)
        tell(theme)
        for count in (1, 2):
            wait(application, lambda: len(said) == count)  # noqa: B023 - called at once
            tell(theme)
            portal.stdin.write("\n")
            portal.stdin.flush()
    finally:
        portal.kill()


def tell(theme):
    strong = theme.colours in (LIGHT_STRONG, DARK_STRONG)
    sys.stdout.write("strong\n" if strong else "plain\n")


def wait(application, done):
    since = QElapsedTimer()
    since.start()
    while not done():
        application.processEvents()
        assert since.elapsed() < 20_000, "the portal says nothing"


if __name__ == "__main__":
    main(*sys.argv[1:])
