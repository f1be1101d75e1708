"""How long the engine's threads should look for each other before they sleep.

    python tests/benchmarks/waiting.py [--model FILE]

Reading and writing for several numbers of looks, on a machine that is quiet, and with one
core taken by another program. The first line is the default of GCC's OpenMP.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

# The folder above this one, where the fakes are imported from in tests.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from fakes.starter import STARTER, proven_rung
from onhand.domain.ladder import Rung
from onhand.engine.llama.runtime import LlamaRuntime
from onhand.engine.main import SPINS
from onhand.engine.protocol import Load

COUNTS = ("", "0", str(SPINS), "30000")
TEXT, STEPS, TIMES = 64, 40, 5


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def measure(model: str, rung: Rung) -> None:
    """In a process of its own: print tokens a second, read and written."""
    runtime = LlamaRuntime()
    runtime.load(Load(model=model, rung=rung, context=1024, threads=0, prove=False))
    context = runtime._loaded.context
    tokens = [each % runtime._loaded.model.size for each in range(1000, 1000 + TEXT)]
    speeds = []
    for _ in range(TIMES + 1):
        context.clear()
        sequence = context.take()
        begin = time.perf_counter()
        context.feed(sequence, tokens, 0, output=True)
        speeds.append(TEXT / (time.perf_counter() - begin))
    begin = time.perf_counter()
    for step in range(STEPS):
        context.feed(sequence, tokens[:1], TEXT + step, output=True)
    write = STEPS / (time.perf_counter() - begin)
    say(f"reads {statistics.median(speeds[1:]):5.0f}  writes {write:5.0f} tokens a second")


def main() -> None:
    """Measure each in a process of its own, since OpenMP reads the number once."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", default=str(STARTER))
    parser.add_argument("--measure", default="", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        measure(arguments.model, Rung(variant=arguments.measure))
        return
    variant = proven_rung().variant
    for load in ("quiet", "one core taken"):
        busy = None
        if load != "quiet":
            busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
        try:
            for count in COUNTS:
                environment = {**os.environ, **({"GOMP_SPINCOUNT": count} if count else {})}
                found = subprocess.run(
                    [sys.executable, __file__, f"--measure={variant}", *sys.argv[1:]],
                    env=environment,
                    check=True,
                    capture_output=True,
                    text=True,
                )
                say(f"{load:14} {count or 'default':8} {found.stdout.strip()}")
        finally:
            if busy is not None:
                busy.kill()
                busy.wait()


if __name__ == "__main__":
    main()
