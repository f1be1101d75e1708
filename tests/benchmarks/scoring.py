"""What benchmarks of classifications share: rows, and what a model says of them."""

from __future__ import annotations

import json
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

# The folder above this one, where the fakes are imported from in tests.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from fakes.starter import real_engine
from onhand.domain.neutral import NEUTRAL
from onhand.domain.priors import NEUTRAL_TEXTS, Prior
from onhand.domain.progress import CancelToken, ignore_progress
from onhand.domain.prompting import label_line
from onhand.services.classifying import Classifier, Evidence
from onhand.services.reading_parts import Reader
from onhand.storage.ladder_file import LadderFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from onhand.domain.tasks import Classify
    from onhand.services.ports import Engine

TOGETHER = 32
"""Texts that are scored in a request."""


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


@contextmanager
def classifying(model: Path) -> Iterator[tuple[Engine, Classifier]]:
    """An engine with a model, and a classifier on it."""
    with (
        tempfile.TemporaryDirectory() as folder,
        real_engine(
            model=model, context=4096, ladder=LadderFile(Path(folder) / "ladder.json")
        ) as engine,
    ):
        yield engine, Classifier(engine, Reader(engine))


def labelled(folder: Path, limit: int) -> list[tuple[str, str]]:
    """Texts of a set's training rows with the task's names of their labels."""
    return gold_rows(folder, "train", limit)


def gold_rows(folder: Path, part: str, limit: int) -> list[tuple[str, str]]:
    """The same of any part; the rows may lie in the folder above."""
    gold = folder / "gold.json"
    told = json.loads(gold.read_text()) if gold.exists() else {}
    names = {
        theirs: ours
        for ours, given in told.get("labels", {}).items()
        for theirs in ([given] if isinstance(given, str) else given)
    }
    place = folder / f"{part}.jsonl"
    if not place.exists():
        place = folder.parent / place.name
    rows = [json.loads(line) for line in place.read_text().splitlines()]
    column = told.get("column", "label")
    return [(each["text"], names.get(each[column], each[column])) for each in rows][:limit]


def evidence(
    classifier: Classifier, task: Classify, texts: Sequence[str], *, states: bool = False
) -> list[Evidence]:
    """What the model says of some texts."""
    return [
        each
        for at in range(0, len(texts), TOGETHER)
        for each in classifier.evidence(
            task, texts[at : at + TOGETHER], CancelToken(), ignore_progress, states=states
        )
    ]


def names_of(classifier: Classifier, task: Classify) -> tuple[tuple[float, ...], ...]:
    """The states behind the names of its labels."""
    texts = [label_line(each) for each in task.labels]
    return tuple(each.state for each in evidence(classifier, task, texts, states=True))


def neutral_prior(classifier: Classifier, task: Classify) -> Prior:
    """What it says of neutral texts."""
    found = evidence(classifier, task, NEUTRAL[: int(NEUTRAL_TEXTS)])
    return Prior.of_neutral([each.shares[0] for each in found])
