"""Fitting a head to labelled texts, and trying it on those that each fit left out."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from onhand.domain.belonging import flat_of
from onhand.domain.errors import EngineFailed, TextTooLong
from onhand.domain.heads import NONE_KNOWN, Head, Learned
from onhand.domain.learning_curve import Curve, CurvePoint, draws
from onhand.domain.priors import Prior
from onhand.domain.progress import Progress, ignore_progress
from onhand.domain.tasks import Classify
from onhand.domain.teaching import Lesson, Verdict, answer_of, chosen_by, lesson_of, told
from onhand.domain.train_request import Train, Trained
from onhand.services.classifying import Evidence, own_shares

if TYPE_CHECKING:
    from onhand.domain.progress import CancelToken, OnProgress
    from onhand.services.classifying import Classifier
    from onhand.services.learning import Learning
    from onhand.services.ports import Engine
    from onhand.services.priors import Priors

TOGETHER = 16
"""Texts that the engine is asked about at once; between them progress is told."""


@dataclass(frozen=True)
class Trial:
    """What a task would answer with, and how that fared on held-out texts.

    Attributes:
        learned: prior and head.
        lesson: what it came to.
        held_out: as in `Taught`.
        right: the right answers of these texts.
        seconds: what it took the model to read them.
    """

    learned: Learned
    lesson: Lesson
    held_out: tuple[tuple[float, ...], ...]
    right: tuple[tuple[int, ...], ...]
    seconds: float = 0.0


@dataclass(frozen=True)
class _Read:
    """Texts as the model reads them, what is right, and what is said of them untaught."""

    task: Classify
    evidence: Sequence[Evidence]
    states: Sequence[tuple[float, ...]]
    shares: Sequence[tuple[float, ...]]
    right: Sequence[tuple[int, ...]]
    before: Sequence[list[float]]
    prior: Sequence[float]
    names: tuple[tuple[float, ...], ...]
    seconds: float

    def training(self, places: Sequence[int]) -> Train:
        """The request to learn from some of the texts."""
        several = self.task.multiple
        return Train(
            states=tuple(self.states[each] for each in places),
            shares=tuple(self.shares[each] for each in places),
            labels=() if several else tuple(self.right[each][0] for each in places),
            right=tuple(self.right[each] for each in places) if several else (),
            names=() if several else self.names,
        )

    def answers_rightly(self, place: int) -> bool:
        """Whether a text is answered rightly untaught."""
        chosen = chosen_by(self.before[place], several=self.task.multiple)
        return chosen == self.right[place]

    def answered_with(self, usual: Learned | None) -> Sequence[list[float]]:
        """What is said of the texts by what was learned elsewhere, if it fits them."""
        head = usual.head if usual else None
        if not usual or not head or not all(each.fits(usual) for each in self.evidence):
            return self.before
        prior = [usual.prior[each] for each in self.task.options]
        applied = head.applied_apart if self.task.multiple else head.applied
        return [
            told(self.task, applied(own_shares(self.task, each, prior), state), head)
            for each, state in zip(self.evidence, self.states, strict=True)
        ]

    def head(self, trained: Trained, places: Sequence[int]) -> Head:
        """What the engine made of that request."""
        none = (len(self.task.labels),)  # which comes behind all labels
        known = sum(self.right[each] == none for each in places)
        return Head(
            weights=trained.weights,
            bias=trained.bias,
            own=trained.own,
            temperature=1.0,
            knows_none=known >= NONE_KNOWN,
        )


class Lessons:
    """Tries what labelled texts teach; keeps nothing."""

    def __init__(
        self, engine: Engine, classifier: Classifier, priors: Priors, learning: Learning
    ) -> None:
        self._engine = engine
        self._classifier = classifier
        self._priors = priors
        self._learning = learning

    def __call__(  # noqa: PLR0913 - all of a lesson's circumstances
        self,
        task: Classify,
        model: str,
        labelled: Sequence[tuple[str, tuple[int, ...]]],
        cancel: CancelToken,
        on_progress: OnProgress,
        usual: Learned | None = None,
    ) -> Trial:
        """A trial of some texts, each with its right answer.

        Progress counts texts. The gain is that over what the task would answer with if
        nobody had taught it, or over `usual`, where that was learned from other texts.

        Raises:
            EngineFailed: hardly any text could be read.
            Cancelled: the user stopped it.
        """
        read = self._all(task, model, labelled, cancel, on_progress)
        texts = len(read.right)
        trained = self._engine.train(read.training(range(texts)), cancel)
        head = read.head(trained, range(texts))
        lesson = lesson_of(
            read.right,
            read.answered_with(usual),
            [told(task, row, head) for row in trained.held_out],
            skipped=len(labelled) - texts,
            several=task.multiple,
        )
        return Trial(
            learned=Learned(dict(zip(task.options, read.prior, strict=True)), head, texts),
            lesson=lesson,
            held_out=trained.held_out,
            right=tuple(read.right),
            seconds=read.seconds,
        )

    def curve(
        self,
        task: Classify,
        model: str,
        labelled: Sequence[tuple[str, tuple[int, ...]]],
        cancel: CancelToken,
        on_progress: OnProgress,
    ) -> Curve:
        """How much more labelled texts help: each number of them drawn some times.

        What a draw teaches is tried on all texts that are not in it; a lesson that would
        not be adopted changes nothing. Progress counts texts, then fits.

        Raises:
            EngineFailed: hardly any text could be read.
            Cancelled: the user stopped it.
        """
        read = self._all(task, model, labelled, cancel, on_progress)
        plan = draws(len(read.right), read.right)
        points = []
        for done, (size, chosen) in enumerate(plan):
            on_progress(Progress(done=done, total=len(plan), note=f"{size} texts"))
            right = [hit for each in chosen for hit in self._hits(read, each, cancel)]
            points.append(CurvePoint(texts=size, right=sum(right) / len(right)))
        hits = [read.answers_rightly(each) for each in range(len(read.right))]
        return Curve(before=sum(hits) / len(hits), points=tuple(points))

    def _hits(self, read: _Read, chosen: Sequence[int], cancel: CancelToken) -> list[bool]:
        """Whether those that were not chosen are right after a lesson from the chosen."""
        trained = self._engine.train(read.training(chosen), cancel)
        head = read.head(trained, chosen)
        lesson = lesson_of(
            [read.right[each] for each in chosen],
            [read.before[each] for each in chosen],
            [told(read.task, row, head) for row in trained.held_out],
            several=read.task.multiple,
        )
        rest = sorted({*range(len(read.right))} - {*chosen})
        if lesson.verdict is not Verdict.ADOPTED:
            return [read.answers_rightly(each) for each in rest]
        applied = head.applied_apart if read.task.multiple else head.applied
        return [
            answer_of(read.task, applied(read.shares[each], read.states[each]), head)
            == read.right[each]
            for each in rest
        ]

    def _all(
        self,
        task: Classify,
        model: str,
        labelled: Sequence[tuple[str, tuple[int, ...]]],
        cancel: CancelToken,
        on_progress: OnProgress,
    ) -> _Read:
        """All that is known of the texts before anything is learned from their labels."""
        read, right = self._read(task, labelled, cancel, on_progress)
        if not read:
            raise EngineFailed("none of the labelled texts could be read")
        found = self._priors.of(task, model, cancel, keep=False)
        prior = Prior(found.neutral, found.neutral).with_texts(
            each.shares[0] for each in read
        )
        shares = [own_shares(task, each, prior.logs) for each in read]
        # What any number of labels may be right of is told label by label.
        names = () if task.multiple else self._learning.names(task, cancel, ignore_progress)
        usual = self._learning.head(task, read, prior.logs, names, cancel)
        flat = flat_of(model)
        before = [
            told(task, usual.applied(own, each.state) if usual else own, usual, flat)
            for own, each in zip(shares, read, strict=True)
        ]
        return _Read(
            task=task,
            evidence=read,
            states=[each.state for each in read],
            shares=[tuple(row) for row in shares],
            right=right,
            before=before,
            prior=prior.logs,
            names=names,
            seconds=sum(each.seconds for each in read),
        )

    def _read(
        self,
        task: Classify,
        labelled: Sequence[tuple[str, tuple[int, ...]]],
        cancel: CancelToken,
        on_progress: OnProgress,
    ) -> tuple[list[Evidence], list[tuple[int, ...]]]:
        """What the model says of the texts that it can read, and what is right."""
        read: list[Evidence] = []
        right: list[tuple[int, ...]] = []
        for start in range(0, len(labelled), TOGETHER):
            some = labelled[start : start + TOGETHER]
            for group in self._readable(task, some, cancel):
                read.append(group[0])
                right.append(group[1])
            done = min(start + TOGETHER, len(labelled))
            on_progress(Progress(done=done, total=len(labelled)))
        return read, right

    def _readable(
        self,
        task: Classify,
        some: Sequence[tuple[str, tuple[int, ...]]],
        cancel: CancelToken,
    ) -> list[tuple[Evidence, tuple[int, ...]]]:
        """Where all at once cannot be read, one by one without those that cannot."""
        texts = [text for text, _ in some]
        with suppress(EngineFailed, TextTooLong):
            found = self._classifier.evidence(
                task, texts, cancel, ignore_progress, states=True
            )
            return [(each, right) for each, (_, right) in zip(found, some, strict=True)]
        if len(some) == 1:
            return []
        return [pair for each in some for pair in self._readable(task, [each], cancel)]
