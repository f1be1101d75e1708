"""A batch that is killed at random moments, over real files with a real model.

    python tests/benchmarks/batch_kills.py [--rows 5000] [--kills 50] [--model ID_OR_PATH]

The command is run once to its end; then it is begun again elsewhere, killed with SIGKILL
after a random share of the time that the first run took, as often as wanted, and run to its
end. Fails unless id, answer, lane and error of every row are the same and confidences
differ by no more than 0.001. Models are looked for as the program does.
"""

from __future__ import annotations

import argparse
import csv
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

# The folder above this one, where the fakes are imported from in tests.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.made_up import short_texts
from benchmarks.many_rows import say

TASK = """kind = "classify"
name = "Desk"
instruction = "Which team should handle this message?"
[labels]
billing = "charges, refunds, invoices"
technical = "something does not work"
delivery = "where a parcel is"
"""
MOST_APART = 0.001


def command(folder: Path, home: Path, model: str) -> list[str]:
    """The command line of the batch that keeps its history in `home`."""
    argv = [sys.executable, "-P", "-m", "onhand", "batch", str(folder / "task.toml")]
    argv += [str(folder / "in.csv"), "--out", str(home / "out.csv"), "--quiet"]
    argv += ["--data-dir", str(home), "--passphrase-file", str(folder / "words")]
    return argv + (["--model", model] if model else [])


def make(folder: Path, rows: int) -> None:
    """A table, some of whose texts repeat and some of whose rows are broken."""
    with (folder / "in.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "text"])
        for at, text in enumerate(short_texts(rows, brief=True)):
            writer.writerow(
                [f"n{at}", text] if at % 97 else [f"n{at}", text, "too", "many"]
            )
    (folder / "task.toml").write_text(TASK)
    (folder / "words").write_text("four words are enough\n")


def read(home: Path) -> list[dict[str, str]]:
    """The rows of an output."""
    with (home / "out.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def differ(one: dict[str, str], two: dict[str, str]) -> bool:
    """Whether two rows say anything else."""
    if any(one[name] != two[name] for name in ("id", "text", "label", "lane", "error")):
        return True
    sure = [float(each["confidence"] or 0) for each in (one, two)]
    return abs(sure[0] - sure[1]) > MOST_APART


def main() -> int:
    """Run it, kill it, and compare."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=5000)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--model", default="")
    arguments = parser.parse_args()
    chance = random.Random(7)  # noqa: S311 - nothing is secret here
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make(folder, arguments.rows)
        whole, broken = folder / "whole", folder / "broken"
        for home in (whole, broken):
            home.mkdir()
        begun = time.perf_counter()
        subprocess.run(command(folder, whole, arguments.model), check=False)
        took = time.perf_counter() - begun
        say(f"unbroken: {arguments.rows} rows in {took:.0f} s")
        killed = 0
        for _ in range(arguments.kills):
            argv = command(folder, broken, arguments.model)
            with subprocess.Popen(argv) as process:
                time.sleep(chance.uniform(0.5, max(1.0, 2 * took / arguments.kills)))
                killed += process.poll() is None
                process.kill()
        say(f"killed {killed} times while it ran")
        ended = subprocess.run(command(folder, broken, arguments.model), check=False)
        first, second = read(whole), read(broken)
    apart = sum(differ(*pair) for pair in zip(first, second, strict=True))
    say(f"exit {ended.returncode}; {len(second)} rows, {apart} differ")
    return int(apart > 0 or len(second) != arguments.rows)


if __name__ == "__main__":
    sys.exit(main())
