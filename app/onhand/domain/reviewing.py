"""A rewrite under review: each change is taken or left, and the text follows."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from onhand.domain.checks import checks_of
from onhand.domain.edits import apply_edits
from onhand.domain.languages import UNKNOWN
from onhand.domain.tasks import Keep

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from onhand.domain.answers import Check, Edit


class Verdict(Enum):
    """What the reader says of a change; one that is open counts as taken."""

    OPEN = auto()
    TAKEN = auto()
    LEFT = auto()


class Review:
    """The changes of one rewrite with their verdicts, every one of which can be undone.

    Attributes:
        before: the text as it was given.
        edits: the changes, in order and without overlap.
        language: of the text as it was given; "" where it is unknown.
    """

    def __init__(self, before: str, edits: Iterable[Edit], language: str = UNKNOWN) -> None:
        self.before = before
        self.language = language
        self.edits = tuple(sorted(edits, key=lambda each: (each.start, each.end)))
        self._states: list[tuple[Verdict, ...]] = [(Verdict.OPEN,) * len(self.edits)]

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """One for each change."""
        return self._states[-1]

    @property
    def can_be_undone(self) -> bool:
        """Whether there is a verdict to take back."""
        return len(self._states) > 1

    @property
    def is_untouched(self) -> bool:
        """Whether the text is the one that was written."""
        return Verdict.LEFT not in self.verdicts

    def decide(self, verdict: Verdict, *numbers: int) -> None:
        """Give these changes a verdict, in one step."""
        after = tuple(
            verdict if number in numbers else old
            for number, old in enumerate(self.verdicts)
        )
        if after != self.verdicts:
            self._states.append(after)

    def undo(self) -> None:
        """Take the last step back, if there is one."""
        if self.can_be_undone:
            self._states.pop()

    def text(self) -> str:
        """The given text with every change that was not left out."""
        pairs = zip(self.edits, self.verdicts, strict=True)
        return apply_edits(
            self.before, [edit for edit, verdict in pairs if verdict is not Verdict.LEFT]
        )

    def next_open(self, number: int) -> int:
        """The next change without a verdict after this one, around the end; -1 for none."""
        count = len(self.edits)
        order = [(number + step) % count for step in range(1, count + 1)]
        return next((each for each in order if self.verdicts[each] is Verdict.OPEN), -1)


def checks_now(review: Review, written: Sequence[Check]) -> tuple[Check, ...]:
    """The checks as they are after the verdicts.

    `written` are those of the text as the model wrote it. What is about words that must be
    kept is looked at again; what is about the whole, its language for example, stays.
    """
    if review.is_untouched:
        return tuple(written)
    names = {check.name for check in written}
    keep = [each for each in Keep if each.value in names]
    checks = checks_of(review.before, review.text(), keep, review.language)
    fresh = {check.name: check for check in checks}
    return tuple(fresh.get(check.name, check) for check in written)
