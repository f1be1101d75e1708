"""What is remembered of a task to learn from without labels, with one model.

That is how the model sees the names of the task's labels, some neutral texts, and the
user's last texts: numbers. A text may be guessed from them, so they are kept where texts
are, and go with these (decision 069).
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from onhand.domain.heads import LEAST_TEXTS

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST = 100
"""The user's last texts that are kept; more hardly tell anything new (decision 068)."""

GROWTH = 4
"""What was learned is learned anew when a fourth more texts are there, or are new."""


@dataclass(frozen=True)
class Seen:
    """A text as a model saw it.

    Attributes:
        state: the hidden state that the answer comes from.
        logprobs: natural logarithms of the probabilities of the options.
    """

    state: array[float]
    logprobs: tuple[float, ...]


@dataclass(frozen=True)
class Sample:
    """What stands for all texts of a task.

    Attributes:
        names: states of the names of labels, in the task's order.
        neutral: neutral texts, which stand in while there are few others.
        texts: the user's, the newest last.
    """

    names: tuple[array[float], ...]
    neutral: tuple[Seen, ...]
    texts: tuple[Seen, ...] = ()

    def with_text(self, seen: Seen) -> Sample:
        """After one more of the user's texts."""
        return replace(self, texts=(*self.texts, seen)[-MOST:])

    @property
    def shown(self) -> tuple[Seen, ...]:
        """The texts to learn from."""
        return self.texts if len(self.texts) >= LEAST_TEXTS else self.neutral + self.texts

    def narrowed(self, width: int) -> Sample:
        """With the first numbers of each state alone, so many of them."""
        return Sample(
            tuple(each[:width] for each in self.names),
            tuple(replace(each, state=each.state[:width]) for each in self.neutral),
            tuple(replace(each, state=each.state[:width]) for each in self.texts),
        )

    def is_whole(self, labels: int, options: int) -> bool:
        """Whether it is of a task with so many labels, and one model throughout."""
        seen = self.neutral + self.texts
        return (
            len(self.names) == labels
            and bool(seen)
            and {len(each.logprobs) for each in seen} == {options}
            and len({len(each) for each in (*self.names, *(one.state for one in seen))})
            == 1
        )


def numbers(values: Sequence[float]) -> array[float]:
    """A state in the precision that is kept of it."""
    return array("f", values)
