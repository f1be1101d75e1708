"""Damaged copies of a model through the command line: each must end in a sentence.

    damaged_models.py [--copies 5000] [--engine 300] [--seed 11]

Every copy is brought in by `onhand models import --unverified`, where a child reads its
header; so many of those that pass go through the engine as well, one after the other over
one ladder, which must still know its rungs as good at the end. Prints what became of them
and stops with status 1 at the first exit code that is none of ours, and at a hang.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import io
import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from fakes.tiny_gguf import damaged, tiny_gguf
from onhand.__main__ import _run

IMPORTED = {0, 10}
ANSWERED = {0, 2, 10, 11}
"""2: vocabulary or context are too small; 11: the engine died of the request itself."""

PATIENCE = 300
TASK = ["--label", "yes", "--label", "no", "--private"]


def imported(path: Path, data: Path) -> int:
    """The exit code of bringing a file in, in this process."""
    argv = ["models", "import", str(path), "--unverified", "--data-dir", str(data)]
    with (
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
    ):
        return _run(argv)


def answered(path: Path, data: Path) -> tuple[int, str]:
    """The exit code of a question to a model, in a process of its own, and what it said."""
    argv = [sys.executable, "-P", "-m", "onhand", "classify", "hello", *TASK]
    argv += ["--model", str(path), "--data-dir", str(data)]
    done = subprocess.run(
        argv, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    return done.returncode, done.stderr


def failed_rungs(data: Path) -> list[str]:
    """The rungs that a ladder holds something against."""
    trials = json.loads((data / "engine.json").read_bytes())["trials"]
    return [
        each.get("reason", "") for each in trials if each["verdict"] not in (None, "good")
    ]


def tell(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    """Damage, bring in, load, count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--copies", type=int, default=5000)
    parser.add_argument("--engine", type=int, default=300)
    parser.add_argument("--seed", type=int, default=11)
    options = parser.parse_args()
    chance = random.Random(options.seed)  # noqa: S311 - reproducible
    counts: collections.Counter[tuple[str, str]] = collections.Counter()
    whole, longest, asked = tiny_gguf(), 0.0, 0
    with tempfile.TemporaryDirectory() as folder:
        data, path = Path(folder, "data"), Path(folder, "tiny.gguf")
        path.write_bytes(whole)
        code, said = answered(path, data)
        if code:
            tell(f"the whole model ends with {code}: {said}")
            return 1
        for number in range(options.copies):
            how, copy = damaged(whole, chance)
            path = Path(folder, "damaged.gguf")
            path.write_bytes(copy)
            began = time.perf_counter()
            code = imported(path, data)
            longest = max(longest, time.perf_counter() - began)
            counts[how, f"import {code}"] += 1
            if code not in IMPORTED:
                tell(f"copy {number} ({how}): import ended with {code}")
                return 1
            if code == 0 and copy != whole and asked < options.engine:
                asked += 1
                code, said = answered(path, data)
                counts[how, f"engine {code}"] += 1
                if code not in ANSWERED or "Traceback" in said:
                    tell(f"copy {number} ({how}): the engine ended with {code}: {said}")
                    return 1
        burnt = failed_rungs(data)
    for (how, result), count in sorted(counts.items()):
        tell(f"{how:7} {result:10} {count:5}")
    tell(f"longest import {longest:.1f} s; rungs with something against them: {burnt}")
    return 1 if burnt else 0


if __name__ == "__main__":
    sys.exit(main())
