"""What a task's single texts are answered with before anybody corrects anything.

As a batch learns from a sample of its rows (`learning.py`), so do the texts that come one
by one: from the names of labels and neutral texts at first, then from the user's last ones.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from onhand.domain.errors import AppError, EngineFailed, TextTooLong
from onhand.domain.heads import Head, may_have_head
from onhand.domain.progress import ignore_progress
from onhand.domain.task_samples import GROWTH, Sample, Seen, numbers
from onhand.domain.tasks import version
from onhand.services.learning import TOGETHER, as_sure
from onhand.services.priors import NEUTRALS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onhand.domain.progress import CancelToken
    from onhand.domain.tasks import Classify
    from onhand.services.classifying import Classifier, Evidence
    from onhand.services.history_ports import SampleStore
    from onhand.services.learning import Learning
    from onhand.services.writing import Watch

PASSING = 20
"""Labels of a task at most whose names are read where nothing may be kept: they would have
to be read again for every text."""

_log = logging.getLogger(__name__)


@dataclass
class _Known:
    """What is known of a task with a model.

    Attributes:
        new: texts that came since the head was learned.
        kept: whether it is kept for the next time.
    """

    sample: Sample
    head: Head
    new: int = 0
    kept: bool = False

    @property
    def is_old(self) -> bool:
        return self.new * GROWTH >= len(self.sample.shown)


class Samples:
    """Learns from the texts of tasks, one after the other.

    What cannot be kept is found out again the next time; that stops no answer.
    """

    def __init__(
        self, store: SampleStore, classify: Classifier, learning: Learning
    ) -> None:
        self._store = store
        self._classify = classify
        self._learning = learning
        self._known: dict[tuple[str, str], _Known | None] = {}

    def head(
        self,
        task: Classify,
        model: str,
        prior: Sequence[float],
        watch: Watch,
        *,
        keep: bool,
    ) -> Head | None:
        """The head that a text is answered with; None where there can be none.

        Args:
            task: a classification.
            model: names the model that the engine uses now.
            prior: natural logarithms by option.
            watch: told how many names of labels were read, where they are many.
            keep: whether what is found out may be kept.
        """
        key = (version(task), model)
        if key not in self._known:
            sample, lasts = self._load(key, task)
            if sample is None and not may_be_read(task, keep=keep and lasts):
                return None
            kept = sample is not None
            sample = sample or self._collected(task, watch)
            self._known[key] = self._learned(model, sample, prior, watch.cancel, kept=kept)
        known = self._known[key]
        if known is None:
            return None
        if known.is_old:
            known.new = 0
            again = self._learned(model, known.sample, prior, watch.cancel, kept=known.kept)
            self._known[key] = known = again or known
        if keep and not known.kept:
            known.kept = self._save(key, known.sample)
        return known.head

    def drop(self) -> None:
        """Know no more than a start of the program would."""
        self._known.clear()

    def add(self, task: Classify, model: str, evidence: Evidence) -> None:
        """Take in one of the user's texts.

        The same text again, one time after the other, counts once.
        """
        known = self._known.get((version(task), model))
        if known is None or not known.head.fits(len(evidence.states[0])):
            return
        seen = _seen(evidence, len(known.head.weights[0]))
        if known.sample.texts[-1:] != (seen,):
            known.sample = known.sample.with_text(seen)
            known.new += 1
            try:
                self._store.add(version(task), model, seen)
            except AppError as error:
                _log.warning("a text is not learned from: %s", error.code)

    def _collected(self, task: Classify, watch: Watch) -> Sample | None:
        many = len(task.labels) > TOGETHER
        on_progress = watch.on_progress if many else ignore_progress
        names = self._learning.names(task, watch.cancel, on_progress)
        if not names:
            return None
        try:
            read = self._classify.evidence(
                task, NEUTRALS, watch.cancel, ignore_progress, states=True
            )
        except (EngineFailed, TextTooLong):
            return None
        return Sample(tuple(map(numbers, names)), tuple(map(_seen, read)))

    def _learned(
        self,
        model: str,
        sample: Sample | None,
        prior: Sequence[float],
        cancel: CancelToken,
        *,
        kept: bool,
    ) -> _Known | None:
        """With the numbers of states alone that a head has a use for."""
        if sample is None:
            return None
        head = self._learning.fitted(
            [each.state for each in sample.shown],
            [each.logprobs for each in sample.shown],
            prior,
            sample.names,
            cancel,
        )
        if head is None:
            return None
        width = len(head.weights[0])
        return _Known(sample.narrowed(width), as_sure(head, model), kept=kept)

    def _load(self, key: tuple[str, str], task: Classify) -> tuple[Sample | None, bool]:
        """What is known, and whether anything can be kept where it would be."""
        try:
            found = self._store.load(*key)
        except AppError as error:
            _log.warning("what was learned cannot be read: %s", error.code)
            return None, False
        usable = found is not None and found.is_whole(len(task.labels), len(task.options))
        return found if usable else None, True

    def _save(self, key: tuple[str, str], sample: Sample) -> bool:
        try:
            self._store.begin(*key, sample)
        except AppError as error:
            _log.warning("what was learned is not kept: %s", error.code)
            return False
        return True


def may_be_read(task: Classify, *, keep: bool) -> bool:
    """Whether names of the task's labels are worth the time that it takes to read them."""
    return may_have_head(task) and (keep or len(task.labels) <= PASSING)


def _seen(evidence: Evidence, width: int | None = None) -> Seen:
    return Seen(numbers(evidence.state[:width]), tuple(evidence.logprobs[0]))
