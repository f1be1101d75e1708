"""A batch from table to table beside the bare engine: what the program itself costs.

    python tests/benchmarks/batch_rate.py [--rows 1000] [--model ID_OR_PATH]

Half of the texts are put to the engine in the chunks of a batch, by the functions that a
batch uses and nothing around them; the other half is a batch, from .csv to .csv, with its
journal. They take turns, so that both see the machine as it is. Prints both rates.
"""

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

# The folder above this one, where the fakes are imported from in tests.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.made_up import short_texts
from benchmarks.many_rows import TASK, say
from onhand.bootstrap import open_services, open_vault
from onhand.domain.progress import CancelToken
from onhand.host import Paths
from onhand.services.answering_rows import asked_behind
from onhand.services.batch_ports import Row
from onhand.services.chunking import chunked

if TYPE_CHECKING:
    from onhand.services.bundle import Services

TURNS = 4


def bare(services: Services, texts: list[str]) -> float:
    """Seconds for some texts, learning from the first of them as a batch does."""
    runner = services.run_batch._runner
    rows = [Row(position=at, name="", text=text) for at, text in enumerate(texts)]
    behind = asked_behind(TASK)
    begun = time.perf_counter()
    sample = [[row.text for row in chunk] for chunk in chunked(rows[:200], behind=behind)]
    learned = runner.learn(TASK, sample, CancelToken())
    for chunk in chunked(rows, behind=behind):
        runner.answer_many(TASK, [row.text for row in chunk], CancelToken(), learned)
    return time.perf_counter() - begun


def batch(services: Services, folder: Path, texts: list[str]) -> float:
    """Seconds for a batch of some texts."""
    with (folder / "in.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["text"], *([text] for text in texts)])
    begun = time.perf_counter()
    source, sink = services.batch_files.opened(
        folder / "in.csv", "text", folder / f"{begun}.csv"
    )
    services.run_batch(TASK, source, sink, cancel=CancelToken())
    return time.perf_counter() - begun


def main() -> int:
    """Take turns, and compare."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1000)
    parser.add_argument("--model", default="")
    arguments = parser.parse_args()
    texts = list(dict.fromkeys(short_texts(arguments.rows, brief=True)))
    size = len(texts) // (2 * TURNS)
    spent = {"bare": 0.0, "batch": 0.0}
    with tempfile.TemporaryDirectory() as name:
        paths = Paths.of(Path(name))
        vault = open_vault(paths, lambda _: "four words are enough")
        with open_services(paths, model=arguments.model, vault=vault) as services:
            services.models.loaded()
            for turn in range(TURNS):
                first = texts[2 * turn * size : (2 * turn + 1) * size]
                second = texts[(2 * turn + 1) * size : (2 * turn + 2) * size]
                spent["bare"] += bare(services, first)
                spent["batch"] += batch(services, Path(name), second)
    for what, seconds in spent.items():
        say(f"{what}: {TURNS * size / seconds:.2f} texts a second")
    say(f"a batch takes {spent['batch'] / spent['bare']:.3f} times as long")
    return 0


if __name__ == "__main__":
    sys.exit(main())
