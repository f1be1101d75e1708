"""How often texts that belong nowhere are noticed, and what that costs the others.
    python tests/benchmarks/belonging.py SET … [--leave-out 0.33] [--model FILE] [--limit N]

A set is a folder as for `calibration.py`. Some labels are left out of its task, which
gets an answer for what belongs nowhere; half of the texts have a label that was left out.
Printed is how often either half is answered rightly: by the list of options alone, and with
`none` wherever no label stands out.
"""

from __future__ import annotations

import argparse
import dataclasses
import random
import sys
from pathlib import Path

# The folder above this one, where the fakes are imported from in tests.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))


from benchmarks.scoring import classifying, evidence, labelled, neutral_prior, say
from fakes.starter import STARTER
from onhand.domain.priors import without_prior
from onhand.domain.task_file import read_task
from onhand.services.classifying import judge

NONE = "none of these"
SAMPLED = 64


def left_out(folder: Path, share: float, limit: int):
    """The task without some of its labels, and texts with their right answers."""
    task = read_task((folder / "task.toml").read_text())
    dice = random.Random(11)  # noqa: S311 - nothing is secret here
    gone = dice.sample(list(task.labels), round(share * len(task.labels)))
    kept = tuple(label for label in task.labels if label not in gone)
    known, others = {each.name for each in kept}, {each.name for each in gone}
    rows = labelled(folder, 10**9)
    dice.shuffle(rows)
    half = limit // 2
    rows = [
        *[(text, label) for text, label in rows if label in known][:half],
        *[(text, NONE) for text, label in rows if label in others][:half],
    ]
    return dataclasses.replace(task, labels=kept, none=NONE), rows


def told(classifier, task, rows):
    """For both priors: right answers by the list, and as the program gives them."""
    found = evidence(classifier, task, [text for text, _ in rows])
    first = neutral_prior(classifier, task)
    for prior in (first, first.with_texts(each.shares[0] for each in found[:SAMPLED])):
        listed, given = [], []
        for each in found:
            shares = without_prior(each.logprobs[0], prior.logs)
            listed.append(task.answers[shares.index(max(shares))])
            given.append(judge(task, each, prior.logs).answer.label)
        yield tuple(_right(answers, rows) for answers in (listed, given))


def _right(answers, rows) -> str:
    pairs = [(one, label) for one, (_, label) in zip(answers, rows, strict=True)]
    inside = [one == label for one, label in pairs if label != NONE]
    outside = [one == label for one, label in pairs if label == NONE]
    return f"{sum(inside) / len(inside):.2f} {sum(outside) / len(outside):.2f}"


def main() -> None:
    """Score once, judge four times."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", type=Path, nargs="+")
    parser.add_argument("--leave-out", type=float, default=1 / 3)
    parser.add_argument("--model", type=Path, default=STARTER)
    parser.add_argument("--limit", type=int, default=40)
    arguments = parser.parse_args()
    with classifying(arguments.model) as (_, classifier):
        for each in arguments.sets:
            task, rows = left_out(each, arguments.leave_out, arguments.limit)
            for prior, (listed, given) in zip(
                ("neutral texts", "and these"), told(classifier, task, rows), strict=True
            ):
                say(
                    f"{each.name:12} {len(task.labels)} labels, {len(rows)} rows,"
                    f" {prior:13}: {listed} by the list, {given} as given"
                )


if __name__ == "__main__":
    main()
