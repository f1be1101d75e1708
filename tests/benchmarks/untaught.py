"""What a batch learns from a sample of its own texts, where nobody gave labels.

    python tests/benchmarks/untaught.py SET … [--model FILE] [--rows 250] [--samples 60 200]

A set is a folder as for `calibration.py`, of one label a text; its training rows are read.
For each size of the sample, its first rows, is printed how many of all rows are right by
the model alone, with the prior of the sample taken out, and with the head that the sample
teaches beside it, without and with the names of labels.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

# The folder above this one, where the fakes are imported from in tests.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.scoring import (
    classifying,
    evidence,
    labelled,
    names_of,
    neutral_prior,
    say,
)
from fakes.starter import STARTER
from onhand.domain.heads import Head
from onhand.domain.priors import Prior, without_prior
from onhand.domain.progress import CancelToken
from onhand.domain.task_file import read_task
from onhand.domain.train_request import Train

if TYPE_CHECKING:
    from collections.abc import Sequence


def _right(said: Sequence[Sequence[float]], labels: Sequence[int]) -> float:
    return statistics.fmean(
        max(range(len(each)), key=each.__getitem__) == label
        for each, label in zip(said, labels, strict=True)
    )


def main() -> None:
    """Score once, learn from samples."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", type=Path, nargs="+")
    parser.add_argument("--model", type=Path, default=STARTER)
    parser.add_argument("--rows", type=int, default=250)
    parser.add_argument("--samples", type=int, nargs="+", default=[60, 200])
    arguments = parser.parse_args()
    with classifying(arguments.model) as (engine, classifier):
        for folder in arguments.sets:
            task = read_task((folder / "task.toml").read_text())
            rows = labelled(folder, arguments.rows)
            rows = [row for row in rows if row[1] in task.answers]
            labels = [task.answers.index(label) for _, label in rows]
            neutral = neutral_prior(classifier, task).neutral
            read = evidence(classifier, task, [text for text, _ in rows], states=True)
            names = names_of(classifier, task)
            say(f"{folder.name}: {len(rows)} rows, {arguments.model.name}")
            for size in arguments.samples:
                sample = read[:size]
                prior = Prior(neutral, neutral)
                prior = prior.with_texts(each.shares[0] for each in sample)
                own = [without_prior(each.logprobs[0], prior.logs) for each in read]
                request = Train(
                    states=tuple(each.state for each in sample),
                    shares=tuple(map(tuple, own[:size])),
                )
                told = [f"alone {_right(own, labels):.3f}"]
                for way, known in {"without": (), "with": names}.items():
                    request = msgspec.structs.replace(request, names=known)
                    trained = engine.train(request, CancelToken())
                    head = Head(trained.weights, trained.bias, trained.own)
                    both = [
                        head.applied(shares, each.state)
                        for shares, each in zip(own, read, strict=True)
                    ]
                    told.append(f"{way} names {_right(both, labels):.3f}")
                say(f"  sample of {len(sample):3}: {', '.join(told)}")


if __name__ == "__main__":
    main()
