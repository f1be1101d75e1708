"""A screen of its own (Xvfb), fingers (xdotool), and another program with a clipboard."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from fakes.launcher import LAUNCHER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

TOOLS = ("Xvfb", "xdotool")
XVFB, XDOTOOL = (shutil.which(each) or each for each in TOOLS)
needs_screen = pytest.mark.skipif(
    sys.platform != "linux" or any(shutil.which(each) is None for each in TOOLS),
    reason="Xvfb and xdotool are not here",
)
OTHER = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication

application = QGuiApplication(["other"])
clipboard = application.clipboard()

def tell():
    print(repr(clipboard.text()), flush=True)

clipboard.setText(sys.argv[1])
clipboard.dataChanged.connect(tell)
QTimer.singleShot(0, tell)
application.exec()
"""


class Screen:
    """Works a screen."""

    def __init__(self, display: str) -> None:
        hidden = ("WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "DBUS_SESSION_BUS_ADDRESS")
        kept = {name: text for name, text in os.environ.items() if name not in hidden}
        self.environment = {**kept, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}

    def do(self, *argv: str) -> str:
        """What xdotool says."""
        done = subprocess.run(
            [XDOTOOL, *argv],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout.strip()

    def window(self, title: str) -> str:
        """The number of the window that is seen under this title; "" for none."""
        found = self.do("search", "--onlyvisible", "--name", title).split()
        return found[-1] if found else ""

    def wait_for_window(self, title: str) -> str:
        """Wait until it is seen; there is no window manager, so it gets the focus here."""
        wait_until(lambda: bool(self.window(title)))
        number = self.window(title)
        self.do("windowfocus", "--sync", number)
        return number

    def press(self, keys: str) -> None:
        """Press keys, wherever the focus is."""
        self.do("key", "--clearmodifiers", keys)

    @contextmanager
    def other_program(self, text: str, seen: Path) -> Iterator[Callable[[], list[str]]]:
        """Another program that has copied a text; tells what it sees in the clipboard."""
        with (
            seen.open("w") as file,
            subprocess.Popen(
                [sys.executable, "-c", OTHER, text], env=self.environment, stdout=file
            ) as program,
        ):
            try:
                wait_until(lambda: bool(seen.read_text()))
                yield lambda: seen.read_text().splitlines()
            finally:
                program.kill()

    @contextmanager
    def onhand(self, *argv: str) -> Iterator[subprocess.Popen[str]]:
        """The program, from the command line on."""
        with subprocess.Popen(
            [*LAUNCHER, *argv],
            env=self.environment,
            stderr=subprocess.PIPE,
            text=True,
        ) as program:
            try:
                yield program
            finally:
                program.kill()


def wait_until(so: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait until something is so."""
    give_up = time.monotonic() + seconds
    while not so():
        assert time.monotonic() < give_up
        time.sleep(0.05)


@contextmanager
def new_screen(size: str = "1280x800x24") -> Iterator[Screen]:
    """A screen that nobody else uses, for the length of a block."""
    reader, writer = os.pipe()
    # Whenever its last program goes, a server starts afresh, and nobody gets in meanwhile.
    argv = [XVFB, "-displayfd", str(writer), "-screen", "0", size, "-noreset"]
    with subprocess.Popen(
        [*argv, "-nolisten", "tcp"],
        pass_fds=(writer,),
        stderr=subprocess.DEVNULL,
    ) as server:
        os.close(writer)
        try:
            with os.fdopen(reader) as told:
                display = f":{told.readline().strip()}"
            yield Screen(display)
        finally:
            server.terminate()
