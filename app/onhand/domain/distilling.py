"""What a larger model's labels taught a smaller one, in figures and as rows to look at."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from onhand.domain.export import defused
from onhand.domain.teaching import Lesson

LEFT_OUT = 0.1
"""The share of labels, the least sure ones, that nothing is learned from."""

LEAST_TEXTS = 20
"""With fewer, nobody could tell what the smaller model learned."""

COLUMNS = ("text", "label", "confidence", "learned")


@dataclass(frozen=True, kw_only=True)
class Guess:
    """What a model answered to a text.

    Attributes:
        label: the label, or all labels as a cell of a table names them.
        confidence: how sure it was, 0 to 1.
        learned: whether it taught the smaller model.
        labels: where any number may be right, those that it gave; None for one label.
    """

    text: str
    label: str
    confidence: float
    learned: bool = True
    labels: tuple[str, ...] | None = None

    @property
    def answer(self) -> str | list[str]:
        """The same as an answer of the task."""
        return self.label if self.labels is None else [*self.labels]


@dataclass(frozen=True, kw_only=True)
class Distilled:
    """What came of it.

    Attributes:
        teacher, model: ids of the larger and the smaller one.
        lesson: how often the smaller one gave the same label without and with what it
            learned, on texts that it had not learned from.
        guesses: all labels, the least sure first.
        failed: texts that the larger one could not answer.
        seconds: what a text took the larger one, and what it takes the smaller one.
    """

    teacher: str
    model: str
    lesson: Lesson
    guesses: Sequence[Guess]
    failed: int
    seconds: tuple[float, float]

    @property
    def same(self) -> float:
        """The share of held-out texts to which the smaller one gives the same label."""
        return self.lesson.after / max(1, self.lesson.examples)

    @property
    def time(self) -> float:
        """The share of the larger one's time that the smaller one takes."""
        slow, quick = self.seconds
        return quick / slow if slow > 0 else 1.0


def parted(guesses: Sequence[Guess]) -> list[Guess]:
    """Labels, the least sure first; of these some are not to be learned from.

    They are spread over the labels: where one label is always less sure than others, it
    would not be learned at all. Where any number may be right, over how many there are: of
    several labels all are right less surely.
    """
    ordered = sorted(guesses, key=lambda each: each.confidence)
    left: dict[str, int] = {}
    for each in ordered:
        left[_kind(each)] = left.get(_kind(each), 0) + 1
    room = {label: int(LEFT_OUT * count) for label, count in left.items()}
    found = []
    for each in ordered:
        doubtful = room[_kind(each)] > 0
        room[_kind(each)] -= doubtful
        found.append(replace(each, learned=not doubtful))
    return found


def as_csv(guesses: Sequence[Guess]) -> str:
    """Labels as a table to look at; no spreadsheet runs a text of it."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(COLUMNS)
    for each in guesses:
        cells = (each.text, each.label)
        writer.writerow([*map(defused, cells), *_figures(each)])
    return written.getvalue()


def as_jsonl(guesses: Sequence[Guess]) -> str:
    """The same as JSON Lines."""
    return "".join(
        json.dumps(
            {
                "text": each.text,
                "label": each.label,
                "confidence": round(each.confidence, 4),
                "learned": each.learned,
            },
            ensure_ascii=False,
        )
        + "\n"
        for each in guesses
    )


def _kind(each: Guess) -> str:
    return each.label if each.labels is None else str(len(each.labels))


def _figures(each: Guess) -> tuple[str, str]:
    return f"{each.confidence:.4f}", "yes" if each.learned else "no"
