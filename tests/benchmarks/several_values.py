"""Fields with several values: asked of a whole text, and of a sentence or two at a time.

    python tests/benchmarks/several_values.py SET --model FILE [--texts 4] [--join 10]

SET is a folder with a task.toml, perhaps a gold.json, and a train.jsonl whose rows have
`spans` of [start, end, field]. A text is some of its rows, one behind the other. Prints
precision, recall and F1 over all values, and the seconds.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

# The folder above this one, where the fakes are imported from in tests.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.scoring import classifying, say
from onhand.domain.progress import CancelToken, ignore_progress
from onhand.domain.task_file import read_task
from onhand.services.extracting import Extractor
from onhand.services.reading_parts import Reader

if TYPE_CHECKING:
    from onhand.domain.primitives import Prompt
    from onhand.domain.splitting import Part
    from onhand.domain.tasks import Extract

    Values = set[tuple[str, str]]


class Whole(Reader):
    """Has every field asked of as much of the text as fits."""

    def sentences(
        self, text: str, prompt: Prompt, behind: tuple[str, ...], cancel: CancelToken
    ) -> list[Part]:
        """Its parts."""
        return self.parts(text, prompt, behind, cancel)


def main() -> None:
    """Ask both ways, and count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("set", type=Path)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--texts", type=int, default=4)
    parser.add_argument("--join", type=int, default=10)
    given = parser.parse_args()
    task = read_task((given.set / "task.toml").read_text())
    gold = given.set / "gold.json"
    names = json.loads(gold.read_text()).get("fields", {}) if gold.exists() else {}
    fields = {names.get(each.name, each.name): each.name for each in task.fields}
    lines = (given.set / "train.jsonl").read_text().splitlines()
    rows = [json.loads(line) for line in lines[: given.texts * given.join]]
    groups = [rows[at : at + given.join] for at in range(0, len(rows), given.join)]
    with classifying(given.model) as (engine, _):
        for how, reader in (("whole", Whole(engine)), ("in sentences", Reader(engine))):
            tell(how, Extractor(engine, reader), task, fields, groups)


def tell(
    how: str,
    extract: Extractor,
    task: Extract,
    fields: dict[str, str],
    groups: list[list[dict]],
) -> None:
    """Print a line."""
    begin = time.perf_counter()
    right = wanted = found = 0
    for rows in groups:
        there = {
            (fields[field], plain(row["text"][start:end]))
            for row in rows
            for start, end, field in row["spans"]
            if field in fields
        }
        told = values(extract, task, "\n".join(row["text"] for row in rows))
        right, wanted, found = (
            right + len(there & told),
            wanted + len(there),
            found + len(told),
        )
    precision, recall = right / max(1, found), right / max(1, wanted)
    f1 = 2 * right / max(1, found + wanted)
    seconds = time.perf_counter() - begin
    say(
        f"{how:14} precision {precision:.3f}  recall {recall:.3f}  F1 {f1:.3f}"
        f"  {seconds:.0f} s"
    )


def values(extract: Extractor, task: Extract, text: str) -> Values:
    """What is found, as fields and words."""
    answer = extract(task, text, CancelToken(), ignore_progress).answer
    return {
        (name, plain(each.text)) for name, group in answer.fields.items() for each in group
    }


def plain(words: str) -> str:
    """Without differences of case and blanks."""
    return " ".join(words.lower().split())


if __name__ == "__main__":
    main()
