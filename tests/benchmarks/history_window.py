"""How long the History page holds the window up, over a large history.

    python tests/benchmarks/history_window.py [--rows 100000] [--rounds 40]

A search is typed letter by letter, filters are changed, pages are scrolled to their end,
all is selected, the page is locked and opened, and everything is exported meanwhile. A
beat on the UI thread tells how late it came, and how long the thread itself worked since
the one before: on a busy machine only that tells of the program. Goal: 99 of 100 at most
50 ms.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from PySide6.QtCore import QElapsedTimer, QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from benchmarks.history_search import fill, say
from fakes.desktop import Desktop
from fakes.keyrings import FakeKeyring
from onhand.bootstrap import open_archive
from onhand.host import Paths
from onhand.storage.vault import Trust, Vault
from onhand.ui.jobs import Jobs, Then
from onhand.ui.main_window import MainWindow
from onhand.ui.theme import Theme

BEAT = 5
"""Milliseconds between two beats."""


class Heart:
    """Beats on the UI thread; notes how late, and how much the thread worked meanwhile."""

    def __init__(self) -> None:
        self.late: list[float] = []
        self.busy: list[float] = []
        self._worked = time.thread_time()
        self._clock = QElapsedTimer()
        self._timer = QTimer()
        self._timer.setTimerType(self._timer.timerType().PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._clock.start()
        self._timer.start(BEAT)

    def _beat(self) -> None:
        gone = self._clock.nsecsElapsed() / 1e6
        self._clock.restart()
        self.late.append(max(0.0, gone - BEAT))
        worked = time.thread_time()
        self.busy.append((worked - self._worked) * 1000)
        self._worked = worked


def wait(milliseconds: int) -> None:
    """Let the window live."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def tour(window: MainWindow, words: list[str], rounds: int, folder: Path) -> None:
    """What a person does, quickly."""
    page, chance = window.history, random.Random(2)  # noqa: S311 - made-up words
    window.show_place(2)
    wait(500)
    page._export.write(page._sought(), folder / "all.csv")
    for _ in range(rounds):
        page._query.clear()
        for letter in chance.choice(words):
            page._query.insert(letter)
            wait(30)
        wait(260)
        page._query.clear()
        for choice in page.filters._lists:
            choice.setCurrentIndex(chance.randrange(choice.count()))
            wait(60)
        for choice in page.filters._lists:
            choice.setCurrentIndex(0)
        wait(150)
        for _ in range(6):
            page._table.choose(page._table.model().rowCount() - 1)
            wait(60)
        page._table.selectAll()
        wait(30)
        window.keeping.lock()
        wait(120)
        window._jobs.look_up(
            lambda archive: archive.keys.retry(),
            Then(done=lambda _: page.refresh(), failed=lambda _: None),
        )
        wait(150)


def main() -> None:
    """Fill, walk, tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=40)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = Paths.of(folder / "data")
        vault = Vault(paths.keys, Trust(keyring=FakeKeyring()))
        with open_archive(paths, vault) as archive:
            database = archive.history._database  # type: ignore[attr-defined]
            words = fill(database, given.rows, random.Random(1))  # noqa: S311 - likewise
        application = QApplication([])
        desktop = Desktop()

        @contextmanager
        def opened():
            with open_archive(paths, vault) as archive:
                yield replace(archive, backups=desktop.backups)

        jobs = Jobs(desktop.open, opened, desktop.open_shelf)
        window = MainWindow(jobs, Theme(application))
        window.show()
        window.load()
        wait(1500)
        heart, begun = Heart(), time.perf_counter()
        tour(window, words, given.rounds, folder)
        seconds = time.perf_counter() - begun
        lines = (folder / "all.csv").read_bytes().count(b"\r\n")
        jobs.close()
    say(f"{given.rows} entries, {seconds:.0f} s, {lines} lines exported")
    for name, beats in (("late by", heart.late), ("of that worked", heart.busy)):
        found = sorted(beats)
        middle, high = found[len(found) // 2], found[int(len(found) * 0.99)]
        say(f"{name:15} p50 {middle:5.1f}  p99 {high:5.1f}  max {found[-1]:5.1f} ms")


if __name__ == "__main__":
    main()
