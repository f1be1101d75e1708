"""What a batch learns from a sample of its texts before it answers any."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from onhand.domain.calibration import temperature_of
from onhand.domain.errors import EngineFailed, TextTooLong
from onhand.domain.heads import (
    LEAST_TEXTS,
    Head,
    Learned,
    may_be_mixed,
    may_have_head,
)
from onhand.domain.priors import Prior, without_prior
from onhand.domain.progress import Progress, ignore_progress
from onhand.domain.prompting import label_line
from onhand.domain.train_request import Train

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypeAlias

    from onhand.domain.progress import CancelToken, OnProgress
    from onhand.domain.tasks import Classify
    from onhand.services.classifying import Classifier, Evidence
    from onhand.services.ports import Engine
    from onhand.services.priors import Priors

    Names: TypeAlias = tuple[tuple[float, ...], ...]

TOGETHER = 16
"""Names that are read at once; between two lots progress is told."""


class Learning:
    """Learns priors and heads from samples."""

    def __init__(self, engine: Engine, classifier: Classifier, priors: Priors) -> None:
        self._engine = engine
        self._classifier = classifier
        self._priors = priors

    def __call__(
        self,
        task: Classify,
        model: str,
        groups: Sequence[Sequence[str]],
        cancel: CancelToken,
        on_progress: OnProgress,
    ) -> Learned:
        """What there is to learn about a task.

        A group on which the engine fails does not count.

        Args:
            task: a classification.
            model: names the model that the engine uses.
            groups: texts that stand for all; the engine is asked about each at once.
            cancel: stops it.
            on_progress: told after each group how many texts were read; names of labels
                count as such.
        """
        found = self._priors.of(task, model, cancel, keep=False)
        found = Prior(found.neutral, found.neutral)
        total = sum(map(len, groups))
        states = _has_use_for_head(task, total)
        total += len(task.labels) if states else 0
        read: list[Evidence] = []
        for number, texts in enumerate(groups, 1):
            with suppress(EngineFailed, TextTooLong):
                read += self._classifier.evidence(
                    task, texts, cancel, ignore_progress, states=states
                )
            on_progress(Progress(done=sum(map(len, groups[:number])), total=total))
        found = found.with_texts(each.shares[0] for each in read)
        names: Names = ()
        if states:
            # They come last: what was read of the texts is still remembered then.
            names = self.names(task, cancel, _behind(on_progress, total))
        head = self.head(task, read, found.logs, names, cancel)
        if head is not None:
            head = as_sure(head, model)
        return Learned(dict(zip(task.options, found.logs, strict=True)), head)

    def head(
        self,
        task: Classify,
        read: Sequence[Evidence],
        prior: Sequence[float],
        names: Names,
        cancel: CancelToken,
    ) -> Head | None:
        """What the model's own answers teach, read with states; None where that is little.

        The labels of the texts, if somebody gave any, play no part; `names` is what
        `names()` gave.
        """
        if not _has_use_for_head(task, len(read)):
            return None
        if not names and not may_be_mixed(len(read), len(task.options)):
            return None
        return self.fitted(
            [each.state for each in read],
            [each.logprobs[0] for each in read],
            prior,
            names,
            cancel,
        )

    def fitted(
        self,
        states: Sequence[Sequence[float]],
        logprobs: Sequence[Sequence[float]],
        prior: Sequence[float],
        names: Sequence[Sequence[float]],
        cancel: CancelToken,
    ) -> Head | None:
        """What texts teach whose states are known; None where the engine fails.

        Args:
            states: of the texts.
            logprobs: what the model says of them, by option.
            prior: of that, by option.
            names: states of the names of labels, if they are known.
            cancel: stops it.
        """
        request = Train(
            states=tuple(map(tuple, states)),
            shares=tuple(tuple(without_prior(each, prior)) for each in logprobs),
            names=tuple(map(tuple, names)),
        )
        with suppress(EngineFailed):
            trained = self._engine.train(request, cancel)
            return Head(weights=trained.weights, bias=trained.bias, own=trained.own)
        return None

    def names(self, task: Classify, cancel: CancelToken, on_progress: OnProgress) -> Names:
        """The states of the names of labels, each in the place of a text.

        What belongs in a label stands behind its name, as in the prompt. Empty where the
        engine fails on one of them.
        """
        texts = [label_line(each) for each in task.labels]
        read: list[Evidence] = []
        with suppress(EngineFailed, TextTooLong):
            for at in range(0, len(texts), TOGETHER):
                read += self._classifier.evidence(
                    task, texts[at : at + TOGETHER], cancel, ignore_progress, states=True
                )
                on_progress(Progress(done=len(read), total=len(texts)))
            return tuple(each.state for each in read)
        return ()


def _behind(on_progress: OnProgress, total: int) -> OnProgress:
    """Tells of the last of so many texts."""
    return lambda at: on_progress(
        Progress(done=total - at.total + at.done, total=total, note=at.note)
    )


def as_sure(head: Head, model: str) -> Head:
    """A head beside which answers need not be made as sure as those of the model alone."""
    return replace(head, temperature=head.temperature / temperature_of(model))


def _has_use_for_head(task: Classify, texts: int) -> bool:
    return may_have_head(task) and texts >= LEAST_TEXTS
