"""A small model that was taught beside a larger one that is asked: how right, how fast.

    python tests/benchmarks/taught_small.py SET --small FILE --large FILE --server PATH
        [--taught 200] [--texts 60]

A set is a folder as for `calibration.py`, of one label a text. The small model reads the
first training rows and learns from their labels, as `onhand teach` does. Then both answer
the rows to test, one by one and by turns on the same cores: the small one with what it
learned, the large one behind llama-server (see `llama_server.py`) with a JSON schema and
the same prompt, warm, with its connection and prompt cache kept.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
from pathlib import Path

# The folder above this one, where the fakes are imported from in tests.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.llama_server import FLAGS, running
from benchmarks.peer import peers, seconds
from benchmarks.scoring import (
    classifying,
    evidence,
    gold_rows,
    names_of,
    neutral_prior,
    say,
)
from onhand.domain.comparing import mcnemar
from onhand.domain.heads import Head
from onhand.domain.priors import Prior, without_prior
from onhand.domain.task_file import read_task
from onhand.domain.train_request import Train
from onhand.engine.llama.train import train


class Small:
    """The small model with what some rows taught it."""

    def __init__(self, classifier, task, rows) -> None:
        self._classifier, self._task = classifier, task
        neutral = neutral_prior(classifier, task).neutral
        read = evidence(classifier, task, [text for text, _ in rows], states=True)
        prior = Prior(neutral, neutral).with_texts(each.shares[0] for each in read)
        self._prior = prior.logs
        trained = train(
            Train(
                states=tuple(each.state for each in read),
                shares=tuple(tuple(self._own(each)) for each in read),
                labels=tuple(task.answers.index(label) for _, label in rows),
                names=names_of(classifier, task),
            )
        )
        self._head = Head(trained.weights, trained.bias, trained.own, 1.0)

    def _own(self, read):
        return without_prior(read.logprobs[0], self._prior)

    def __call__(self, text: str) -> str:
        """The answer for a text."""
        [read] = evidence(self._classifier, self._task, [text], states=True)
        shares = self._head.applied(self._own(read), read.state)
        return self._task.answers[max(range(len(shares)), key=shares.__getitem__)]


def main() -> None:
    """Teach, ask and compare."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("set", type=Path)
    parser.add_argument("--small", type=Path, required=True)
    parser.add_argument("--large", type=Path, required=True)
    parser.add_argument("--server", type=Path, required=True)
    parser.add_argument("--taught", type=int, default=200)
    parser.add_argument("--texts", type=int, default=60)
    parser.add_argument("--port", type=int, default=8441)
    arguments = parser.parse_args()
    task = read_task((arguments.set / "task.toml").read_text())
    rows, texts = (
        [row for row in gold_rows(arguments.set, part, limit) if row[1] in task.answers]
        for part, limit in (("train", arguments.taught), ("test", arguments.texts))
    )
    threads = len(os.sched_getaffinity(0))
    say(f"{arguments.small.name}, taught by {len(rows)} rows; {arguments.large.name}")
    say(f"{threads} threads; llama-server {' '.join(FLAGS)}")
    server = running(
        arguments.server, arguments.large, port=arguments.port, threads=threads
    )
    with classifying(arguments.small) as (_, classifier), server as peer:
        small = Small(classifier, task, rows)
        ask = peers(task, peer)["json_schema"]
        small(rows[0][0]), ask(rows[0][0])  # both have read their prompts then
        times, right = ([], []), ([], [])
        for text, label in texts:
            spent, answer = seconds(lambda text=text: small(text))
            times[0].append(spent)
            right[0].append(answer == label)
            spent, told = seconds(lambda text=text: ask(text))
            times[1].append(spent)
            right[1].append(json.loads(told).get("category") == label)
    for name, spent, good in zip(
        ("small, taught", "large, asked"), times, right, strict=True
    ):
        rate = statistics.median(spent)
        say(f"  {name:14} right {statistics.fmean(good):.3f}, {1000 * rate:.0f} ms a text")
    ratio = statistics.median(times[1]) / statistics.median(times[0])
    only = [*zip(*right, strict=True)]
    chance = mcnemar(only.count((True, False)), only.count((False, True)))
    say(
        f"  the small one is {ratio:.2f} times as fast; differently right: p = {chance:.2g}"
    )


if __name__ == "__main__":
    main()
