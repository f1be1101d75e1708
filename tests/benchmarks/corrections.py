"""Corrections of a page: written as a whole, passage after passage, and side by side.

    python tests/benchmarks/corrections.py SET --model FILE [--pages 4] [--join 16]

SET is a folder with the task.toml of a correction and a train.jsonl whose rows have a
sentence as `text` and what people made of it as `references`. A page is some of them, four
to a paragraph. Prints, for the pages as they were and as they became each way: GLEU
(Napoles et al. 2015 and 2016, arXiv:1605.02592; the mean over each person's corrections),
which counts what was put right; how many of a hundred words differ from the nearest
person's, which counts what was lost or changed without need; and the seconds.
"""

from __future__ import annotations

import argparse
import json
import math
import re
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

# The folder above this one, where the fakes are imported from in tests.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.scoring import classifying, say
from onhand.domain.progress import CancelToken, ignore_progress, ignore_text
from onhand.domain.splitting import Part
from onhand.domain.task_file import read_task
from onhand.languages import Cld3Languages
from onhand.services.reading_parts import Reader
from onhand.services.rewriting import Rewriter
from onhand.services.writing import Watch, Writer

if TYPE_CHECKING:
    from onhand.domain.tasks import Rewrite
    from onhand.services.writing import Aim

PARAGRAPH = 4
"""Sentences of one."""

ORDERS = 4
"""Of n-grams, from single words on."""

_WORD = re.compile(r"\w+")


class Whole(Rewriter):
    """Has as much of a text corrected as fits."""

    def parts(self, task: Rewrite, text: str, aim: Aim, watch: Watch) -> list[Part]:
        """The text."""
        return [Part(0, len(text))]


class OneByOne(Rewriter):
    """Has passages corrected one after the other."""

    _side_by_side = Rewriter._one_by_one


def main() -> None:
    """Correct in each way, and count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("set", type=Path)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--pages", type=int, default=4)
    parser.add_argument("--join", type=int, default=16)
    given = parser.parse_args()
    task = read_task((given.set / "task.toml").read_text())
    lines = (given.set / "train.jsonl").read_text().splitlines()
    rows = [json.loads(line) for line in lines[: given.pages * given.join]]
    groups = [rows[at : at + given.join] for at in range(0, len(rows), given.join)]
    pages = [page([row["text"] for row in group]) for group in groups]
    tell("as they were", pages, groups, 0.0)
    with classifying(given.model) as (engine, _):
        writer, reader = Writer(engine, Cld3Languages()), Reader(engine, overlap=0.0)
        for how, rewrite in (
            ("whole", Whole(writer, reader)),
            ("one by one", OneByOne(writer, reader)),
            ("side by side", Rewriter(writer, reader)),
        ):
            begin = time.perf_counter()
            watch = Watch(CancelToken(), ignore_text, ignore_progress)
            made = [rewrite(task, each, watch).answer.text for each in pages]
            tell(how, made, groups, time.perf_counter() - begin)


def page(sentences: list[str]) -> str:
    """Paragraphs, with the blanks of tokenised sentences taken out."""
    tidy = [re.sub(r" ([.,;:!?%)]|n't|'\w+)", r"\1", each) for each in sentences]
    starts = range(0, len(tidy), PARAGRAPH)
    return "\n\n".join(" ".join(tidy[at : at + PARAGRAPH]) for at in starts)


def tell(how: str, pages: list[str], groups: list[list[dict]], seconds: float) -> None:
    """Print a line."""
    sources = [page([row["text"] for row in group]) for group in groups]
    people = [
        [
            page(list(each))
            for each in zip(*(row["references"] for row in group), strict=False)
        ]
        for group in groups
    ]
    scores = [gleu(sources, pages, list(each)) for each in zip(*people, strict=False)]
    wrong = sum(
        min(distance(text, x) for x in of) for text, of in zip(pages, people, strict=True)
    )
    words = sum(len(_WORD.findall(each)) for each in sources)
    say(
        f"{how:14} GLEU {sum(scores) / len(scores):.3f}"
        f"  {100 * wrong / words:5.1f} of 100 words differ  {seconds:.0f} s"
    )


def gleu(sources: list[str], outputs: list[str], references: list[str]) -> float:
    """By one person's corrections: n-grams in common with them, less those kept wrongly."""
    logs, made, wanted = 0.0, 0, 0
    for order in range(1, ORDERS + 1):
        good = all_grams = 0
        for texts in zip(sources, outputs, references, strict=True):
            source, output, reference = (grams(text, order) for text in texts)
            kept = sum(
                max(0, min(n, source[each]) - min(n, reference[each]))
                for each, n in output.items()
            )
            good += max(0, (output & reference).total() - kept)
            all_grams += output.total()
            if order == 1:
                made, wanted = made + output.total(), wanted + reference.total()
        if not good:
            return 0.0
        logs += math.log(good / all_grams) / ORDERS
    return math.exp(logs + min(0.0, 1 - wanted / made))


def grams(text: str, order: int) -> Counter[tuple[str, ...]]:
    """Its n-grams of words and marks."""
    words = re.findall(r"\w+|[^\w\s]", text)
    return Counter(tuple(words[at : at + order]) for at in range(len(words) - order + 1))


def distance(one: str, other: str) -> int:
    """Words to be put in, taken out or exchanged (Levenshtein 1966)."""
    source, target = _WORD.findall(one), _WORD.findall(other)
    costs = list(range(len(target) + 1))
    for row, word in enumerate(source, 1):
        above, costs[0] = costs[0], row
        for column, wanted in enumerate(target, 1):
            stays = above + (word != wanted)
            above = costs[column]
            costs[column] = min(stays, above + 1, costs[column - 1] + 1)
    return costs[-1]


if __name__ == "__main__":
    main()
