"""Texts classified in bulk beside the same texts one by one: is all gained that can be?

    python tests/benchmarks/bulk.py MODEL … [--texts 200] [--least 0.9]

A long batch is read faster than the batch of a single text; that ratio of speeds, measured
in the same run, is what bulk could gain by reading alone. Each model takes texts by turns,
one by one as in the window and as rows of a batch; the medians of the blocks count. Fails
when the ratio of times is less than `--least` times the ratio of speeds.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

# The folder above this one, where the fakes are imported from in tests.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.made_up import short_texts
from benchmarks.texts import QUEUES
from onhand.bootstrap import open_services
from onhand.domain.primitives import Probe
from onhand.domain.progress import CancelToken
from onhand.domain.prompting import classify_questions
from onhand.host import Paths
from onhand.storage.jsonl_rows import JsonlResults, JsonlRows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onhand.services.bundle import Services

BLOCK = 25
"""Texts of a turn."""

LONG = 256
"""Tokens of a long batch."""

CONTROL = 5
"""Control words behind a text."""


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


class Bench:
    """The services, asked in both ways."""

    def __init__(self, services: Services, folder: Path) -> None:
        self._services = services
        self._answering = services.run_task._answering
        self._folder = folder
        self._blocks = 0

    def one_by_one(self, texts: Sequence[str]) -> float:
        """Seconds for a text that is asked alone."""
        self._forget()
        begin = time.perf_counter()
        for text in texts:
            self._services.run_task(QUEUES, text, cancel=CancelToken())
        return (time.perf_counter() - begin) / len(texts)

    def in_bulk(self, texts: Sequence[str]) -> float:
        """Seconds for a text of a batch, its sample, journal and output included."""
        self._forget()
        self._blocks += 1
        source = self._folder / f"{self._blocks}.jsonl"
        source.write_text("\n".join(json.dumps({"text": text}) for text in texts))
        begin = time.perf_counter()
        self._services.run_batch(
            QUEUES,
            JsonlRows(source),
            JsonlResults(source.with_suffix(".answers.jsonl")),
            cancel=CancelToken(),
        )
        return (time.perf_counter() - begin) / len(texts)

    def speed(self, tokens: int) -> float:
        """Tokens a second in a batch of so many."""
        probe = Probe(read=tokens, steps=1)
        return self._answering._engine.probe(probe, CancelToken()).read

    def tokens(self, texts: Sequence[str]) -> float:
        """Tokens that a single text's batch has, on average."""
        ask = classify_questions(QUEUES)[0].ask
        count = self._answering.reader.count
        return CONTROL + statistics.mean(count(t + ask, CancelToken()) for t in texts)

    def _forget(self) -> None:
        """Let nothing be answered from memory."""
        self._answering._classifier._remembered.clear()


def measure(model: str, count: int) -> float:
    """Print what a model gains; its ratio of times as a share of the ratio of speeds."""
    texts = list(short_texts(count + BLOCK))
    with (
        tempfile.TemporaryDirectory() as folder,
        open_services(Paths.of(Path(folder)), model=model) as services,
    ):
        bench = Bench(services, Path(folder))
        services.models.loaded()
        size = round(bench.tokens(texts))
        alone, bulk, short, long = [], [], [], []
        for start in range(0, len(texts), BLOCK):
            block = texts[start : start + BLOCK]
            turn = (bench.one_by_one(block), bench.in_bulk(block))
            speeds = (bench.speed(size), bench.speed(LONG))
            if start:  # the first block reads the prompt and finds the prior out
                for held, each in zip((alone, bulk), turn, strict=True):
                    held.append(each)
                for held, each in zip((short, long), speeds, strict=True):
                    held.append(each)
    times = statistics.median(alone) / statistics.median(bulk)
    speeds_ratio = statistics.median(long) / statistics.median(short)
    say(f"{Path(model).stem}, {count} texts, {len(os.sched_getaffinity(0))} threads")
    say(
        f"  a text alone {1000 * statistics.median(alone):.0f} ms,"
        f" in bulk {1000 * statistics.median(bulk):.0f} ms: ratio {times:.2f}"
    )
    say(
        f"  reads {size} tokens at {statistics.median(short):.0f} a second,"
        f" {LONG} at {statistics.median(long):.0f}: ratio {speeds_ratio:.2f}"
    )
    say(f"  gained {times / speeds_ratio:.2f} of what reading gains")
    return times / speeds_ratio


def main() -> int:
    """Measure every model."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("models", nargs="+")
    parser.add_argument("--texts", type=int, default=200)
    parser.add_argument("--least", type=float, default=0.9)
    arguments = parser.parse_args()
    gained = [measure(model, arguments.texts) for model in arguments.models]
    return int(min(gained) < arguments.least)


if __name__ == "__main__":
    sys.exit(main())
