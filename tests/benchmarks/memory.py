"""Memory after mixed use: of the engine, and of the program that asks it.

    python tests/benchmarks/memory.py [--minutes 2] [--model ID_OR_PATH]

Tasks of all kinds on texts of all lengths, some of them stopped, one after the other for as
long as asked; everything is kept in a history. Anonymous memory is what a process holds for
itself; file-backed memory is libraries and the model's file, which the system may drop.
"""

from __future__ import annotations

import argparse
import itertools
import random
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil

# The folder above this one, where the fakes are imported from in tests.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from onhand.bootstrap import open_services
from onhand.domain.progress import Cancelled, CancelToken
from onhand.domain.styles import CLASSIFY, EXTRACT, SUMMARISE, TAG, Style, rewrite_in
from onhand.domain.tasks import Classify, Extract, Field, FieldType, Label, Summarise
from onhand.host import Paths

MEGABYTE = 1 << 20
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
    """The process that this one started."""
    [child] = psutil.Process().children()
    return child.pid


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def report(when: str) -> dict[str, tuple[float, float]]:
    """Print what both processes hold."""
    held = {"caller": memory(psutil.Process().pid), "engine": memory(engine_pid())}
    for name, (anonymous, backed) in held.items():
        say(f"{when:9} {name}  anonymous {anonymous:7.1f} MB  file-backed {backed:7.1f} MB")
    return held


def use(services, chance: random.Random, number: int) -> None:
    """One task on one text; every ninth is stopped."""
    task = TASKS[number % len(TASKS)]
    short = task.__class__ in (Classify, Extract)
    length = chance.choice(LENGTHS if short else LENGTHS[:4])
    text = " ".join(chance.choices(SENTENCES, k=length))
    cancel = CancelToken()
    stopper = threading.Timer(chance.uniform(0.01, 0.5), cancel.cancel)
    if number % 9 == 0:
        stopper.start()
    try:
        services.run_task(task, text, cancel=cancel)
    except Cancelled:
        pass
    finally:
        stopper.cancel()


def main() -> None:
    """Use it, and watch."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=2.0)
    parser.add_argument("--model", default="")
    arguments = parser.parse_args()
    chance = random.Random(1)  # noqa: S311 - nothing is secret here
    with (
        tempfile.TemporaryDirectory() as folder,
        open_services(Paths.of(Path(folder)), model=arguments.model) as services,
    ):
        state = services.models.loaded()
        use(services, chance, 1)
        report("start")
        end = time.monotonic() + 60 * arguments.minutes
        half = time.monotonic() + 30 * arguments.minutes
        for number in itertools.count(1):
            use(services, chance, number)
            if half and time.monotonic() > half:
                report("half-way")
                half = 0.0
            if time.monotonic() > end:
                break
        held = report("end")
        anonymous, backed = held["engine"]
        file = Path(state.model).stat().st_size / MEGABYTE
        say(f"{number} tasks; context of {state.context} tokens, file of {file:.1f} MB")
        beyond = anonymous + backed - file
        say(f"engine: {anonymous + backed:.1f} MB in all, {beyond:.1f} MB beyond the file;")
        say(f"may be: the context's memory and {MOST_ENGINE} MB")


if __name__ == "__main__":
    main()
