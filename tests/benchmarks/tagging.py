"""How well any number of labels is found: one question for all, or one for each.

    python tests/benchmarks/tagging.py SET … [--labels 6] [--model FILE] [--limit N]

A set is a folder as for `calibration.py`. Of its labels some are kept. Half of the texts
are two of the set put together, a quarter are single ones, a quarter have none of the
labels, if there are others. Printed are micro-F1, the share of texts with just the right
labels, and the seconds: for a question of yes and no about each label, as the model says
and with the prior of neutral texts taken out, and as the program gives them.
"""

from __future__ import annotations

import argparse
import dataclasses
import random
import sys
import time
from pathlib import Path

# The folder above this one, where the fakes are imported from in tests.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))


from benchmarks.scoring import classifying, labelled, say
from fakes.starter import STARTER
from onhand.domain.belonging import standing_out
from onhand.domain.neutral import NEUTRAL
from onhand.domain.primitives import Question, Score
from onhand.domain.priors import NEUTRAL_TEXTS, Prior, normalised
from onhand.domain.progress import CancelToken, ignore_progress
from onhand.domain.prompting import classify_prompt
from onhand.domain.task_file import read_task
from onhand.services.classifying import judge

ANY = NEUTRAL[: int(NEUTRAL_TEXTS)]


def several(folder: Path, labels: int, limit: int):
    """A task with some labels, and texts with all that are right."""
    task = read_task((folder / "task.toml").read_text())
    dice = random.Random(5)  # noqa: S311 - nothing is secret here
    kept = dice.sample(list(task.labels), min(labels, len(task.labels)))
    names = {label.name for label in kept}
    rows = labelled(folder, 10**9)
    known = [row for row in rows if row[1] in names]
    others = [row for row in rows if row[1] not in names] or known
    texts = []
    for number in range(limit):
        one, two = dice.choice(known), dice.choice(known)
        if number % 4 < 2:
            texts.append((f"{one[0]}. {two[0]}", {one[1], two[1]}))
        else:
            one = one if number % 4 == 2 else dice.choice(others)
            texts.append((one[0], {one[1]} & names))
    return dataclasses.replace(task, labels=tuple(kept), multiple=True), texts


def asked_apart(engine, task, texts):
    """The probability of yes for each label of each text."""
    prompt = classify_prompt(task)
    questions = tuple(
        Question(
            ask=f'\n\nDoes the text belong in the category "{label.name}"?',
            reply="",
            options=("yes", "no"),
        )
        for label in task.labels
    )
    found = engine.score(
        Score(prompt=prompt, texts=texts, questions=questions), CancelToken()
    )
    return [[normalised(each)[0] for each in row] for row in found.logprobs]


def told(task, answers, texts) -> str:
    """How good some answers are."""
    names = [label.name for label in task.labels]
    found = [{names[at] for at, share in enumerate(row) if share >= 0.5} for row in answers]
    right = [labels for _, labels in texts]
    both = sum(len(one & two) for one, two in zip(found, right, strict=True))
    all_ = sum(len(one) + len(two) for one, two in zip(found, right, strict=True))
    exact = sum(one == two for one, two in zip(found, right, strict=True))
    return f"F1 {2 * both / max(1, all_):.2f}, all right {exact / len(texts):.2f}"


def main() -> None:
    """Ask both ways."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", type=Path, nargs="+")
    parser.add_argument("--labels", type=int, default=6)
    parser.add_argument("--model", type=Path, default=STARTER)
    parser.add_argument("--limit", type=int, default=24)
    arguments = parser.parse_args()
    with classifying(arguments.model) as (engine, classifier):
        engine.state()
        for each in arguments.sets:
            task, texts = several(each, arguments.labels, arguments.limit)
            given = tuple(text for text, _ in texts)
            begin = time.perf_counter()
            apart = asked_apart(engine, task, given)
            usual = Prior.of_neutral(asked_apart(engine, task, ANY)).neutral
            seconds = time.perf_counter() - begin
            without = [
                [
                    standing_out([yes, 1 - yes], [often, 1 - often])[0]
                    for yes, often in zip(row, usual, strict=True)
                ]
                for row in apart
            ]
            say(f"{each.name}: one by one: {told(task, apart, texts)}, {seconds:.0f} s")
            say(f"{each.name}: without the prior: {told(task, without, texts)}")
            begin = time.perf_counter()
            found, neutral = (
                classifier.evidence(task, some, CancelToken(), ignore_progress)
                for some in (given, ANY)
            )
            seconds = time.perf_counter() - begin
            prior = Prior.of_neutral([row.shares[0] for row in neutral])
            scores = [judge(task, row, prior.logs).answer.scores.values() for row in found]
            say(f"{each.name}: as given: {told(task, scores, texts)}, {seconds:.0f} s")


if __name__ == "__main__":
    main()
