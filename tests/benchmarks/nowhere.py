"""Whether a taught head should tell by itself what belongs nowhere.

    python tests/benchmarks/nowhere.py SET … [--labels 8] [--model FILE] [--limit 400]
        [--draws 8] [--part train]

A set is a folder as for `calibration.py`. Some of its labels are kept; a quarter of the
texts have others, and belong nowhere. For each number of texts that teach, with so many
that belong nowhere among them, is printed how often the others are answered rightly, all of
them, those that have a label, and those that belong nowhere: before, by the head alone, and
where the form of the head's answer counts as well, as it does for an untaught task.
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
from onhand.domain.belonging import with_none
from onhand.domain.heads import Head
from onhand.domain.priors import Prior
from onhand.domain.progress import CancelToken
from onhand.domain.task_file import read_task
from onhand.domain.train_request import Train
from onhand.services.classifying import own_shares

SIZES = (20, 50, 100, 150)
NONE = (None, 2, 0)
"""How many of the texts that teach belong nowhere; None: a quarter."""


def partly(folder: Path, part: str, labels: int, limit: int):
    """A task with some of the labels, and texts with the number of their answer."""
    task = read_task((folder / "task.toml").read_text())
    dice = random.Random(7)  # noqa: S311 - nothing is secret here
    kept = dice.sample(list(task.labels), min(labels, len(task.labels) - 1))
    names = [label.name for label in kept]
    rows = gold_rows(folder, part, 10**9)
    dice.shuffle(rows)
    known = ((text, names.index(label)) for text, label in rows if label in names)
    others = ((text, len(names)) for text, label in rows if label not in names)
    texts = [*islice(known, limit - limit // 4), *islice(others, limit // 4)]
    return dataclasses.replace(task, labels=tuple(kept), none="none of these"), texts


def chosen(dice, labels, nowhere, size, none):
    """The places of the texts that teach."""
    if none is None:
        return dice.sample(range(len(labels)), size)
    known = [at for at, label in enumerate(labels) if label != nowhere]
    others = [at for at, label in enumerate(labels) if label == nowhere]
    return dice.sample(known, size - none) + dice.sample(others, none)


def shares_right(rows, labels, nowhere):
    """Of all texts, of those with a label, and of those that belong nowhere."""
    hits = [
        (row.index(max(row)) == label, label == nowhere)
        for row, label in zip(rows, labels, strict=True)
    ]
    return (
        statistics.fmean(hit for hit, _ in hits),
        statistics.fmean(hit for hit, none in hits if not none),
        statistics.fmean(hit for hit, none in hits if none),
    )


def tried(engine, task, read, neutral, labels, places):
    """What is right before, by the head, and by the head and the form of its answer."""
    prior = Prior(neutral, neutral).with_texts(read[at].shares[0] for at in places)
    own = [own_shares(task, each, prior.logs) for each in read]
    trained = engine.train(
        Train(
            states=tuple(read[at].state for at in places),
            shares=tuple(own[at] for at in places),
            labels=tuple(labels[at] for at in places),
        ),
        CancelToken(),
    )
    head = Head(trained.weights, trained.bias, trained.own, 1.0)
    rest = [at for at in range(len(read)) if at not in set(places)]
    said = [head.applied(own[at], read[at].state) for at in rest]
    right, nowhere = [labels[at] for at in rest], len(task.labels)
    return {
        "before": shares_right([with_none(own[at]) for at in rest], right, nowhere),
        "head": shares_right(said, right, nowhere),
        "and form": shares_right([with_none(row) for row in said], right, nowhere),
    }


def main() -> None:
    """Draw and teach."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", type=Path, nargs="+")
    parser.add_argument("--labels", type=int, default=8)
    parser.add_argument("--model", type=Path, default=STARTER)
    parser.add_argument("--limit", type=int, default=400)
    parser.add_argument("--draws", type=int, default=8)
    parser.add_argument("--part", default="train")
    arguments = parser.parse_args()
    with classifying(arguments.model) as (engine, classifier):
        engine.state()
        for folder in arguments.sets:
            task, texts = partly(folder, arguments.part, arguments.labels, arguments.limit)
            labels = [label for _, label in texts]
            neutral = neutral_prior(classifier, task).neutral
            read = evidence(classifier, task, [text for text, _ in texts], states=True)
            say(f"{folder.name}: {len(texts)} texts, {len(task.labels)} labels")
            for size in (each for each in SIZES if 2 * each <= len(texts)):
                for none in NONE:
                    dice = random.Random(size)  # noqa: S311 - nothing is secret here
                    found = [
                        tried(
                            *(engine, task, read, neutral, labels),
                            chosen(dice, labels, len(task.labels), size, none),
                        )
                        for _ in range(arguments.draws)
                    ]
                    told = (
                        f"{name} "
                        + " / ".join(
                            f"{statistics.fmean(each):.3f}"
                            for each in zip(*(one[name] for one in found), strict=True)
                        )
                        for name in found[0]
                    )
                    many = "a quarter" if none is None else none
                    say(f"  {size:3} texts teach, {many} of them: {', '.join(told)}")


if __name__ == "__main__":
    main()
