"""How often a classification is right, with and without taking the prior out.

    python tests/benchmarks/priors.py TASK.toml ROWS.jsonl [--model ID_OR_PATH] [--limit N]

Rows have a "text" and its "label", by the names of the task. The raw scores are the same in
all lines: only what is taken out of them differs.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

# The folder above this one, where the fakes are imported from in tests.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.scoring import classifying, evidence, neutral_prior, say
from fakes.starter import STARTER
from onhand.domain.task_file import read_task
from onhand.services.batch_ports import Row
from onhand.services.classifying import judge
from onhand.services.sampling import survey


def main() -> None:
    """Score once, judge several times."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("task", type=Path)
    parser.add_argument("rows", type=Path)
    parser.add_argument("--model", type=Path, default=STARTER)
    parser.add_argument("--limit", type=int, default=200)
    arguments = parser.parse_args()
    task = read_task(arguments.task.read_text())
    lines = arguments.rows.read_text().splitlines()[: arguments.limit]
    rows = [each for each in map(json.loads, lines) if each["label"] in task.answers]
    texts = [each["text"] for each in rows]
    with classifying(arguments.model) as (_, classifier):
        found = evidence(classifier, task, texts)
        neutral = neutral_prior(classifier, task)
    sample = survey(Row(position=at, name="", text="") for at in range(len(texts)))
    shares = [found[row.position].shares[0] for row in sample.sample]
    for name, prior in (
        ("without a prior", None),
        ("neutral texts", neutral.logs),
        (f"and {len(shares)} of these", neutral.with_texts(shares).logs),
    ):
        right = sum(
            judge(task, each, prior).answer.label == row["label"]
            for each, row in zip(found, rows, strict=True)
        )
        say(f"{name:18} {right / len(rows):.3f} of {len(rows)} are right")


if __name__ == "__main__":
    main()
