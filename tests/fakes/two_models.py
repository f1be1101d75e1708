"""A smaller and a larger model that answer by the number in a text, to be told apart."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

from fakes.stores import outcome
from onhand.domain.answers import Classification
from onhand.domain.errors import EngineCrashed, TextTooLong
from onhand.domain.heads import Learned
from onhand.domain.progress import Progress, ignore_progress
from onhand.services.ports import InstalledModel

if TYPE_CHECKING:
    from onhand.domain.answers import Outcome
    from onhand.domain.errors import AppError

SMALL = InstalledModel(id="small", title="Small", path=Path("/models/small.gguf"), bytes=10)
LARGE = InstalledModel(id="large", title="Large", path=Path("/models/large.gguf"), bytes=90)


def numbers(count, start=0):
    """So many texts, each with a number."""
    return [f"text {number:04}" for number in range(start, start + count)]


def is_easy(text):
    """Whether the smaller model is sure of it; of the others it knows half."""
    return text[-1:].isdigit() and int(text[-1]) % 5 < 3


class TwoModels:
    """Answers as one of two models; the smaller one is right about what it is sure of.

    A text with "poison" crashes the engine of the larger model, one with "bitter" that of
    the smaller one; "endless" fits neither. Texts that end in no digit are hard.

    Attributes:
        path: tells the file of the model that the engine uses.
        asked: the texts that each was asked about, by its id.
        turns: the ids of the models that answered, each as often as it took turns.
        learned: with what each answered last, by its id.
        quick: what the smaller one takes, of a second that the larger one takes.
        always: whether the smaller one is as sure of what it gets wrong.
        dies_at: which call, from 1, is interrupted before it answers; 0 for none.
    """

    def __init__(
        self, small: InstalledModel = SMALL, large: InstalledModel = LARGE
    ) -> None:
        self.small, self.large = small, large
        self.path = lambda: self._chosen.path
        self._chosen = large
        self.asked: dict[str, list[str]] = {small.id: [], large.id: []}
        self.turns: list[str] = []
        self.learned: dict[str, Learned | None] = {}
        self.quick = 0.2
        self.always = False
        self.taught = 0
        self.dies_at = 0
        self._calls = 0

    @property
    def used(self) -> InstalledModel:
        """The one that answers now."""
        return self.small if self.path() == self.small.path else self.large

    def use(self, model: InstalledModel) -> None:
        """Answer as this model from now on."""
        self._chosen = model

    def find(self, name: str) -> InstalledModel:
        """One of both."""
        return {each.id: each for each in (self.small, self.large)}[name]

    def learn(self, task, groups, cancel, on_progress=ignore_progress):
        """Something that tells the models apart."""
        total = sum(map(len, groups))
        on_progress(Progress(done=total, total=total))
        share = -float(self.used.bytes)
        return Learned(dict.fromkeys(task.options, share), taught=self.taught)

    def answer_many(self, task, texts, cancel, learned=None):
        """One entry for each text."""
        self._calls += 1
        if self._calls == self.dies_at:
            raise KeyboardInterrupt
        cancel.raise_if_cancelled()
        self.learned[self.used.id] = learned
        if self.turns[-1:] != [self.used.id]:
            self.turns.append(self.used.id)
        bad = "bitter" if self.used == self.small else "poison"
        if any(bad in text for text in texts):
            raise EngineCrashed("by SIGSEGV")
        self.asked[self.used.id] += texts
        return [self._answer(task, text) for text in texts]

    def _answer(self, task, text) -> Outcome | AppError:
        if "endless" in text:
            return TextTooLong("9000 tokens")
        labels = task.answers
        place, share = sum(map(ord, text)) % len(labels), 0.97
        if self.used == self.small and not is_easy(text):
            share = 0.97 if self.always else 0.55
            place = (place + (text[-1:] not in "38")) % len(labels)
        rest = (1 - share) / (len(labels) - 1)
        scores = {each: share if at == place else rest for at, each in enumerate(labels)}
        answered = outcome(
            Classification(label=labels[place], scores=scores),
            confidence=share,
            seconds=self.quick if self.used == self.small else 1.0,
        )
        return dataclasses.replace(answered, model=self.used.id)
