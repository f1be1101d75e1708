"""The window of an installed package on a screen that nobody sees, and a picture of it."""

from __future__ import annotations

import os
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from building import Unbuildable
from building.tools import tool

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from building.bare_root import BareRoot

PATIENCE = 90.0
SETTLING = 8.0
"""Seconds after which the window has its model and its pictures."""


def screenshot_of(root: BareRoot, picture: Path) -> float:
    """Open the window, wait until it is seen, take a picture; returns the seconds it took.

    Raises:
        Unbuildable: it is not seen, or a tool is missing.
    """
    with screen() as display:
        argv = root.argv(["onhand-desktop", "window"], user=True)
        env = root.environment({"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"})
        begin = time.perf_counter()
        with subprocess.Popen(argv, env=env, stderr=subprocess.PIPE, text=True) as program:
            try:
                seconds = seen_after(begin, display, program)
                time.sleep(SETTLING)
                argv = [
                    tool("import"),
                    "-display",
                    display,
                    "-window",
                    "root",
                    str(picture),
                ]
                subprocess.run(argv, check=True)
            finally:
                program.kill()
    return seconds


def seen_after(begin: float, display: str, program: subprocess.Popen[str]) -> float:
    """Seconds until the window is seen."""
    while time.perf_counter() < begin + PATIENCE:
        argv = [tool("xdotool"), "search", "--onlyvisible", "--name", "Onhand"]
        env = {**os.environ, "DISPLAY": display}
        if subprocess.run(argv, env=env, check=False, capture_output=True).stdout.strip():
            return time.perf_counter() - begin
        if program.poll() is not None and program.stderr is not None:
            raise Unbuildable(f"the window is gone: {program.stderr.read()[-1000:]}")
        time.sleep(0.02)
    raise Unbuildable("no window was seen")


@contextmanager
def screen() -> Iterator[str]:
    """A screen for the length of a block; its name."""
    reader, writer = os.pipe()
    # Whenever its last program goes, a server starts afresh, and nobody gets in meanwhile.
    argv = [tool("Xvfb"), "-displayfd", str(writer), "-screen", "0", "1280x800x24"]
    argv += ["-nolisten", "tcp", "-noreset"]
    with subprocess.Popen(argv, pass_fds=[writer], stderr=subprocess.DEVNULL) as server:
        os.close(writer)
        try:
            with os.fdopen(reader) as told:
                yield f":{told.readline().strip()}"
        finally:
            server.terminate()
