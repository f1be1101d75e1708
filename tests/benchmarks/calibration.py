"""How much flatter a model's probabilities must be to be as often right as they say.

    python tests/benchmarks/calibration.py SET … [--model FILE --model-id ID] [--limit N]

A set is a folder with a `task.toml` and labelled rows in `train.jsonl`; a `gold.json` maps
the names of the task's labels to those of the rows. For each set, and for all of them
together, this prints the temperature with the least log loss of "is the answer right?",
after the prior was taken out: once the one of neutral texts, once that of the rows too.
The means of both, over all sets, are `domain/calibration.TEMPERATURES`. Then it prints how
well answers are foretold by the curve through 30 others.
"""

from __future__ import annotations

import argparse
import math
import random
import sys
from pathlib import Path

# The folder above this one, where the fakes are imported from in tests.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.scoring import classifying, evidence, labelled, neutral_prior, say
from fakes.starter import STARTER
from onhand.domain.calibration import (
    ENOUGH,
    Sighting,
    calibration_of,
    flattened,
    temperature_of,
)
from onhand.domain.task_file import read_task
from onhand.services.classifying import judge

SPLITS = 20
TEMPERATURES = [0.5 * 1.05**step for step in range(80)]


def answers(classifier, folder: Path, limit: int):
    """For both priors: scores of every row, and which answer is right."""
    task = read_task((folder / "task.toml").read_text())
    rows = [each for each in labelled(folder, limit) if each[1] in task.answers]
    found = evidence(classifier, task, [text for text, _ in rows])
    neutral = neutral_prior(classifier, task)
    for prior in (neutral, neutral.with_texts(each.shares[0] for each in found[:64])):
        yield [
            (judge(task, each, prior.logs).answer.scores, label)
            for each, (_, label) in zip(found, rows, strict=True)
        ]


def loss(judged, temperature: float) -> float:
    """The mean log loss of "the answer is right"."""
    total = 0.0
    for scores, label in judged:
        best = max(scores, key=scores.__getitem__)
        share = min(max(flattened(scores, temperature)[best], 1e-6), 1 - 1e-6)
        total -= math.log(share if best == label else 1 - share)
    return total / len(judged)


def best(sets) -> float:
    """The temperature with the least loss over some sets, all of the same weight."""
    return min(TEMPERATURES, key=lambda each: sum(loss(judged, each) for judged in sets))


def foretold(sets, model: str) -> tuple[float, float, float]:
    """Mean log loss of rows behind 30 others: by no curve, by their share, by the curve."""
    dice = random.Random(1)  # noqa: S311 - nothing is secret here
    losses = []
    for judged in sets:
        seen = []
        for scores, label in judged:
            flat = flattened(scores, temperature_of(model))
            name = max(flat, key=flat.__getitem__)
            seen.append(Sighting(flat[name], name == label))
        for _ in range(SPLITS if len(seen) > ENOUGH else 0):
            dice.shuffle(seen)
            known, others = seen[:ENOUGH], seen[ENOUGH:]
            share = (sum(each.right for each in known) + 1) / (ENOUGH + 2)
            curves = (
                lambda raw: raw,
                lambda _, to=share: to,
                calibration_of(known).confidence,
            )
            losses.append([missed(others, curve) for curve in curves])
    return tuple(sum(each) / len(losses) for each in zip(*losses, strict=True))


def missed(others, curve) -> float:
    """The mean log loss of some verdicts."""
    shares = [(min(max(curve(each.raw), 1e-4), 1 - 1e-4), each.right) for each in others]
    return -sum(math.log(p if right else 1 - p) for p, right in shares) / len(shares)


def main() -> None:
    """Score once, judge twice."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", type=Path, nargs="+")
    parser.add_argument("--model", type=Path, default=STARTER)
    parser.add_argument("--model-id", default="smollm2-135m", help="for its temperature")
    parser.add_argument("--limit", type=int, default=80)
    arguments = parser.parse_args()
    everything = []
    with classifying(arguments.model) as (_, classifier):
        for each in arguments.sets:
            both = list(answers(classifier, each, arguments.limit))
            everything.append(both)
            neutral, seen = (best([judged]) for judged in both)
            say(f"{each.name:20} {len(both[0])} rows: {neutral:.2f}, {seen:.2f}")
    neutral, seen = (best(judged) for judged in zip(*everything, strict=True))
    say(
        f"all: {neutral:.2f} with neutral texts, {seen:.2f} with the rows too;"
        f" together {math.sqrt(neutral * seen):.2f}"
    )
    plain, share, curve = foretold([both[1] for both in everything], arguments.model_id)
    say(
        f"log loss after {ENOUGH} judged answers: {curve:.3f} by the curve, {share:.3f} by"
        f" their share, {plain:.3f} without either"
    )


if __name__ == "__main__":
    main()
