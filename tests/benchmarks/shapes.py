"""How often corrections of a field all have one shape, and how many other values have it.

    python tests/benchmarks/shapes.py SET … [--draws 200]

A set is a folder with `train.jsonl` and `test.jsonl`, whose rows have "fields", values by
the name of the field. A shape is what follows what: digits, letters, single other signs;
exact with the numbers of digits and letters, or loose without. Printed is, for 5, 10 and 20
corrections drawn from the first file, in how many draws all have one shape, and how many
values of the second file have it then. No model is asked.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from itertools import groupby
from pathlib import Path

SIZES = (5, 10, 20)
LEAST = 10


def shape(value: str, *, exact: bool) -> tuple[tuple[str, int], ...]:
    """The shape of a value."""
    kinds = (
        "digit" if sign.isdigit() else "letter" if sign.isalpha() else sign
        for sign in " ".join(value.split())
    )
    runs = [(kind, len(list(run))) for kind, run in groupby(kinds)]
    return tuple((kind, length if exact else 0) for kind, length in runs)


def values(path: Path) -> dict[str, list[str]]:
    """All values by their field."""
    found: dict[str, list[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        for name, given in json.loads(line)["fields"].items():
            found.setdefault(name, []).extend(given)
    return found


def told(known: list[str], others: list[str], size: int, draws: int, *, exact: bool) -> str:
    """In how many draws there is one shape, and the share of the others that has it."""
    dice = random.Random(3)  # noqa: S311 - nothing is secret here
    shares = []
    for _ in range(draws):
        shapes = {shape(each, exact=exact) for each in dice.sample(known, size)}
        if len(shapes) == 1:
            same = [shape(each, exact=exact) in shapes for each in others]
            shares.append(sum(same) / len(same))
    if not shares:
        return f"{'-':>12}"
    return f"{len(shares) / draws:6.0%} {sum(shares) / len(shares):5.2f}"


def main() -> None:
    """Draw and count."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", type=Path, nargs="+")
    parser.add_argument("--draws", type=int, default=200)
    arguments = parser.parse_args()
    for folder in arguments.sets:
        known, others = values(folder / "train.jsonl"), values(folder / "test.jsonl")
        for name, given in sorted(known.items()):
            if len(given) < LEAST or not others.get(name):
                continue
            cells = [
                told(given, others[name], size, arguments.draws, exact=exact)
                for exact in (True, False)
                for size in SIZES
                if size <= len(given)
            ]
            sys.stdout.write(f"{folder.name:14}{name[:24]:26} {' '.join(cells)}\n")


if __name__ == "__main__":
    main()
