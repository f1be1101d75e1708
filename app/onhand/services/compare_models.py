"""What another model changes: the user's own texts, answered by both."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from onhand.domain.comparing import ALL, Compared, Comparison, Item, Reply, Wanted
from onhand.domain.errors import (
    AppError,
    EngineFailed,
    ModelMissing,
    ModelUnusable,
    UsageError,
)
from onhand.domain.layouts import bare_id
from onhand.domain.model_errors import NothingToCompare
from onhand.domain.progress import Progress, ignore_progress, ignore_text
from onhand.domain.samples import samples_of
from onhand.domain.tasks import AnswerData, Task, identity, version
from onhand.domain.verdicts import is_right
from onhand.services.history_ports import Record
from onhand.services.making_way import NobodyWaits, Yielding
from onhand.services.writing import Watch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from onhand.domain.progress import CancelToken, OnProgress
    from onhand.services.answering import Answering
    from onhand.services.history_ports import HistoryStore
    from onhand.services.making_way import Way
    from onhand.services.models import Models
    from onhand.services.ports import InstalledModel, TaskStore

PATIENCE = 3
"""So many texts in a row may take the engine down; then the model is at fault."""


@dataclass(frozen=True, kw_only=True)
class _Exam:
    """A text to be put to both models."""

    record: int
    task: Task
    text: str
    right: AnswerData | None = None
    made: Record | None = None


class CompareModels:
    """Puts the user's pinned and corrected texts to two models, one after the other.

    Nothing of it is kept, and only one model is in memory at a time.
    """

    def __init__(  # noqa: PLR0913 - wired in one place, by keyword
        self,
        *,
        models: Models,
        answering: Answering,
        history: HistoryStore,
        tasks: TaskStore,
        memory: Callable[[InstalledModel], int],
        stopwatch: Callable[[], float] = time.perf_counter,
    ) -> None:
        """`memory` tells the bytes that a model takes with its context."""
        self._models = models
        self._answering = answering
        self._history = history
        self._tasks = tasks
        self._memory = memory
        self._stopwatch = stopwatch

    def __call__(  # noqa: PLR0913 - by keyword, and each is a choice of the user
        self,
        first: str,
        second: str,
        cancel: CancelToken,
        on_progress: OnProgress = ignore_progress,
        *,
        wanted: Wanted = ALL,
        way: Way = NobodyWaits(),  # noqa: B008 - it cannot be changed
    ) -> Comparison:
        """Answer every text with the first model, then with the second one.

        Afterwards the next request is answered by the model that is selected, whatever
        happens here; it is loaded with that request.

        Args:
            first: a model, as for `Models`.
            second: another one.
            cancel: stops it at once.
            on_progress: called on this thread; counts the answers of both.
            wanted: which texts.
            way: others who want this thread; they are served between two answers, and in
                the middle of one.

        Raises:
            ModelMissing: one of the two is not on this machine.
            WrongChecksum: the file of one is not what it was when it came.
            NothingToCompare: there is no text.
            UsageError: both are the same model.
            TaskUnknown, TaskInvalid: there is no such task.
            ModelUnusable, EngineFailed: one of the two cannot be run here.
            Cancelled: the user stopped it.
        """
        models = [self._models.admitted(each) for each in (first, second)]
        if models[0].path == models[1].path:
            raise UsageError(f"both are {models[0].id}")
        exams = self._exams(wanted)
        if not exams:
            raise NothingToCompare
        tell = _Telling(models, [exam.text for exam in exams], self._stopwatch, on_progress)
        try:
            replies = [self._replies(each, exams, cancel, tell, way) for each in models]
        finally:
            self._reselect()
        items = tuple(
            Item(
                record=exam.record,
                task=exam.task,
                text=exam.text,
                right=exam.right,
                replies=(one, other),
            )
            for exam, one, other in zip(exams, *replies, strict=True)
        )
        sides = [self._side(each, exams) for each in models]
        return Comparison(models=(sides[0], sides[1]), items=items, samples=wanted.samples)

    def _exams(self, wanted: Wanted) -> list[_Exam]:
        only = identity(self._tasks.find(wanted.task)) if wanted.task else ""
        exams = self._samples() if wanted.samples else self._kept(only, wanted.limit)
        found = [each for each in exams if only in {"", identity(each.task)}]
        return found[: wanted.limit]

    def _kept(self, only: str, limit: int) -> list[_Exam]:
        """Corrected ones, then those that are pinned; of equal texts the newest."""
        most = limit if not only else _EVERYTHING
        exams: dict[tuple[str, str], _Exam] = {}
        for entry in (*self._history.corrected(most), *self._history.pinned(most)):
            if entry.bare:
                continue
            key = (version(entry.task), entry.text)
            exams.setdefault(
                key,
                _Exam(
                    record=entry.id,
                    task=entry.task,
                    text=entry.text,
                    right=entry.correction,
                    made=entry,
                ),
            )
        return list(exams.values())

    def _samples(self) -> list[_Exam]:
        return [
            _Exam(record=0, task=task, text=text)
            for _, task in self._tasks.names()
            for text in samples_of(task)
        ]

    def _replies(
        self,
        model: InstalledModel,
        exams: Sequence[_Exam],
        cancel: CancelToken,
        tell: _Telling,
        way: Way,
    ) -> list[Reply]:
        """A model's answers; what one text alone is to blame for stands in its place."""
        tell.begin(model)
        cancel.raise_if_cancelled()
        yielding = Yielding(way, lambda: self._models.keep(model))
        replies: list[Reply] = []
        failures = 0
        for exam in exams:
            ask = partial(self._ask, exam)
            try:
                replies.append(yielding.until_done(ask, cancel))
                failures = 0
            except (ModelMissing, ModelUnusable):
                raise
            except AppError as error:
                failures += isinstance(error, EngineFailed)
                if failures == PATIENCE:
                    raise
                replies.append(Reply(answer=None, error=str(error)))
            tell.answered()
        return replies

    def _ask(self, exam: _Exam, cancel: CancelToken) -> Reply:
        # Loads the model, if need be, so that it can be stopped in the middle of that.
        self._answering.reader.count("", cancel)
        watch = Watch(cancel, ignore_text, ignore_progress)
        outcome = self._answering.answer(exam.task, exam.text, watch)
        return Reply(answer=outcome.answer, seconds=outcome.seconds)

    def _reselect(self) -> None:
        try:
            self._models.select()
        except AppError:
            # It went away meanwhile; the next request says so.
            return

    def _side(self, model: InstalledModel, exams: Iterable[_Exam]) -> Compared:
        return Compared(
            model=model.id,
            title=model.title,
            bytes=model.bytes,
            memory=self._memory(model),
            blamed=sum(_is_blamed(model, exam) for exam in exams),
        )


_EVERYTHING = 10_000
"""Entries among which those of one task are looked for."""


def _is_blamed(model: InstalledModel, exam: _Exam) -> bool:
    """Whether the user corrected an answer of this model that was wrong."""
    outcome = None if exam.made is None else exam.made.outcome
    if outcome is None or exam.right is None:
        return False
    mine = bare_id(outcome.model) == bare_id(model.id)
    return mine and not is_right(exam.task, outcome.answer, exam.right)


class _Telling:
    """Says how far it is.

    A larger model takes longer, about in proportion to its file; so the time left is known
    before the second one has answered anything.
    """

    def __init__(
        self,
        models: Sequence[InstalledModel],
        texts: Sequence[str],
        stopwatch: Callable[[], float],
        on_progress: OnProgress,
    ) -> None:
        self._bytes = [max(1, each.bytes) for each in models]
        self._texts = len(texts)
        self._stopwatch = stopwatch
        self._on_progress = on_progress
        self._began = stopwatch()
        self._done = 0
        self._note = ""

    def begin(self, model: InstalledModel) -> None:
        """A model's turn begins, and with it its loading."""
        self._began = self._stopwatch()
        self._note = model.title
        self._tell(None)

    def answered(self) -> None:
        """Another text is answered."""
        self._done += 1
        side = (self._done - 1) // self._texts
        mine = self._done - side * self._texts
        pace = (self._stopwatch() - self._began) / mine
        left = pace * (self._texts - mine)
        if side == 0:
            left += pace * self._texts * self._bytes[1] / self._bytes[0]
        self._tell(left)

    def _tell(self, left: float | None) -> None:
        self._on_progress(
            Progress(
                done=self._done,
                total=2 * self._texts,
                seconds_left=left,
                note=self._note,
            )
        )
