"""Two models on the same texts: how often they agree, and which is right more often."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from enum import StrEnum
from math import comb

from onhand.domain.answers import Answer, Rewriting, Summary
from onhand.domain.tasks import AnswerData, Rewrite, Summarise, Task
from onhand.domain.verdicts import as_correction, is_right

FEW = 20
"""With fewer corrected items nothing is said of a difference that could be chance."""

CHANCE = 0.05
"""From here on a difference is taken for chance."""


MOST = 100
"""Texts that are replayed where the user sets no other limit."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which texts are replayed.

    Attributes:
        task: only those of this task, by its name or file; "" for all.
        limit: how many at most; corrected ones first, of those the newest.
        samples: texts that come with the program instead of the user's.
    """

    task: str = ""
    limit: int = MOST
    samples: bool = False


ALL = Wanted()


class Finding(StrEnum):
    """What the corrected items say."""

    NOTHING = "nothing"  # none is corrected
    TOO_FEW = "too_few"
    CHANCE = "chance"  # neither is right more often than by chance
    FIRST = "first"  # the first one is right more often
    SECOND = "second"


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What a model made of a text.

    Attributes:
        answer: None where there is none.
        seconds: what the answer took.
        error: why there is none, as a sentence without the final stop.
    """

    answer: Answer | None
    seconds: float = 0.0
    error: str = ""


@dataclass(frozen=True, kw_only=True)
class Item:
    """A text that both models answered.

    Attributes:
        record: its number in the history; 0 for a text that came with the program.
        right: the right answer as the user gave it; None where nobody said.
        replies: of the first and of the second model.
    """

    record: int
    task: Task
    text: str
    right: AnswerData | None
    replies: tuple[Reply, Reply]

    @property
    def written(self) -> bool:
        """Whether the answer is a new text, of which no two need to be the same."""
        return isinstance(self.task, Rewrite | Summarise)

    @property
    def answered(self) -> bool:
        """Whether both have an answer."""
        return all(reply.answer is not None for reply in self.replies)

    @property
    def same(self) -> bool:
        """Whether both have the same answer, or none."""
        first, second = (reply.answer for reply in self.replies)
        if first is None or second is None:
            return first is second
        return is_right(self.task, first, as_correction(second))

    @property
    def judged(self) -> bool:
        """Whether it can be told which answers are right.

        A text that the user wrote tells nothing of one that is worded otherwise.
        """
        return self.right is not None and not self.written

    def is_right(self, side: int) -> bool:
        """Whether the answer of a model is what the user says; no answer is not."""
        answer = self.replies[side].answer
        if answer is None or self.right is None:
            return False
        return is_right(self.task, answer, self.right)


@dataclass(frozen=True, kw_only=True)
class Compared:
    """One of the models.

    Attributes:
        bytes: size of its file.
        memory: what it takes with its context, in bytes.
        blamed: corrected items in which its own answer was the wrong one. They were
            chosen by its errors, so it looks worse on them than it is.
    """

    model: str
    title: str
    bytes: int
    memory: int
    blamed: int = 0


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """What another model changes.

    Attributes:
        models: the first and the second one.
        items: every text that was replayed.
        samples: whether they came with the program, since the user has none.
    """

    models: tuple[Compared, Compared]
    items: tuple[Item, ...]
    samples: bool = False

    @property
    def comparable(self) -> int:
        """Items that both answered with a label or values, not with a new text."""
        return sum(item.answered and not item.written for item in self.items)

    @property
    def agreeing(self) -> int:
        """Those of them with the same answer."""
        return sum(item.answered and not item.written and item.same for item in self.items)

    @property
    def written(self) -> int:
        """Items that both answered with a new text."""
        return sum(item.answered and item.written for item in self.items)

    @property
    def judged(self) -> int:
        """Items of which the user said what is right."""
        return sum(item.judged for item in self.items)

    @property
    def changing(self) -> tuple[Item, ...]:
        """Items that get another answer, or one where there was none, or none."""
        return tuple(item for item in self.items if not item.same)

    def right(self, side: int) -> int:
        """Judged items that a model has right."""
        return sum(item.judged and item.is_right(side) for item in self.items)

    def unanswered(self, side: int) -> int:
        """Items for which a model has no answer."""
        return sum(item.replies[side].answer is None for item in self.items)

    def faulty(self, side: int) -> int:
        """New texts of a model that failed a check."""
        answers = (item.replies[side].answer for item in self.items)
        return sum(
            isinstance(answer, Rewriting | Summary)
            and not all(check.ok for check in answer.checks)
            for answer in answers
        )

    def seconds(self, side: int) -> float | None:
        """Seconds an item, the median; None where nothing was answered."""
        taken = [
            item.replies[side].seconds
            for item in self.items
            if item.replies[side].answer is not None
        ]
        return statistics.median(taken) if taken else None

    @property
    def only(self) -> tuple[int, int]:
        """Judged items that one of the two alone has right."""
        sides = [(item.is_right(0), item.is_right(1)) for item in self.items if item.judged]
        return sides.count((True, False)), sides.count((False, True))

    @property
    def probability(self) -> float:
        """How probable such a difference is where both are right equally often."""
        return mcnemar(*self.only)

    @property
    def finding(self) -> Finding:
        """What the judged items say."""
        first, second = self.only
        if not self.judged:
            return Finding.NOTHING
        if self.probability < CHANCE:
            return Finding.FIRST if first > second else Finding.SECOND
        return Finding.TOO_FEW if self.judged < FEW else Finding.CHANCE

    def looks_worse(self, side: int) -> bool:
        """Whether most of what is judged was chosen by a model's errors."""
        return 2 * self.models[side].blamed > self.judged > 0


def mcnemar(first: int, second: int) -> float:
    """The two-sided p of McNemar's exact test.

    Args:
        first: pairs in which only the first one is right.
        second: pairs in which only the second one is.
    """
    fewer, more = sorted((first, second))
    return min(1.0, 2.0 * won_by_chance(fewer, more))


def won_by_chance(lost: int, won: int) -> float:
    """The one-sided p of the same test: how probable so many or more are by chance.

    Args:
        lost: pairs in which only what was before is right.
        won: pairs in which only the new one is.
    """
    pairs = lost + won
    # Whole numbers: from 1,024 pairs on there is no such floating-point number.
    return sum(comb(pairs, each) for each in range(lost + 1)) / (1 << pairs)
