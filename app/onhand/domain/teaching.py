"""What teaching a task came to: adopted only where it helps beyond chance.

Both ways of answering are tried on the same labelled texts: the head with fits that did not
see the text, and what would have answered without it. The difference is a permutation test:
of how near the probabilities of each text are to what is right (`brier.py`); where any
number of labels may be right, of how far those given are, and whether all are
(`label_sets.py`). And more texts must be answered rightly than wrongly by it.

An answer is a tuple of numbers: that of the label, or those of all labels.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from onhand.domain.belonging import FLAT, LIKELY, sureness
from onhand.domain.brier import steps_nearer
from onhand.domain.comparing import CHANCE, won_by_chance
from onhand.domain.costs import cheapest, counted, stake
from onhand.domain.errors import UsageError
from onhand.domain.heads import Head, Learned, finished
from onhand.domain.label_sets import f1_steps, micro_f1, rightness, sign_flips
from onhand.domain.logistic_curve import Sighting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onhand.domain.tasks import Classify

LEAST_EXAMPLES = 10
"""With fewer labelled texts nothing is fitted: no test could tell help from chance."""

LEAST_LABELS = 2
"""Different labels among them, likewise."""


class UnknownLabels(UsageError):
    """Labelled texts with labels that the task does not have."""

    code = "unknown_labels"
    title = "The examples have labels that the task does not know"
    hint = (
        "Add the labels to the task, or write them as the task does; --skip-unknown leaves"
        " such rows out."
    )
    window_hint = "Add the labels to the task, or write them as the task does."


class Verdict(StrEnum):
    """Whether a lesson is used, and why not."""

    ADOPTED = "adopted"
    TOO_FEW = "too_few"  # examples
    ONE_LABEL = "one_label"
    NO_GAIN = "no_gain"  # beyond chance
    TOO_LONG = "too_long"  # each example, to be shown to a model that writes


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """What some labelled texts taught.

    Attributes:
        verdict: whether it is used from now on.
        examples: how many labelled texts there were, each once; where texts are written,
            those that were tried.
        before: how many of them were answered rightly as things were.
        after: how many by the head, each by a fit without it.
        only: how many the one and the other alone had right.
        skipped: texts that could not be read.
        f1: where any number of labels may be right, F1 over all labels before and after;
            of `before` and `after` all labels are right then.
        fields: whether fields were taught; of `before` and `after` all values are right
            then, and `f1` is over all values.
        edits: of a task that writes, the share of words that people would have to change
            before and after, as a mean over the texts; `before` and `after` are right word
            by word then.
        chance: how probable such a gain is by chance; None in lessons of earlier versions,
            which counted what only one had right (McNemar's test).
    """

    verdict: Verdict
    examples: int
    before: int = 0
    after: int = 0
    only: tuple[int, int] = (0, 0)
    skipped: int = 0
    f1: tuple[float, float] | None = None
    chance: float | None = None
    fields: bool = False
    edits: tuple[float, float] | None = None

    @property
    def probability(self) -> float:
        """How probable such a gain is where both are equally good."""
        return won_by_chance(*self.only) if self.chance is None else self.chance


@dataclass(frozen=True, kw_only=True)
class Taught:
    """What a task answers with since it was taught, with one model.

    Attributes:
        learned: prior and head.
        lesson: what it came from.
        at: when.
        held_out: probabilities of the answers of each text, in the task's order, by fits
            that knew nothing of the text.
        labels: the right answers of these texts, by number.
        right: where any number of labels may be right, those of each text instead.
        teacher: id of the model that labelled the texts; "" where people did.
    """

    learned: Learned
    lesson: Lesson
    at: datetime
    held_out: tuple[tuple[float, ...], ...] = ()
    labels: tuple[int, ...] = ()
    right: tuple[tuple[int, ...], ...] = ()
    teacher: str = ""

    def sightings(self, task: Classify) -> tuple[Sighting, ...]:
        """How the held-out texts would have been answered, and whether rightly."""
        if task.multiple:
            return tuple(
                Sighting(raw=sureness(row), right=answer_of(task, row) == right)
                for row, right in zip(self.held_out, self.right, strict=True)
            )
        head = self.learned.head
        return tuple(
            _sighting(task, finished(task, row, head), task.answers[label])
            for row, label in zip(self.held_out, self.labels, strict=True)
        )


def told(
    task: Classify,
    row: Sequence[float],
    head: Head | None = None,
    flat: float = FLAT,
) -> list[float]:
    """The probabilities of a text that its answer is taken from.

    `head` is the one that they come from, if any, `flat` as in `finished`.
    """
    return [*row] if task.multiple else finished(task, row, head, flat)


def chosen_by(row: Sequence[float], *, several: bool) -> tuple[int, ...]:
    """The answer that such probabilities make: the likeliest label, or all likely ones."""
    if several:
        return tuple(number for number, share in enumerate(row) if share >= LIKELY)
    return (max(range(len(row)), key=row.__getitem__),)


def answer_of(
    task: Classify, row: Sequence[float], head: Head | None = None
) -> tuple[int, ...]:
    """The answer that the probabilities of a text make, whatever mistakes cost.

    Those of a choice add up to 1; those of any number of labels are each by itself. `head`
    is the one that they come from, if any.
    """
    return chosen_by(told(task, row, head), several=task.multiple)


def lesson_of(
    labels: Sequence[tuple[int, ...]],
    before: Sequence[Sequence[float]],
    after: Sequence[Sequence[float]],
    *,
    skipped: int = 0,
    several: bool = False,
) -> Lesson:
    """The lesson of some texts.

    Args:
        labels: the right answers.
        before: of each text, the probabilities that it is answered by without the head, as
            `told` tells them.
        after: the same with the head.
        skipped: texts that could not be read.
        several: whether any number of labels may be right.
    """
    old = [chosen_by(row, several=several) for row in before]
    new = [chosen_by(row, several=several) for row in after]
    hits = [
        (one == right, two == right)
        for one, two, right in zip(old, new, labels, strict=True)
    ]
    if several:
        f1 = micro_f1(old, labels), micro_f1(new, labels)
        chance, helps = _several_gain(old, new, labels)
        # Together they are better then; neither may have been paid with the other.
        helps = helps and sum(second - first for first, second in hits) >= 0
    else:
        f1 = None
        chance = sign_flips(steps_nearer(before, after, [right for (right,) in labels]))
        helps = sum(second - first for first, second in hits) > 0
    return judged_lesson(hits, chance=chance, helps=helps, f1=f1, skipped=skipped)


def judged_lesson(  # noqa: PLR0913 - by keyword, what there is to tell of a lesson
    hits: Sequence[tuple[bool, bool]],
    *,
    chance: float,
    helps: bool,
    f1: tuple[float, float] | None = None,
    skipped: int = 0,
    fields: bool = False,
    edits: tuple[float, float] | None = None,
) -> Lesson:
    """The lesson of texts of which it is known whether both answers were right.

    `helps` says whether more is right than wrong by it; the rest is as in `Lesson`.
    """
    return Lesson(
        verdict=Verdict.ADOPTED if helps and chance < CHANCE else Verdict.NO_GAIN,
        examples=len(hits),
        before=sum(first for first, _ in hits),
        after=sum(second for _, second in hits),
        only=(hits.count((True, False)), hits.count((False, True))),
        skipped=skipped,
        f1=f1,
        chance=chance,
        fields=fields,
        edits=edits,
    )


def _several_gain(
    old: Sequence[tuple[int, ...]],
    new: Sequence[tuple[int, ...]],
    labels: Sequence[tuple[int, ...]],
) -> tuple[float, bool]:
    """How probable such a gain is by chance, and whether no label was paid for it."""
    sides = [*zip(old, new, labels, strict=True)]
    gain = sum(f1_steps(two, right) - f1_steps(one, right) for one, two, right in sides)
    chance = sign_flips(
        [rightness(two, right) - rightness(one, right) for one, two, right in sides]
    )
    return chance, gain >= 0


def _sighting(task: Classify, shares: Sequence[float], right: str) -> Sighting:
    scores = dict(zip(task.answers, shares, strict=True))
    given = cheapest(task.costs, scores)
    return Sighting(
        raw=scores[given],
        right=given == right,
        stake=stake(task.costs, scores, given),
        loss=counted(task.costs, given, right),
    )
