"""What teaching a task came to: adopted only where it helps beyond chance.

Both ways of answering are tried on the same labelled texts: the head with fits that did not
see the text, and what would have answered without it. The difference is McNemar's exact
test.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from onhand.domain.belonging import with_none
from onhand.domain.comparing import CHANCE, mcnemar
from onhand.domain.costs import cheapest, counted, stake
from onhand.domain.errors import UsageError
from onhand.domain.heads import Learned
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


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """What some labelled texts taught.

    Attributes:
        verdict: whether it is used from now on.
        examples: how many labelled texts there were, each once.
        before: how many of them were answered rightly as things were.
        after: how many by the head, each by a fit without it.
        only: how many the one and the other alone had right.
        skipped: texts that could not be read.
    """

    verdict: Verdict
    examples: int
    before: int = 0
    after: int = 0
    only: tuple[int, int] = (0, 0)
    skipped: int = 0

    @property
    def probability(self) -> float:
        """How probable such a difference is where both are right equally often."""
        return mcnemar(*self.only)


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
        teacher: id of the model that labelled the texts; "" where people did.
    """

    learned: Learned
    lesson: Lesson
    at: datetime
    held_out: tuple[tuple[float, ...], ...] = ()
    labels: tuple[int, ...] = ()
    teacher: str = ""

    def sightings(self, task: Classify) -> tuple[Sighting, ...]:
        """How the held-out texts would have been answered, and whether rightly."""
        return tuple(
            _sighting(task, row, task.answers[label])
            for row, label in zip(self.held_out, self.labels, strict=True)
        )


def lesson_of(
    labels: Sequence[int], before: Sequence[int], after: Sequence[int], *, skipped: int = 0
) -> Lesson:
    """The lesson of some texts: the right answers, and those without and with the head."""
    old = [each == label for each, label in zip(before, labels, strict=True)]
    new = [each == label for each, label in zip(after, labels, strict=True)]
    pairs = list(zip(old, new, strict=True))
    only = pairs.count((True, False)), pairs.count((False, True))
    helps = only[1] > only[0] and mcnemar(*only) < CHANCE
    return Lesson(
        verdict=Verdict.ADOPTED if helps else Verdict.NO_GAIN,
        examples=len(labels),
        before=sum(old),
        after=sum(new),
        only=only,
        skipped=skipped,
    )


def _sighting(task: Classify, row: Sequence[float], right: str) -> Sighting:
    shares = row if task.none is None else with_none(row)
    scores = dict(zip(task.answers, shares, strict=True))
    given = cheapest(task.costs, scores)
    return Sighting(
        raw=scores[given],
        right=given == right,
        stake=stake(task.costs, scores, given),
        loss=counted(task.costs, given, right),
    )
