"""Learning from corrections by itself: when a lesson is due, and trying it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.domain.tasks import version
from onhand.domain.teaching import LEAST_EXAMPLES
from onhand.services.making_way import NobodyWaits, Way, Yielding

if TYPE_CHECKING:
    from onhand.domain.progress import CancelToken
    from onhand.domain.tasks import Task
    from onhand.services.ports import SettingsStore
    from onhand.services.teach import Teach, Teaching

LEAST_NEW = 5
"""Labelled texts that came since the last lesson, and since one was undone or came to
nothing; with fewer nothing would change."""


class Learn:
    """Tries a lesson where one is due, and the settings let it. One thread at a time."""

    def __init__(self, teach: Teach, settings: SettingsStore) -> None:
        self._teach = teach
        self._settings = settings
        self._tried: dict[tuple[str, str], int] = {}

    def __call__(
        self,
        task: Task,
        cancel: CancelToken,
        way: Way = NobodyWaits(),  # noqa: B008 - it cannot be changed
    ) -> Teaching | None:
        """What came of a lesson from what was corrected; None where none is due.

        `way` are others who want this thread: the lesson is broken off for them and
        begun again, a few times at most.

        Raises:
            HistoryLocked, DiskFull, DataFolderUnwritable: it cannot be kept.
            ModelMissing, ModelUnusable, EngineFailed: there is nothing to learn with.
            Cancelled: all is as it was.
        """
        if not self._settings.load().learn:
            return None
        standing = self._teach.standing(task)
        of = version(task), standing.model
        before = self._tried.get(of, 0)
        # What a model said of other texts says nothing of how many people labelled.
        if standing.taught is not None and not standing.taught.teacher:
            learned = standing.taught.learned.taught
            before = max(before, standing.taught.lesson.examples, learned)
        # Whoever undid a lesson has said no to what these texts teach, in any process.
        new = min(standing.new, standing.texts - before)
        if standing.texts < LEAST_EXAMPLES or new < LEAST_NEW:
            return None
        teaching = Yielding(way).until_done(
            lambda token: self._teach(task, cancel=token), cancel
        )
        self._tried[of] = standing.texts
        return teaching
