"""How much labelled texts teach where any number of labels may be right.

    python tests/benchmarks/several_labels.py SET … [--labels 8] [--model FILE] [--limit N]
        [--draws 10] [--part train]

A set is a folder as for `calibration.py`, of one label a text. Of its labels some are kept.
Of eight texts three are two texts of the set put together, one is three, three are single
ones, and one has none of the labels, if there are others; no text of the set is used twice.
For each number of texts that teach, drawn some times, is printed: how often the lesson is
adopted; on all other texts, without and with it, the share with just the right labels and
F1 over all labels; the same as the program would answer, with it where it is adopted; what
the lesson itself says by its held-out texts; and how sure it was of whole answers on the
others after calibration, where it is adopted.
"""

from __future__ import annotations

import argparse
import dataclasses
import random
import statistics
import sys
from itertools import islice
from pathlib import Path

# The folder above this one, where the fakes are imported from in tests.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.scoring import classifying, evidence, gold_rows, neutral_prior, say
from fakes.starter import STARTER
from onhand.domain.belonging import sureness
from onhand.domain.calibration import ENOUGH, calibration_of
from onhand.domain.heads import Head
from onhand.domain.label_sets import micro_f1
from onhand.domain.logistic_curve import Sighting
from onhand.domain.priors import Prior
from onhand.domain.progress import CancelToken
from onhand.domain.task_file import read_task
from onhand.domain.teaching import Verdict, answer_of, lesson_of
from onhand.domain.train_request import Train
from onhand.services.classifying import own_shares

SIZES = (20, 50, 100, 200)
KINDS = (2, 1, 2, 1, 3, 1, 2, 0)
"""How many texts are put together, one time after the other."""


def several(folder: Path, part: str, labels: int, limit: int):
    """A task with some labels, and texts with the numbers of all that are right."""
    task = read_task((folder / "task.toml").read_text())
    dice = random.Random(7)  # noqa: S311 - nothing is secret here
    kept = dice.sample(list(task.labels), min(labels, len(task.labels)))
    names = [label.name for label in kept]
    rows = gold_rows(folder, part, 10**9)
    dice.shuffle(rows)
    known = iter([row for row in rows if row[1] in names])
    others = iter([row for row in rows if row[1] not in names])
    texts = []
    for number in range(limit):
        some = list(islice(known, KINDS[number % len(KINDS)]))
        some = some or list(islice(others, 1)) or list(islice(known, 1))
        if not some:
            break
        text = ". ".join(each.strip().rstrip(".") for each, _ in some)
        right = {names.index(label) for _, label in some if label in names}
        texts.append((text, tuple(sorted(right))))
    return dataclasses.replace(task, labels=tuple(kept), multiple=True, none=None), texts


class Lessons:
    """What a model says of some texts, and what some of them teach of the others."""

    def __init__(self, engine, classifier, task, texts) -> None:
        self._engine, self._task = engine, task
        self._right = [right for _, right in texts]
        self._neutral = neutral_prior(classifier, task).neutral
        self._read = evidence(classifier, task, [text for text, _ in texts], states=True)
        self._states = [each.state for each in self._read]

    def figures(self, chosen):
        """The figures of one draw."""
        prior = Prior(self._neutral, self._neutral).with_texts(
            self._read[at].shares[0] for at in chosen
        )
        own = [own_shares(self._task, each, prior.logs) for each in self._read]
        request = Train(
            states=tuple(self._states[at] for at in chosen),
            shares=tuple(own[at] for at in chosen),
            right=tuple(self._right[at] for at in chosen),
        )
        trained = self._engine.train(request, CancelToken())
        lesson = lesson_of(
            request.right,
            [own[at] for at in chosen],
            trained.held_out,
            several=True,
        )
        head = Head(trained.weights, trained.bias, trained.own, 1.0)
        rest = [at for at in range(len(own)) if at not in set(chosen)]
        said = [head.applied_apart(own[at], self._states[at]) for at in rest]
        right = [self._right[at] for at in rest]
        before = self._told([own[at] for at in rest], right)
        after = self._told(said, right)
        adopted = lesson.verdict is Verdict.ADOPTED
        size = len(chosen)
        return {
            "adopted": float(adopted),
            "before": before,
            "after": after,
            "as answered": after if adopted else before,
            "told before": (lesson.before / size, lesson.f1[0]),
            "told after": (lesson.after / size, lesson.f1[1]),
            "surer than right": self._surer(trained.held_out, request.right, said, right),
        }

    def _told(self, rows, right):
        answers = [answer_of(self._task, row) for row in rows]
        pairs = zip(answers, right, strict=True)
        exact = statistics.fmean(one == two for one, two in pairs)
        return exact, micro_f1(answers, right)

    def _surer(self, held_out, known, said, right) -> float:
        """Mean confidence of whole answers less the share that is right."""
        seen = [
            Sighting(sureness(row), answer_of(self._task, row) == labels)
            for row, labels in zip(held_out, known, strict=True)
        ]
        calibration = calibration_of(seen)
        if calibration.judged < ENOUGH:
            return 0.0
        sure = statistics.fmean(calibration.confidence(sureness(row)) for row in said)
        return sure - self._told(said, right)[0]


def mean(figures):
    """The means of figures, or of pairs of them."""
    first = figures[0]
    if isinstance(first, float):
        return f"{statistics.fmean(figures):.3f}"
    return " / ".join(
        f"{statistics.fmean(each):.3f}" for each in zip(*figures, strict=True)
    )


def main() -> None:
    """Draw and teach."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", type=Path, nargs="+")
    parser.add_argument("--labels", type=int, default=8)
    parser.add_argument("--model", type=Path, default=STARTER)
    parser.add_argument("--limit", type=int, default=320)
    parser.add_argument("--draws", type=int, default=10)
    parser.add_argument("--part", default="train")
    arguments = parser.parse_args()
    with classifying(arguments.model) as (engine, classifier):
        engine.state()
        for folder in arguments.sets:
            task, texts = several(folder, arguments.part, arguments.labels, arguments.limit)
            lessons = Lessons(engine, classifier, task, texts)
            say(f"{folder.name}: {len(texts)} texts, {len(task.labels)} labels")
            for size in (each for each in SIZES if each + 40 <= len(texts)):
                dice = random.Random(size)  # noqa: S311 - nothing is secret here
                found = [
                    lessons.figures(dice.sample(range(len(texts)), size))
                    for _ in range(arguments.draws)
                ]
                told = (
                    f"{name} {mean([each[name] for each in found])}" for name in found[0]
                )
                say(f"  {size:3} texts teach: {', '.join(told)}")


if __name__ == "__main__":
    main()
