"""How often a classification is right, with and without taking the prior out.

    python tests/benchmarks/priors.py TASK.toml ROWS.jsonl [--model ID_OR_PATH] [--limit N]

Rows have a "text" and its "label", by the names of the task. The raw scores are the same in
all lines: only what is taken out of them differs.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

# The folder above this one, where the fakes are imported from in tests.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from fakes.starter import STARTER, real_engine
from onhand.domain.neutral import NEUTRAL
from onhand.domain.priors import NEUTRAL_TEXTS, Prior
from onhand.domain.progress import CancelToken, ignore_progress
from onhand.domain.task_file import read_task
from onhand.services.batch_ports import Row
from onhand.services.classifying import Classifier, judge
from onhand.services.reading_parts import Reader
from onhand.services.sampling import survey
from onhand.storage.ladder_file import LadderFile

TOGETHER = 32


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


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
    cancel = CancelToken()
    with (
        tempfile.TemporaryDirectory() as folder,
        real_engine(
            model=arguments.model,
            context=4096,
            ladder=LadderFile(Path(folder) / "ladder.json"),
        ) as engine,
    ):
        classifier = Classifier(engine, Reader(engine))
        found = [
            each
            for at in range(0, len(texts), TOGETHER)
            for each in classifier.evidence(
                task, texts[at : at + TOGETHER], cancel, ignore_progress
            )
        ]
        neutral = Prior.of_neutral(
            [
                each.shares[0]
                for each in classifier.evidence(
                    task, NEUTRAL[: int(NEUTRAL_TEXTS)], cancel, ignore_progress
                )
            ]
        )
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
