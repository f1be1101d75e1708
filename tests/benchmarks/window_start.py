"""How long until the window is seen and can be used, against an empty window of Qt.

    python tests/benchmarks/window_start.py [--times 9] [--at-most RATIO]

Both are started by turns, with warm file caches and compiled modules, as an installed
program has them, each in a new process and a data folder that was used before; the medians
count. Visible: the first paint is done. Usable: the text box takes a key, the tasks are
listed and the model is named. Seconds of a processor, of all threads, are told as well: on
a machine that does other things they say more. With --at-most it fails when the window
takes more than that many times as long to be usable as the empty one to be visible.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

EMPTY = """
import sys, time
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow

class Window(QMainWindow):
    def paintEvent(self, event):
        super().paintEvent(event)
        QTimer.singleShot(0, self.tell)

    def tell(self):
        print("visible", time.monotonic(), time.process_time(), flush=True)
        print("usable", time.monotonic(), time.process_time(), flush=True)
        QApplication.quit()

application = QApplication(["empty"])
window = Window()
window.resize(1120, 740)
window.show()
application.exec()
"""
ONHAND = """
import sys, time
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication
import onhand.__main__ as program

def told(what):
    print(what, time.monotonic(), time.process_time(), flush=True)

def watch():
    # What draws the window is given to it when it is made, before it is seen.
    import onhand.ui.application as application
    class Window(application.MainWindow):
        seen = False

        def paintEvent(self, event):
            super().paintEvent(event)
            if not self.seen:
                self.seen = True
                QTimer.singleShot(0, lambda: told("visible"))
                self.look()

        def look(self):
            names = self.work.form._names
            if names.count() > 2 and self.strip._device.text():
                # A module for tests would be loaded for this alone.
                for kind in (QEvent.KeyPress, QEvent.KeyRelease):
                    key = QKeyEvent(kind, Qt.Key_A, Qt.NoModifier, "a")
                    QApplication.sendEvent(self.work.input, key)
                if self.work.input.text().endswith("a"):
                    told("usable")
                    QApplication.quit()
                    return
            QTimer.singleShot(5, self.look)

    application.MainWindow = Window

found = program._with_qt
def with_qt():
    run = found()
    watch()
    return run

program._with_qt = with_qt
sys.argv = ["onhand"]
program.main()
"""


def start(code: str, folder: str) -> dict[str, float]:
    """Seconds from the start of a process to what it tells, and of a processor."""
    home = {"XDG_DATA_HOME": folder, "HOME": folder, "LOCALAPPDATA": folder}
    home["PYTHONPYCACHEPREFIX"] = str(Path(folder) / "compiled")
    inherited = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**inherited, **home},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found = {}
    for name, moment, processor in (line.split() for line in done.stdout.splitlines()):
        found[name] = float(moment) - begun
        found[f"{name}, processor"] = float(processor)
    return found


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def told(found: dict[str, list[float]]) -> float:
    """Print all of it; returns how many times as long it is until the window is usable."""
    medians = {name: statistics.median(all_of) for name, all_of in found.items()}
    for name, all_of in found.items():
        listed = " ".join(f"{each:.2f}" for each in sorted(all_of))
        say(f"{name:26} median {medians[name]:.2f} s   ({listed})")
    ratio = 0.0
    for unit in (", processor", ""):
        for what in ("visible", "usable"):
            ratio = medians[f"onhand {what}{unit}"] / medians[f"empty visible{unit}"]
            say(f"{what}{unit}: {ratio:.2f} times the empty window")
    return ratio


def main() -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=9)
    parser.add_argument("--at-most", type=float, default=0.0)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = str(Path(folder) / "onhand")
        for name in ("welcomed", "keep_history"):
            value = "yes" if name == "welcomed" else "no"
            argv = ["-m", "onhand", "settings", "set", name, value, "--quiet"]
            command = [sys.executable, *argv, "--data-dir", data]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        found: dict[str, list[float]] = {}
        for turn in range(arguments.times + 1):
            for who, code in (("empty", EMPTY), ("onhand", ONHAND)):
                for what, seconds in start(code, folder).items():
                    if turn:  # the first fills caches
                        found.setdefault(f"{who} {what}", []).append(seconds)
    ratio = told(found)
    return int(bool(arguments.at_most) and ratio > arguments.at_most)


if __name__ == "__main__":
    sys.exit(main())
