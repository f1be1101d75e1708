"""How often what `sure` promises is kept, and how many answers it lets through.

    python tests/benchmarks/lanes.py SET … [--model FILE] [--keep FOLDER]

A set is a folder with a `task.toml` and labelled rows in `train.jsonl` and `test.jsonl`, or
a folder in such a one; a `gold.json` maps the names of the task's labels to those of the
rows. Each text is answered once by the real engine; with `--keep` its scores stay in a file
there, and the next run has them at once. Everything else is arithmetic: rows are drawn as
those that the user corrected, the head and the threshold are learned from them as the
program does, and the other rows tell

- how often no more of the accepted answers were wrong than was promised,
- their share of all, and of that which knowing all answers would let through: those above
  the lowest threshold with no more wrong ones than promised,
- the expected calibration error,

for the program's rule and for others that it was chosen from.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
from dataclasses import dataclass
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np

# The folder above this one, where the fakes are imported from in tests.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.scoring import (
    classifying,
    evidence,
    gold_rows,
    names_of,
    neutral_prior,
    say,
)
from fakes.starter import STARTER
from onhand.domain.calibration import (
    ENOUGH,
    Calibration,
    calibration_of,
    flattened,
    temperature_of,
)
from onhand.domain.evaluating import Answered, Evaluation
from onhand.domain.guarantee import CERTAINTY, binomial, risk
from onhand.domain.heads import LEAST_TEXTS, TEMPERATURE
from onhand.domain.logistic_curve import Sighting, fitted
from onhand.domain.priors import Prior, normalised, without_prior
from onhand.domain.task_file import read_task
from onhand.domain.teaching import Verdict, lesson_of
from onhand.domain.train_request import Train, Trained
from onhand.engine.llama.stacking import softmax
from onhand.engine.llama.train import train

if TYPE_CHECKING:
    from collections.abc import Sequence

VIEWS = 2
"""What a state is made of: the last token's and the mean of all."""

LEAST_TEST = 60
"""Rows that a draw leaves to be tested on at least."""


@dataclass(frozen=True)
class Rows:
    """A set: logarithms of the answers' probabilities, states, and which one is right.

    Behind them what neutral texts say, and the states of the labels' names.
    """

    logprobs: np.ndarray
    states: np.ndarray
    right: np.ndarray
    neutral: Prior
    names: np.ndarray

    @classmethod
    def of(cls, folder: Path, model: Path, keep: Path | None, limit: int) -> Rows:
        """From a file, or from the engine."""
        place = keep / f"{folder.parent.name}-{folder.name}.npz" if keep else None
        if place is None or not place.exists():
            found = _read(folder, model, limit)
            if place is None:
                return cls(*found[:3], Prior(*map(tuple, found[3])), found[4])
            np.savez(place, *found)
        with np.load(place) as file:
            found = [file[name] for name in file.files]
        return cls(*found[:3], Prior(*map(tuple, found[3])), found[4])


def _read(folder: Path, model: Path, limit: int) -> list[np.ndarray]:
    task = read_task((folder / "task.toml").read_text())
    rows = [
        each
        for part in ("train", "test")
        for each in gold_rows(folder, part, limit)
        if each[1] in task.answers
    ]
    with classifying(model) as (_, classifier):
        found = evidence(classifier, task, [text for text, _ in rows], states=True)
        neutral = neutral_prior(classifier, task)
        names = names_of(classifier, task)
    return [
        np.array([each.logprobs[0] for each in found]),
        np.array([each.state for each in found], np.float32),
        np.array([task.answers.index(label) for _, label in rows]),
        np.array([neutral.neutral, neutral.seen]),
        np.array(names, np.float32),
    ]


@dataclass(frozen=True)
class Draw:
    """What some corrections teach: themselves, held out, and all other rows."""

    judged: list[Sighting]
    others: list[Sighting]
    taught: bool


def draw(rows: Rows, count: int, chance: random.Random, model: str) -> Draw:
    """Correct some rows, learn from them as the program does, answer the others."""
    order = chance.sample(range(len(rows.right)), len(rows.right))
    return taught_by(rows, order[:count], order[count:], model)


def taught_by(rows: Rows, known: Sequence[int], others: Sequence[int], model: str) -> Draw:
    """Learn from rows that were corrected, as the program does, and answer others."""
    prior = rows.neutral.with_texts(normalised(rows.logprobs[each]) for each in known)
    shares = np.array([without_prior(each, prior.logs) for each in rows.logprobs])
    labels = tuple(int(rows.right[each]) for each in known)
    untaught = Train(
        states=tuple(tuple(rows.states[each].tolist()) for each in known),
        shares=tuple(tuple(shares[each].tolist()) for each in known),
        names=tuple(map(tuple, rows.names.tolist())),
    )
    before = _untaught(rows, shares, untaught, model)
    width = rows.states.shape[1] // VIEWS
    trained = train(msgspec.structs.replace(untaught, labels=labels), width)
    lesson = lesson_of(
        [(label,) for label in labels],
        [before[each].tolist() for each in known],
        trained.held_out,
    )
    if lesson.verdict is Verdict.ADOPTED:
        said = softmax(_logits(trained, rows.states[others], shares[others]))
        held = np.array(trained.held_out)
        return Draw(
            _sightings(held, np.array(labels)), _sightings(said, rows.right[others]), True
        )
    return Draw(
        _sightings(before[known], rows.right[known]),
        _sightings(before[others], rows.right[others]),
        False,
    )


def _untaught(rows: Rows, shares: np.ndarray, request: Train, model: str) -> np.ndarray:
    """What is said of all rows before anything is taught: as a batch of some would."""
    if len(request.states) < LEAST_TEXTS:
        temperature = temperature_of(model)
        return np.array(
            [[*flattened(dict(enumerate(each)), temperature).values()] for each in shares]
        )
    head = train(request, rows.states.shape[1] // VIEWS)
    return softmax(_logits(head, rows.states, shares) / TEMPERATURE)


def _logits(head: Trained, states: np.ndarray, shares: np.ndarray) -> np.ndarray:
    weights = np.array(head.weights)
    known = states[:, : weights.shape[1]]
    return head.own * np.log(shares + 1e-9) + known @ weights.T + np.array(head.bias)


def _sightings(said: np.ndarray, right: np.ndarray) -> list[Sighting]:
    return [
        Sighting(float(row.max()), bool(row.argmax() == label))
        for row, label in zip(said, right, strict=True)
    ]


def program(judged: list[Sighting], promised: float) -> float:
    """The rule of the program."""
    return calibration_of(judged, promised).limit


def fixed_sequence(judged: list[Sighting], promised: float) -> float:
    """The exact binomial test, one number of answers after the other until one fails."""
    counts, errors = [], 0
    for count in range(1, len(judged) + 1):
        if binomial(errors, count, promised) <= 1 - CERTAINTY:
            counts.append(count)
            errors += 1
    found = 0.0
    risks, wrong = _ranked(judged)
    for errors, count in enumerate(counts):
        if wrong[count - 1] > errors:
            break
        found = risks[count - 1]
    return found


def wilson(judged: list[Sighting], promised: float) -> float:
    """Wilson's interval on one side, wherever it holds."""
    z = statistics.NormalDist().inv_cdf(CERTAINTY)

    def upper(wrong: int, count: int) -> float:
        share = wrong / count
        middle = share + z * z / (2 * count)
        spread = z * (share * (1 - share) / count + z * z / (4 * count * count)) ** 0.5
        return (middle + spread) / (1 + z * z / count)

    return _last(judged, lambda wrong, count: upper(wrong, count) <= promised)


def on_average(judged: list[Sighting], promised: float) -> float:
    """Conformal risk control (Angelopoulos et al. 2022): kept on average, not for sure."""
    return _last(judged, lambda wrong, count: (wrong + 1) / (count + 1) <= promised)


def _last(judged: list[Sighting], holds) -> float:
    risks, wrong = _ranked(judged)
    fitting = [risks[at] for at in range(len(risks)) if holds(wrong[at], at + 1)]
    return fitting[-1] if fitting else 0.0


def _ranked(judged: list[Sighting]) -> tuple[list[float], list[int]]:
    curve = fitted(judged)
    ranked = sorted(judged, key=lambda each: -each.raw)
    wrong = list(accumulate(not each.right for each in ranked))
    return [risk(curve, each.raw, 1.0) for each in ranked], wrong


RULES = {
    "program": program,
    "fixed sequence": fixed_sequence,
    "Wilson": wilson,
    "on average": on_average,
}


def accepted(others: list[Sighting], calibration: Calibration, limit: float) -> list[bool]:
    """Of the other rows those that are accepted, and whether they are right."""
    return [
        each.right
        for each in others
        if limit > 0 and 1 - calibration.confidence(each.raw) <= limit + 1e-9
    ]


def oracle(others: list[Sighting], promised: float) -> int:
    """How many of the surest answers could be accepted."""
    ranked = sorted(others, key=lambda each: -each.raw)
    wrong = accumulate(not each.right for each in ranked)
    fitting = [at for at, each in enumerate(wrong, 1) if each <= promised * at]
    return fitting[-1] if fitting else 0


def error(others: list[Sighting], calibration: Calibration) -> float:
    """The expected calibration error of the program's confidence."""
    rated = Evaluation(
        model="",
        title="",
        bytes=0,
        memory=0,
        answers=tuple(
            Answered(
                right="a",
                given="a" if each.right else "b",
                confidence=calibration.confidence(each.raw),
            )
            for each in others
        ),
    )
    return rated.calibration_error or 0.0


def measure(name: str, rows: Rows, arguments: argparse.Namespace) -> None:
    """Draw, and print what came out."""
    chance = random.Random(8)  # noqa: S311 - nothing is secret here
    found = [
        draw(rows, arguments.corrections, chance, arguments.model_id)
        for _ in range(arguments.draws)
    ]
    could = [oracle(each.others, arguments.promised) / len(each.others) for each in found]
    curves = [calibration_of(each.judged, arguments.promised) for each in found]
    errors = [
        error(*each) for each in zip([one.others for one in found], curves, strict=True)
    ]
    right = [each.right for one in found for each in one.others]
    worst = sorted(errors)[int(0.9 * len(errors))]
    say(
        f"{name}: {len(rows.right)} rows, {sum(right) / len(right):.3f} right after"
        f" {arguments.corrections} corrections, taught in"
        f" {sum(each.taught for each in found)} of {len(found)} draws, ECE"
        f" {statistics.fmean(errors):.3f} ({worst:.3f} at most in 90 % of draws),"
        f" oracle lets {statistics.fmean(could):.3f} through"
    )
    for rule, of in RULES.items():
        kept, shares = [], []
        for one, curve in zip(found, curves, strict=True):
            passed = accepted(one.others, curve, of(one.judged, arguments.promised))
            kept.append(passed.count(False) <= arguments.promised * len(passed))
            shares.append(len(passed) / len(one.others))
        say(
            f"  {rule:15} kept in {sum(kept) / len(kept):.3f}, coverage"
            f" {statistics.fmean(shares):.3f}, of the oracle's"
            f" {statistics.fmean(shares) / max(1e-9, statistics.fmean(could)):.2f}, none in"
            f" {shares.count(0.0) / len(shares):.2f}"
        )


def main() -> None:
    """Score once, draw often."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", type=Path, nargs="+")
    parser.add_argument("--model", type=Path, default=STARTER)
    parser.add_argument("--model-id", default="smollm2-135m", help="for its temperature")
    parser.add_argument("--corrections", type=int, default=100)
    parser.add_argument("--promised", type=float, default=0.1)
    parser.add_argument("--draws", type=int, default=100)
    parser.add_argument("--limit", type=int, default=150, help="rows of each file")
    parser.add_argument("--keep", type=Path, help="folder for what the engine said")
    arguments = parser.parse_args()
    if arguments.corrections < ENOUGH:
        parser.error(f"it takes {ENOUGH} corrections")
    read = partial(
        Rows.of, model=arguments.model, keep=arguments.keep, limit=arguments.limit
    )
    for each in arguments.sets:
        rows = read(each)
        if len(rows.right) < arguments.corrections + LEAST_TEST:
            parser.error(f"{each} has too few rows")
        measure(f"{each.parent.name}/{each.name}", rows, arguments)


if __name__ == "__main__":
    main()
