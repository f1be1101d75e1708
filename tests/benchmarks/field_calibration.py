"""How often fields are right of which a model is so sure, and the curves that foretell it.

    python tests/benchmarks/field_calibration.py SET … [--model FILE] [--limit N]

A set is a folder with a `task.toml` of fields and rows in `train.jsonl` whose `fields` have
the right values; a `gold.json` maps names, and says which lines stand in front of a text.
Prints a logistic curve for values and one for absence over all sets, each set of the same
weight: `domain/field_sureness.py` has them, rounded. Then, for each set, log loss and
calibration error as the model says it, and by the curve of all the other sets.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from sklearn.linear_model import LogisticRegression

# The folder above this one, where the fakes are imported from in tests.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.scoring import classifying, say
from fakes.starter import STARTER
from onhand.domain.errors import AppError
from onhand.domain.field_values import given_values, right_values, values_of
from onhand.domain.logistic_curve import Curve, logit
from onhand.domain.progress import CancelToken, ignore_progress
from onhand.domain.reliability import Judged, calibration_error, reliability
from onhand.domain.task_file import read_task
from onhand.domain.tasks import FieldType
from onhand.services.extracting import Extractor
from onhand.services.reading_parts import Reader

LEAST = 10
"""Fields of a kind with fewer of which a set tells nothing."""


@dataclass(frozen=True)
class Seen:
    """A field of a text: how sure the model was, whether it found a value, and rightly."""

    set: str
    sure: float
    found: bool
    right: bool


def seen_in(folder: Path, extract: Extractor, limit: int):
    """Every field of some of a set's rows but those that are recognised by their form."""
    task = read_task((folder / "task.toml").read_text())
    gold_file = folder / "gold.json"
    gold = json.loads(gold_file.read_text()) if gold_file.exists() else {}
    names = {theirs: ours for ours, theirs in gold.get("fields", {}).items()}
    rows = [json.loads(each) for each in (folder / "train.jsonl").read_text().splitlines()]
    for row in rows[:: max(1, len(rows) // limit)][:limit]:
        right: dict[str, list[str]] = {}
        for name, values in row["fields"].items():
            right.setdefault(names.get(name, name), []).extend(values)
        wanted = right_values(task, values_of(task, right))
        try:
            found = extract(task, text_of(row, gold), CancelToken(), ignore_progress)
        except AppError as error:
            say(f"{folder.name}: a row is left out ({error.code})")
            continue
        given = given_values(task, found.answer, wanted)
        words = {each.name for each in task.fields if each.type is FieldType.TEXT}
        for name, sure in found.answer.sure.items():
            if name not in words:
                continue
            ours, theirs = (
                [each for each in some if each.field == name] for some in (given, wanted)
            )
            yield Seen(folder.name, sure, bool(ours), ours == theirs)


def text_of(row, gold) -> str:
    """The row's text behind the lines that stand in front of it."""
    lines = [
        part["line"].replace(
            "{}", ", ".join(part["names"].get(each, each) for each in said)
        )
        for part in gold.get("before", [])
        if (said := row.get(part["column"]))
    ]
    return "\n\n".join(["\n".join(lines), row["text"]] if lines else [row["text"]])


def curve_of(seen) -> Curve:
    """The likeliest curve, each set of the same weight."""
    sizes = Counter(each.set for each in seen)
    found = LogisticRegression(C=1e3).fit(
        [[logit(each.sure)] for each in seen],
        [each.right for each in seen],
        sample_weight=[100 / sizes[each.set] for each in seen],
    )
    return Curve(found.coef_[0][0], found.intercept_[0])


def figures(seen, curve: Curve) -> tuple[float, float]:
    """Log loss and calibration error of some fields by a curve."""
    judged = [Judged(is_right=each.right, confidence=curve(each.sure)) for each in seen]
    losses = [
        -math.log(max(1e-6, each.confidence if each.is_right else 1 - each.confidence))
        for each in judged
    ]
    return statistics.fmean(losses), calibration_error(reliability(judged)) or 0.0


def tell(what: str, seen) -> None:
    """Print the curve of all sets, and what curves of the others say of each."""
    whole = curve_of(seen)
    say(f"{what}: slope {whole.slope:.2f}, height {whole.height:.2f}")
    means = []
    for name in dict.fromkeys(each.set for each in seen):
        some = [each for each in seen if each.set == name]
        others = [each for each in seen if each.set != name]
        if len(some) < LEAST or not others:
            continue
        plain, by_others = figures(some, Curve()), figures(some, curve_of(others))
        means.append((*plain, *by_others))
        say(f"  {name:14} {len(some):4} fields: {line(means[-1])}")
    if means:
        mean = [statistics.fmean(each) for each in zip(*means, strict=True)]
        say(f"  {'mean':14}  {line(mean)}")


def line(each) -> str:
    """Four figures in words."""
    return "log loss {0:.3f} -> {2:.3f}, calibration error {1:.3f} -> {3:.3f}".format(*each)


def main() -> None:
    """Read once, judge values and absence apart."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", type=Path, nargs="+")
    parser.add_argument("--model", type=Path, default=STARTER)
    parser.add_argument("--limit", type=int, default=25)
    arguments = parser.parse_args()
    with classifying(arguments.model) as (engine, _):
        extract = Extractor(engine, Reader(engine))
        seen = [
            each
            for folder in arguments.sets
            for each in seen_in(folder, extract, arguments.limit)
        ]
    tell("values", [each for each in seen if each.found])
    tell("absence", [each for each in seen if not each.found])


if __name__ == "__main__":
    main()
