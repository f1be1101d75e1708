"""What labelled texts teach of others, and which part of a text's state does it.

    python tests/benchmarks/teaching.py SET … [--model FILE] [--rows 250 250]
        [--draws 10] [--taught 20 50 100 200]

A set is a folder as for `calibration.py`, of one label a text; as many training rows and
rows to test are read as `--rows` says. For each number of texts that teach, drawn some
times, is printed how many of all other texts are right without them; with a head on the
state that the answer comes from, on the mean of the text's own tokens, and on both; as the
program answers, with the head on both where it is adopted; and how much better that was
than without it in the worst draw. A last line takes the first training rows and the rows to
test, as measurements from outside do.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
from pathlib import Path
from typing import TYPE_CHECKING

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
from onhand.domain.heads import Head
from onhand.domain.priors import Prior, without_prior
from onhand.domain.task_file import read_task
from onhand.domain.teaching import Verdict, lesson_of
from onhand.domain.train_request import Train
from onhand.engine.llama.train import train

if TYPE_CHECKING:
    from collections.abc import Sequence


class Rows:
    """What a model says of the rows of a set."""

    def __init__(self, classifier, folder: Path, limits: Sequence[int]) -> None:
        task = read_task((folder / "task.toml").read_text())
        parts = [
            [row for row in gold_rows(folder, part, limit) if row[1] in task.answers]
            for part, limit in zip(("train", "test"), limits, strict=True)
        ]
        self.first = len(parts[0])
        rows = [row for part in parts for row in part]
        self._labels = [task.answers.index(label) for _, label in rows]
        self._neutral = neutral_prior(classifier, task).neutral
        read = evidence(classifier, task, [text for text, _ in rows], states=True)
        self._said = [each.logprobs[0] for each in read]
        self._shares = [each.shares[0] for each in read]
        states = [each.state for each in read]
        self._half = len(states[0]) // 2
        self._states = {
            "last": [state[: self._half] for state in states],
            "mean": [state[self._half :] for state in states],
            "both": states,
        }
        names = names_of(classifier, task)
        self._names = {
            "last": tuple(state[: self._half] for state in names),
            "mean": (),
            "both": names,
        }

    def __len__(self) -> int:
        return len(self._labels)

    def figures(self, chosen: list[int], rest: list[int]) -> dict[str, float]:
        """The share of the rest that is right, without and with what was chosen."""
        prior = Prior(self._neutral, self._neutral).with_texts(
            self._shares[at] for at in chosen
        )
        own = [without_prior(each, prior.logs) for each in self._said]
        found = {"own": self._right(rest, own)}
        for name, states in self._states.items():
            trained = train(
                Train(
                    states=tuple(states[at] for at in chosen),
                    shares=tuple(tuple(own[at]) for at in chosen),
                    labels=tuple(self._labels[at] for at in chosen),
                    names=self._names[name],
                ),
                self._half,
            )
            head = Head(trained.weights, trained.bias, trained.own, 1.0)
            said = {at: head.applied(own[at], states[at]) for at in rest}
            found[name] = self._right(rest, said)
            adopted = self._adopted(chosen, own, trained.held_out)
        found["answered"] = found["both"] if adopted else found["own"]
        return found

    def _adopted(self, chosen, own, held_out) -> bool:
        """Whether a lesson of these texts is."""
        lesson = lesson_of(
            [(self._labels[at],) for at in chosen],
            [own[at] for at in chosen],
            held_out,
        )
        return lesson.verdict is Verdict.ADOPTED

    def _right(self, rest, said) -> float:
        return statistics.fmean(_best(said[at]) == self._labels[at] for at in rest)


def _best(shares: Sequence[float]) -> int:
    return max(range(len(shares)), key=shares.__getitem__)


def told(figures: list[dict[str, float]]) -> str:
    """The means, and the worst."""
    means = "  ".join(
        f"{name} {statistics.fmean(each[name] for each in figures):.3f}"
        for name in figures[0]
    )
    worst = min(each["answered"] - each["own"] for each in figures)
    return f"{means}  worst {worst:+.3f}"


def main() -> None:
    """Draw and teach."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", type=Path, nargs="+")
    parser.add_argument("--model", type=Path, default=STARTER)
    parser.add_argument("--rows", type=int, nargs=2, default=[250, 250])
    parser.add_argument("--draws", type=int, default=10)
    parser.add_argument("--taught", type=int, nargs="+", default=[20, 50, 100, 200])
    arguments = parser.parse_args()
    with classifying(arguments.model) as (_, classifier):
        for folder in arguments.sets:
            rows = Rows(classifier, folder, arguments.rows)
            say(f"{folder.name}: {len(rows)} rows, {arguments.model.name}")
            for size in arguments.taught:
                dice = random.Random(size)  # noqa: S311 - nothing is secret here
                found = []
                for _ in range(arguments.draws):
                    order = dice.sample(range(len(rows)), len(rows))
                    found.append(rows.figures(order[:size], order[size:]))
                say(f"  {size:3} drawn teach: {told(found)}")
                whole = range(len(rows))
                outside = rows.figures([*whole[:size]], [*whole[rows.first :]])
                say(f"  {size:3} first teach: {told([outside])}")


if __name__ == "__main__":
    main()
