"""A large .csv answered row by row: whether memory grows with the file.

    python tests/benchmarks/large_table.py [--megabytes 2000] [--rows 100000] [--out csv]

The file is made in a temporary folder, and goes with it. Its texts repeat, so that they are
answered from memory, and its other column makes it as large as wanted. No model answers but
a function: what is watched is the program's own work. Fails when, after the first tenth,
memory grows by more than 32 MB: the history may hold 16 MB of its pages, and rows of 70 KB
leave holes in what the allocator has.
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
import tempfile
import time
from pathlib import Path

# The folder above this one, where the fakes are imported from in tests.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.many_rows import MEGABYTE, TASK, anonymous, made_up, say
from fakes.stores import FakeSettings
from onhand.batch_wiring import open_output, open_rows
from onhand.domain.progress import CancelToken

MOST_GROWTH = 32
"""Megabytes."""

TEXTS = 500
"""Texts that differ."""


class Follow:
    """Notes the memory of this process as rows are answered."""

    def __init__(self, rows: int) -> None:
        self._step = max(1, rows // 20)
        self._next = 0
        self.held: list[float] = []

    def at(self, done: int) -> None:
        """Take a reading, step by step."""
        if done < self._next:
            return
        self._next = (done // self._step + 1) * self._step
        self.held.append(anonymous(os.getpid()))
        say(f"{done:9} rows {self.held[-1]:7.1f} MB")


def make(path: Path, rows: int, megabytes: int) -> None:
    """A table with short texts that repeat, beside cells as long as it takes."""
    long = "x" * max(1, megabytes * MEGABYTE // rows - 60)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "text", "more"])
        writer.writerows(
            [f"n{at}", f"text {at % TEXTS}: where is my parcel?", long]
            for at in range(rows)
        )


def main() -> int:
    """Make the table, answer it, and watch."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--megabytes", type=int, default=2000)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--out", default="csv")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make(folder / "in.csv", arguments.rows, arguments.megabytes)
        size = (folder / "in.csv").stat().st_size / MEGABYTE
        say(f"{arguments.rows} rows, {size:.0f} MB")
        follow = Follow(arguments.rows)
        source = open_rows(FakeSettings(), folder / "in.csv", "text")
        begun = time.perf_counter()
        with made_up(folder) as run_batch:
            job = run_batch(
                TASK,
                source,
                open_output(folder / f"out.{arguments.out}"),
                cancel=CancelToken(),
                on_progress=lambda far: follow.at(far.done),
            )
        took = time.perf_counter() - begun
        follow.at(2 * arguments.rows)  # after the output was written
        written = (folder / f"out.{arguments.out}").stat().st_size / MEGABYTE
    warm, *later = follow.held[2:]
    growth = max(later) - warm
    say(f"{job.done} rows in {took:.0f} s, {written:.0f} MB out, memory {growth:+.1f} MB")
    return int(growth > MOST_GROWTH)


if __name__ == "__main__":
    sys.exit(main())
