"""Choosing the examples that a text is shown with, where a task has many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.domain.nearest import Nearest
from onhand.domain.prompting import has_many_examples

if TYPE_CHECKING:
    from collections.abc import Iterable

    from onhand.domain.tasks import Classify, Example

CHOSEN = 4
"""Examples for a text, the most similar one last, next to it."""

LETTERS = 2000
"""What they take together, at most."""


class Showing:
    """Finds the examples of a task that are most like a text."""

    def __init__(self) -> None:
        self._task: Classify | None = None
        self._usable: list[Example] = []
        self._nearest = Nearest(())

    def examples(self, task: Classify, text: str) -> list[Example]:
        """The examples to be shown in front of a text; none where all stand in the prompt.

        The text itself is not among them: a text that was corrected would be answered by
        its correction, and nothing would be learned of how sure the model is.
        """
        if not has_many_examples(task):
            return []
        self._look_at(task)
        order = self._nearest.of(text, CHOSEN + 1)
        others = [each for each in order if self._usable[each].text.strip() != text.strip()]
        return self._fitting(others)[::-1]

    def longest(self, task: Classify) -> list[Example]:
        """What takes as much room as any choice of examples could."""
        if not has_many_examples(task):
            return []
        self._look_at(task)
        sizes = [len(each.text) for each in self._usable]
        return self._fitting(sorted(range(len(sizes)), key=lambda each: -sizes[each]))

    def _look_at(self, task: Classify) -> None:
        if self._task is not task:
            self._usable = [each for each in task.examples if isinstance(each.answer, str)]
            self._nearest = Nearest([each.text for each in self._usable])
            self._task = task

    def _fitting(self, order: Iterable[int]) -> list[Example]:
        chosen: list[Example] = []
        room = LETTERS
        for number in order:
            example = self._usable[number]
            if len(chosen) < CHOSEN and len(example.text) <= room:
                chosen.append(example)
                room -= len(example.text)
        return chosen
