"""A batch of many short texts: whether memory or the time for a text grows.

    python tests/benchmarks/many_rows.py [--rows 10000] [--model ID_OR_PATH] [--made-up]

Prints, twenty times, the anonymous memory of this process and of the engine, and the
processor time that a text took in both. With --made-up no model answers but a function, so
that what is left is the program's own work. Fails when, after the first 500 rows, memory
grows by more than 8 MB, or when the last texts take 15 % more time than the first.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

# The folder above this one, where the fakes are imported from in tests.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.made_up import short_texts
from fakes.histories import open_database
from fakes.stores import STARTER, FakeTaskRunner
from onhand.bootstrap import open_services
from onhand.domain.progress import CancelToken, Progress
from onhand.domain.styles import CLASSIFY
from onhand.domain.tasks import Classify, Label
from onhand.host import Paths, SystemClock
from onhand.services.run_batch import RunBatch
from onhand.storage.jobs import SqliteJobs
from onhand.storage.jsonl_rows import JsonlResults, JsonlRows
from onhand.storage.memory_jobs import MemoryJobs

if TYPE_CHECKING:
    from collections.abc import Iterator

MEGABYTE = 1 << 20
STEP = 1000
WARM = 500
"""Rows after which memory counts."""

MOST_GROWTH = 8
"""Megabytes: the allocators' play."""

MOST_SLOWING = 1.15
TASK = Classify(
    name="Desk",
    instruction=CLASSIFY,
    labels=tuple(Label(name=name) for name in ("billing", "technical", "delivery")),
)


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def anonymous(pid: int) -> float:
    """Megabytes that a process holds for itself."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Anonymous:"):
            return int(line.split()[1]) / 1024
    raise ValueError(pid)


@dataclass(frozen=True)
class Reading:
    """What was seen at a row: megabytes, and seconds of the processor, by process."""

    rows: int
    held: dict[str, float]
    spent: dict[str, float]


class Watch:
    """Follows a batch."""

    def __init__(self, rows: int) -> None:
        self._step = max(STEP, rows // 20)
        self.readings: list[Reading] = []
        self._next = 0

    def __call__(self, far: Progress) -> None:
        """Take a reading, step by step."""
        if far.done < self._next:
            return
        self._next = (
            WARM if not self.readings else (far.done // self._step + 1) * self._step
        )
        here = psutil.Process()
        processes = {"program": here}
        if children := here.children():
            processes["engine"] = children[0]
        times = {name: each.cpu_times() for name, each in processes.items()}
        self.readings.append(
            Reading(
                rows=far.done,
                held={name: anonymous(each.pid) for name, each in processes.items()},
                spent={name: each.user + each.system for name, each in times.items()},
            )
        )
        if len(self.readings) > 1:
            self._tell(*self.readings[-2:])

    def _tell(self, before: Reading, now: Reading) -> None:
        rows = now.rows - before.rows
        parts = [f"{now.rows:7} rows"]
        for name, held in now.held.items():
            spent = 1000 * (now.spent[name] - before.spent.get(name, 0.0)) / rows
            parts.append(f"{name} {held:7.1f} MB {spent:7.2f} ms a text")
        say("   ".join(parts))

    def verdict(self) -> int:
        """Print what changed between the warm beginning and the end; 1 if too much."""
        warm, *later = self.readings[1:]
        bad = 0
        for name in warm.held:
            growth = max(each.held[name] for each in later) - warm.held[name]
            paces = [
                (two.spent[name] - one.spent[name]) / (two.rows - one.rows)
                for one, two in zip((warm, *later), later, strict=False)
            ]
            slowing = paces[-1] / paces[0]
            say(f"{name}: memory {growth:+.1f} MB, time a text x {slowing:.2f}")
            bad |= growth > MOST_GROWTH or slowing > MOST_SLOWING
        return int(bad)


@contextmanager
def made_up(folder: Path) -> Iterator[RunBatch]:
    """A batch over real files whose answers cost nothing."""
    database = open_database(folder / "history.db")
    try:
        yield RunBatch(
            runner=FakeTaskRunner(),
            select_model=lambda: STARTER,
            jobs=SqliteJobs(database, folder / "locks"),
            private_jobs=MemoryJobs,
            clock=SystemClock(),
        )
    finally:
        database.close()


@contextmanager
def real(folder: Path, model: str) -> Iterator[RunBatch]:
    """A batch as users run it."""
    with open_services(Paths.of(folder), model=model) as services:
        services.models.loaded()
        yield services.run_batch


def main() -> int:
    """Run a batch and watch it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--model", default="")
    parser.add_argument("--made-up", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with (folder / "in.jsonl").open("w", encoding="utf-8") as file:
            for text in short_texts(arguments.rows, brief=True):
                file.write(json.dumps({"text": text}) + "\n")
        opened = made_up(folder) if arguments.made_up else real(folder, arguments.model)
        watch = Watch(arguments.rows)
        with opened as run_batch:
            run_batch(
                TASK,
                JsonlRows(folder / "in.jsonl"),
                JsonlResults(folder / "out.jsonl"),
                cancel=CancelToken(),
                on_progress=watch,
            )
        return watch.verdict()


if __name__ == "__main__":
    sys.exit(main())
