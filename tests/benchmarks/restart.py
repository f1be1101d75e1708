"""The first answer after a start against a warm one, with and without saved prefixes.

    python tests/benchmarks/restart.py [--model ID] [--times 3] [--at-most RATIO] [--states]

A task with 40 labels is answered in one session after the other, over one data folder, so
that what a session leaves behind is what the next one finds. In each the model is loaded
first, then two texts are answered; the second answer is the warm one. The ratio is that of
the first answer, with the loading, to a warm one with the loading. `saved` sessions find
the prefix on the disk, `decoded` ones do not. By turns; the medians count. With --at-most
it fails when the ratio with saved prefixes is larger.

With --states it prints instead what single states of several lengths cost: to decode, to
read and check and hand to llama.cpp, and to copy and write. These are best of several.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

# The folder above this one, where the fakes are imported from in tests.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from fakes.starter import STARTER, proven_rung
from onhand.bootstrap import open_services
from onhand.domain.primitives import PrefixCache
from onhand.domain.progress import CancelToken
from onhand.domain.tasks import Classify, Label
from onhand.engine.llama.prefix_files import PrefixFiles
from onhand.engine.llama.runtime import LlamaRuntime
from onhand.engine.llama.states import restore, state_of
from onhand.engine.protocol import Load
from onhand.host import Paths

LENGTHS = (8, 16, 32, 128, 512)
"""Tokens of the single states."""

LABELS = {
    "lost parcel": "the parcel never arrived",
    "late parcel": "the parcel is on its way for too long",
    "damaged parcel": "the goods were broken when they arrived",
    "wrong item": "something else was in the parcel",
    "missing part": "a part or an accessory is not there",
    "change address": "deliver to another place",
    "change date": "deliver on another day",
    "pick up in store": "collect the order in person",
    "customs": "duty, papers, parcels from abroad",
    "tracking": "where the parcel is now",
    "cancel order": "the order is not wanted any more",
    "change order": "another size, colour or number",
    "order not confirmed": "no mail came after buying",
    "out of stock": "when something can be bought again",
    "product question": "size, material, how it is used",
    "compatibility": "whether two things fit together",
    "return": "how goods are sent back",
    "return label": "the label for a return is missing",
    "refund late": "money for a return has not arrived",
    "refund wrong": "too little or too much was paid back",
    "exchange": "another one of the same instead",
    "warranty": "it broke within the guarantee",
    "repair": "have something mended for money",
    "spare part": "buy a single part",
    "charged twice": "the same order was paid two times",
    "card declined": "a card does not work",
    "invoice": "a copy, or other words on it",
    "tax": "tax numbers and rates",
    "voucher": "a code or a gift card does not work",
    "discount": "a lower price that was promised",
    "instalments": "paying in parts",
    "bank transfer": "where and how to send money",
    "password": "cannot sign in, new password",
    "account locked": "too many attempts, or blocked",
    "delete account": "remove the account and its data",
    "change mail": "another mail address for the account",
    "newsletter": "mails with offers, wanted or not",
    "privacy": "what is stored about somebody",
    "complaint": "about people or service",
    "praise": "thanks, and nothing to do",
}
TASK = Classify(
    instruction="Which queue should this message go to?",
    labels=tuple(Label(name=name, meaning=what) for name, what in LABELS.items()),
)
TEXTS = (
    "I sent the jacket back two weeks ago and still wait for my money.",
    "My card was charged two times for one pair of shoes, please look.",
)


def session(paths: Paths, model: str) -> tuple[float, float, float]:
    """Seconds that loading, a first answer and a warm one take."""
    spent = []
    with open_services(paths, model=model) as services:
        begin = time.perf_counter()
        services.models.loaded()
        spent.append(time.perf_counter() - begin)
        for text in TEXTS:
            begin = time.perf_counter()
            services.run_task(TASK, text, cancel=CancelToken())
            spent.append(time.perf_counter() - begin)
    load, first, warm = spent
    return load, first, warm


def states(model: Path, times: int) -> None:
    """Print what states cost, in milliseconds."""
    runtime = LlamaRuntime()
    runtime.load(
        Load(model=str(model), rung=proven_rung(), context=4096, threads=0, prove=False)
    )
    context = runtime._loaded.context
    say(f"{model.name}\n{'tokens':>6} {'bytes':>9} {'decode':>8} {'read':>7} {'write':>7}")
    with tempfile.TemporaryDirectory() as folder:
        files = PrefixFiles(PrefixCache(folder=folder, key=bytes(32)), b"")
        for count in LENGTHS:
            tokens = [1000 + 7 * number for number in range(count)]
            best = [float("inf")] * 3
            size = 0
            for _ in range(times):
                context.clear()
                moments = [time.perf_counter()]
                sequence = context.take()
                context.feed(sequence, tokens, 0, output=True)
                moments.append(time.perf_counter())
                state = state_of(context, sequence)
                files.write(tokens, state, lambda: True)
                moments.append(time.perf_counter())
                size = len(state)
                found = files.take(tokens)
                assert found is not None
                assert restore(context, found, count) is not None
                files.put_back(tokens, touch=True)
                moments.append(time.perf_counter())
                spent = [b - a for a, b in pairwise(moments)]
                best = [*map(min, best, spent)]
            decode, write, read = (1000 * each for each in best)
            say(f"{count:6} {size:9} {decode:8.1f} {read:7.2f} {write:7.2f}")


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", default=str(STARTER))
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--at-most", type=float, default=0.0)
    parser.add_argument("--states", action="store_true")
    arguments = parser.parse_args()
    if arguments.states:
        states(Path(arguments.model), arguments.times)
        return 0
    times: dict[str, list[tuple[float, float, float]]] = {"decoded": [], "saved": []}
    with tempfile.TemporaryDirectory() as folder:
        paths = Paths.of(Path(folder))
        # Tries the kernels, fills caches, and finds out the task's prior.
        session(paths, arguments.model)
        for _ in range(arguments.times):
            for file in paths.prefixes.glob("*.prefix"):
                file.unlink()
            times["decoded"].append(session(paths, arguments.model))
            times["saved"].append(session(paths, arguments.model))
        sizes = [file.stat().st_size for file in paths.prefixes.glob("*.prefix")]
    cores = len(os.sched_getaffinity(0))
    say(f"{Path(arguments.model).name}, {len(LABELS)} labels, {cores} cores")
    say(f"{arguments.times} times each; a state of {sum(sizes) / 1e6:.1f} MB")
    say(f"{'':8} {'load':>7} {'first':>7} {'warm':>7}  ratio  (all ratios)")
    ratio = 0.0
    for name, sessions in times.items():
        ratios = [(load + first) / (load + warm) for load, first, warm in sessions]
        ratio = statistics.median(ratios)
        medians = [statistics.median(each) for each in zip(*sessions, strict=True)]
        columns = " ".join(f"{each:7.2f}" for each in medians)
        say(f"{name:8} {columns}  {ratio:5.2f}  {' '.join(f'{r:.2f}' for r in ratios)}")
    return int(bool(arguments.at_most) and ratio > arguments.at_most)


if __name__ == "__main__":
    sys.exit(main())
