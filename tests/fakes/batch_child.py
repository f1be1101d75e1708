"""A process that runs a batch over real files with a made-up engine, to be killed.

    batch_child.py FOLDER [--kind KIND] [--pause SECONDS] [--die PLACE] [--private] …

FOLDER holds `in.jsonl`, or what `--input` names; `out.jsonl`, or what `--output` names, and
the data folder `data` are made there. It prints
"begun" when it begins, and "working" when it has opened the job. PLACE is where it kills
itself: `answering:N`, `before-add:N`, `after-add:N`, `before-note:N`, `after-note:N` (the
Nth time), `writing:N` (at the Nth result), `before-finish`, `after-finish`. With `--first`
a smaller model is asked first. `--largest-file BYTES` stands for a full disk. It exits with
the code of the failure that ended it.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

# The folder above this one, where the fakes are imported from in tests.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from typing import TYPE_CHECKING

from fakes.histories import open_database
from fakes.stores import STARTER, FakeSettings, FakeTaskRunner
from fakes.tasks import PLAIN, QUEUE
from fakes.two_models import LARGE, SMALL, TwoModels
from onhand.batch_wiring import open_output, open_rows
from onhand.domain.errors import AppError
from onhand.domain.progress import CancelToken
from onhand.services.run_batch import RunBatch
from onhand.storage.jobs import SqliteJobs
from onhand.storage.memory_jobs import MemoryJobs

if TYPE_CHECKING:
    from onhand.storage.database import Database


class Place:
    """Where to die, and how often to pass it before."""

    def __init__(self, text: str) -> None:
        name, _, count = text.partition(":")
        self._name = name
        self._left = int(count or 1)

    def passed(self, name: str) -> None:
        """Die here if this is the place."""
        if name == self._name:
            self._left -= 1
            if not self._left:
                os.kill(os.getpid(), signal.SIGKILL)


class Clock:
    """The time of day."""

    def now(self):
        """The current time."""
        return datetime.now(tz=UTC)


class Pausing:
    """Has a runner take its time, and die where it was told to."""

    def __init__(self, pause: float, place: Place) -> None:
        super().__init__()
        self._pause = pause
        self._place = place

    def answer_many(self, task, texts, cancel, learned=None):
        """One entry for each text."""
        self._place.passed("answering")
        time.sleep(self._pause)
        return super().answer_many(task, texts, cancel, learned)


class Runner(Pausing, FakeTaskRunner):
    """Tells of seconds that are never the same."""


class Both(Pausing, TwoModels):
    """Two models, the smaller one first."""


class Jobs(SqliteJobs):
    """The journal, with places to die at."""

    def __init__(self, database: Database, locks: Path, place: Place) -> None:
        super().__init__(database, locks)
        self._place = place

    def add(self, records):
        """Store some records."""
        self._place.passed("before-add")
        super().add(records)
        self._place.passed("after-add")

    def note_first(self, job, first):
        """Note what is known of the smaller model."""
        self._place.passed("before-note")
        noted = super().note_first(job, first)
        self._place.passed("after-note")
        return noted

    def finish(self, job):
        """Mark the job as finished."""
        self._place.passed("before-finish")
        super().finish(job)
        self._place.passed("after-finish")


class Results:
    """The output, with places to die at."""

    def __init__(self, sink, place: Place) -> None:
        self._sink = sink
        self._place = place
        self.path = sink.path
        self.raise_if_unwritable = sink.raise_if_unwritable
        self.occupied = sink.occupied

    def write(self, results, source, task):
        """Write all results."""
        self._sink.write(self._watched(results), source, task)

    def _watched(self, results):
        for each in results:
            self._place.passed("writing")
            yield each


def main() -> int:
    """Run the batch."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--kind", choices=["classify", "rewrite"], default="classify")
    parser.add_argument("--input", default="in.jsonl")
    parser.add_argument("--output", default="out.jsonl")
    parser.add_argument("--pause", type=float, default=0.0)
    parser.add_argument("--die", default="")
    parser.add_argument("--first", action="store_true")
    parser.add_argument("--private", action="store_true")
    parser.add_argument("--largest-file", type=int, default=0)
    arguments = parser.parse_args()
    if arguments.largest_file:
        import resource  # noqa: PLC0415 - not on every system

        limit = (arguments.largest_file, arguments.largest_file)
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    place = Place(arguments.die)
    data = arguments.folder / "data"
    both = Both(arguments.pause, place)
    run_batch = RunBatch(
        runner=both if arguments.first else Runner(arguments.pause, place),
        select_model=lambda: LARGE if arguments.first else STARTER,
        keep_model=both.use,
        find_model=both.find,
        jobs=Jobs(open_database(data / "history.db"), data / "locks", place),
        private_jobs=MemoryJobs,
        clock=Clock(),
    )
    said = []

    def say(word: str) -> None:
        if word not in said:
            said.append(word)
            sys.stdout.write(f"{word}\n")
            sys.stdout.flush()

    say("begun")
    try:
        run_batch(
            QUEUE if arguments.kind == "classify" else PLAIN,
            open_rows(FakeSettings(), arguments.folder / arguments.input, "text"),
            Results(open_output(arguments.folder / arguments.output), place),
            cancel=CancelToken(),
            private=arguments.private,
            first=SMALL.id if arguments.first else "",
            on_progress=lambda _: say("working"),
        )
    except AppError as error:
        sys.stderr.write(f"{error.code}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
