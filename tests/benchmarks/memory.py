"""Memory after mixed use: of the window's process, and of the engine.

    python tests/benchmarks/memory.py [--minutes 60] [--model ID_OR_PATH]

A real window runs tasks of all kinds on texts of all lengths, some of them stopped, one
after the other for as long as asked, and looks into the history in between; everything is
kept. Anonymous memory is what a process holds for itself; file-backed memory is libraries
and the model's file, which the system may drop.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import psutil
from PySide6.QtCore import QCoreApplication, QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

# The folder above this one, where the fakes are imported from in tests.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from onhand.bootstrap import open_archive, open_services, open_shelf
from onhand.domain.styles import CLASSIFY, EXTRACT, SUMMARISE, TAG, Style, rewrite_in
from onhand.domain.tasks import Classify, Extract, Field, FieldType, Label, Summarise
from onhand.host import Paths
from onhand.ui.jobs import Jobs, Then
from onhand.ui.main_window import MainWindow
from onhand.ui.theme import Theme

MEGABYTE = 1 << 20
MOST_WINDOW = 180
"""Megabytes of the window's process, libraries included."""

MOST_ENGINE = 250
"""Megabytes of the engine beyond file and context."""

SENTENCES = (
    "The invoice of 12 May was paid twice, please return 99.50 EUR to our account.",
    "Since the last update the printer in room 4 prints nothing but empty pages.",
    "We moved to 7 Harbour Street on 2024-03-01; the old number still rings there.",
    "She dont know where is the key, but she have seen it yesterday on the table.",
    "Grüße aus München 😀, der Zug kommt erst um 17:45 Uhr an.",
)
LABELS = tuple(Label(name=name) for name in ("billing", "technical", "address", "other"))
TASKS = (
    Classify(instruction=CLASSIFY, labels=LABELS),
    Classify(instruction=TAG, labels=LABELS, multiple=True),
    Classify(
        instruction=CLASSIFY,
        labels=tuple(Label(name=f"team {number}") for number in range(100)),
    ),
    Extract(
        instruction=EXTRACT,
        fields=(
            Field(name="total", type=FieldType.AMOUNT),
            Field(name="date", type=FieldType.DATE),
            Field(name="who"),
            Field(name="where", multiline=True, many=True),
        ),
    ),
    *(rewrite_in(style) for style in (Style.FIX, Style.PLAIN)),
    Summarise(instruction=SUMMARISE),
)
LENGTHS = (1, 2, 3, 5, 8, 40, 200)
"""Sentences of a text; the longest do not fit into the context at once."""


def memory(pid: int) -> tuple[float, float]:
    """Anonymous and file-backed memory of a process, in megabytes."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    found = {line.split(":")[0]: int(line.split()[1]) / 1024 for line in lines}
    return found["Anonymous"], found["Rss"] - found["Anonymous"]


def engine_pid() -> int:
    """The first process that this one started; others try layouts of the model."""
    return min(psutil.Process().children(), key=lambda child: child.create_time()).pid


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def report(when: str) -> dict[str, tuple[float, float]]:
    """Print what both processes hold."""
    held = {"window": memory(psutil.Process().pid), "engine": memory(engine_pid())}
    for name, (anonymous, backed) in held.items():
        say(f"{when:9} {name}  anonymous {anonymous:7.1f} MB  file-backed {backed:7.1f} MB")
    return held


def pause(milliseconds: int) -> None:
    """Let the window live for a while."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def use(window: MainWindow, chance: random.Random, number: int) -> None:
    """One task on one text; each ninth is stopped, after each fifth comes the history."""
    task = TASKS[number % len(TASKS)]
    short = task.__class__ in (Classify, Extract)
    length = chance.choice(LENGTHS if short else LENGTHS[:4])
    work = window.work
    window.show_place(0)
    work.form.set_task(task)
    work.input.set_text(" ".join(chance.choices(SENTENCES, k=length)))
    work.run()
    if number % 9 == 0:
        QTimer.singleShot(chance.randrange(10, 500), work.stop)
    while work._cancel is not None:
        pause(10)
    if number % 5 == 0:
        window.show_place(2)
        window.history._query.setText(chance.choice(("invoice", "printer", "Grüße", "")))
        pause(300)


def current_model(jobs: Jobs) -> Path:
    """The file of the model that answers."""
    found: list[str] = []

    def fail(error: Exception) -> None:
        raise error

    jobs.start(
        lambda services: services.models.loaded(),
        Then(done=lambda state: found.append(state.model), failed=fail),
    )
    while not found:
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    return Path(found[0])


def main() -> None:
    """Use it, and watch."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--model", default="")
    arguments = parser.parse_args()
    chance = random.Random(1)  # noqa: S311 - nothing is secret here
    application = QApplication(["memory"])
    with tempfile.TemporaryDirectory() as folder:
        paths = Paths.of(Path(folder))
        jobs = Jobs(
            lambda: open_services(paths, model=arguments.model, engine_soon=True),
            lambda: open_archive(paths),
            lambda: open_shelf(paths),
        )
        window = MainWindow(jobs, Theme(application))
        try:
            window.show()
            window.load()
            watch(window, current_model(jobs), chance, arguments.minutes)
        finally:
            window.close()
            jobs.close()


def watch(window: MainWindow, model: Path, chance: random.Random, minutes: float) -> None:
    """Report at the start, ten times on the way, and at the end."""
    use(window, chance, 1)
    report("start")
    begin = reported = time.monotonic()
    for number in itertools.count(1):
        use(window, chance, number)
        now = time.monotonic()
        if now - begin > 60 * minutes:
            break
        if now - reported > 6 * minutes:
            report(f"{(now - begin) / 60:.0f} min")
            reported = now
    held = report("end")
    say(f"{number} tasks in {minutes:.0f} minutes")
    say(f"window: {sum(held['window']):.1f} MB; may be {MOST_WINDOW} MB")
    file = model.stat().st_size / MEGABYTE
    beyond = sum(held["engine"]) - file
    say(f"engine: {beyond:.1f} MB beyond its file of {file:.1f} MB;")
    say(f"may be the context's memory and {MOST_ENGINE} MB")


if __name__ == "__main__":
    main()
