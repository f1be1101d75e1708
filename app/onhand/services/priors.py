"""The prior of a task with a model: from neutral texts at first, then from every text."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from onhand.domain.errors import AppError
from onhand.domain.heads import may_have_head
from onhand.domain.neutral import NEUTRAL
from onhand.domain.priors import NEUTRAL_TEXTS, Prior
from onhand.domain.progress import ignore_progress
from onhand.domain.tasks import version

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onhand.domain.progress import CancelToken
    from onhand.domain.tasks import Classify
    from onhand.services.classifying import Classifier
    from onhand.services.history_ports import PriorStore

NEUTRALS = NEUTRAL[: int(NEUTRAL_TEXTS)]
"""The texts that stand for any."""

_log = logging.getLogger(__name__)


class Priors:
    """Finds out, keeps and refines priors.

    What cannot be kept is found out again the next time; that stops no answer. What was
    learned from texts that were forgotten is dropped by `drop_forgotten`.
    """

    def __init__(self, store: PriorStore, classify: Classifier) -> None:
        self._store = store
        self._classify = classify
        self._known: dict[tuple[str, str], Prior] = {}
        self._learned: Sequence[float] = ()
        self._mark = ""

    def drop_forgotten(self) -> bool:
        """Know no more than a start of the program would, if texts were forgotten since.

        Tells whether they were; another thread or process may have done it, so this is to
        be asked before each text. What is forgotten from then on is not kept again by it.
        """
        try:
            mark = self._store.mark()
        except AppError as error:
            _log.warning("nobody can say what was forgotten: %s", error.code)
            return False
        if mark == self._mark:
            return False
        self._mark = mark
        self._known.clear()
        self._learned = ()
        return True

    def of(self, task: Classify, model: str, cancel: CancelToken, *, keep: bool) -> Prior:
        """The prior of a task with the model that the engine uses now.

        Args:
            task: a classification.
            model: names the model.
            cancel: stops it.
            keep: whether it may be kept for the next time.
        """
        key = (version(task), model)
        if key not in self._known:
            found = self._load(*key)
            if found is None or len(found.neutral) != len(task.options):
                rows = self._classify.evidence(
                    task, NEUTRALS, cancel, ignore_progress, states=may_have_head(task)
                )
                found = Prior.of_neutral([each.shares[0] for each in rows])
                if keep:
                    self._save(key, found)
            self._known[key] = found
        return self._known[key]

    def learn(self, task: Classify, model: str, shares: Sequence[float]) -> None:
        """Take in one of the user's texts, by the probabilities of its options.

        The same text again, one time after the other, counts once.
        """
        key = (version(task), model)
        if key in self._known and shares != self._learned:
            self._learned = shares
            self._known[key] = self._known[key].with_texts([shares])
            self._save(key, self._known[key])

    def _load(self, task_version: str, model: str) -> Prior | None:
        try:
            return self._store.load(task_version, model)
        except AppError as error:
            _log.warning("a prior cannot be read: %s", error.code)
            return None

    def _save(self, key: tuple[str, str], prior: Prior) -> None:
        try:
            self._store.save(*key, prior, self._mark)
        except AppError as error:
            _log.warning("a prior is not kept: %s", error.code)
