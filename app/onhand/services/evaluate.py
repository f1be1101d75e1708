"""Models measured on labelled texts: every text answered by each, as a batch would."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from onhand.domain.chat_examples import stand_in_prompt
from onhand.domain.costs import costs_of
from onhand.domain.errors import AppError, UsageError
from onhand.domain.evaluating import Answered, Evaluation
from onhand.domain.judged_rows import judged_row
from onhand.domain.lesson_rows import raise_if_unknown
from onhand.domain.progress import OnProgress, Progress, ignore_progress
from onhand.domain.tasks import Classify, Extract, identity
from onhand.services.answering_apart import answered_apart
from onhand.services.making_way import MakingWay, NobodyWaits, Way

if TYPE_CHECKING:
    from onhand.domain.progress import CancelToken
    from onhand.domain.tasks import Example, Task
    from onhand.services.answering import Answering
    from onhand.services.calibrating import Calibrations
    from onhand.services.history_ports import HistoryStore
    from onhand.services.models import Models
    from onhand.services.ports import InstalledModel

TOGETHER = 16
"""Texts that are answered at once; between them progress is told."""

SAMPLE = 200
"""Texts that a batch would look at before it answers any."""


@dataclass
class _Telling:
    """Says how far it is: a larger model takes longer, about in proportion to its file."""

    bytes: Sequence[int]
    texts: int
    on_progress: OnProgress
    stopwatch: Callable[[], float]

    def __post_init__(self) -> None:
        self._began, self._side, self._note = self.stopwatch(), 0, ""

    def begin(self, side: int, note: str) -> None:
        """Another model's turn."""
        self._began, self._side, self._note = self.stopwatch(), side, note
        self.answered(0)

    def answered(self, done: int) -> None:
        """So many texts are answered by this model."""
        left = None
        if done:
            pace = (self.stopwatch() - self._began) / done
            later = sum(self.bytes[self._side + 1 :]) / max(1, self.bytes[self._side])
            left = pace * (self.texts - done + self.texts * later)
        self.on_progress(
            Progress(
                done=self._side * self.texts + done,
                total=len(self.bytes) * self.texts,
                seconds_left=left,
                note=self._note,
            )
        )


class Evaluate:
    """Measures models on labelled texts."""

    def __init__(  # noqa: PLR0913 - wired in one place, by keyword
        self,
        *,
        models: Models,
        answering: Answering,
        calibrations: Calibrations,
        history: HistoryStore,
        memory: Callable[[InstalledModel], int],
        stopwatch: Callable[[], float] = time.perf_counter,
    ) -> None:
        """`memory` tells the bytes that a model takes with its context."""
        self._models = models
        self._answering = answering
        self._calibrations = calibrations
        self._history = history
        self._memory = memory
        self._stopwatch = stopwatch

    def __call__(  # noqa: PLR0913 - each is the caller's to choose
        self,
        task: Task,
        labelled: Sequence[Example],
        wanted: Sequence[str],
        cancel: CancelToken,
        on_progress: OnProgress = ignore_progress,
        *,
        way: Way = NobodyWaits(),  # noqa: B008 - it cannot be changed
    ) -> list[Evaluation]:
        """What each model makes of some texts; keeps nothing and learns nothing for later.

        A model that was taught the task answers with that, any other as in a batch.
        Afterwards the next request is answered by the model that is selected.

        Args:
            task: what is to be done.
            labelled: texts with their labels, with the values of their fields, or with what
                is right to be written of them.
            wanted: models, as for `Models`; none: the selected one.
            cancel: stops it at once.
            on_progress: called on this thread; counts the answers of all models.
            way: others who want this thread; they are served between two answers, and in
                the middle of one.

        Raises:
            UsageError: there is no labelled text.
            UnknownLabels: a label is not the task's.
            ModelMissing, WrongChecksum: one of the models is not as it should be.
            ModelUnusable, EngineFailed: one of them cannot be run here.
            Cancelled: the user stopped it.
        """
        labelled = [each for each in labelled if each.text.strip()]
        if not labelled:
            raise UsageError("there is no labelled text")
        if isinstance(task, Classify):
            raise_if_unknown(task, labelled)
        models = [self._models.admitted(each) for each in wanted or [""]]
        tell = _Telling(
            [each.bytes for each in models], len(labelled), on_progress, self._stopwatch
        )
        try:
            return [
                self._evaluation(task, labelled, (side, model), cancel, (tell, way))
                for side, model in enumerate(models)
            ]
        finally:
            self._reselect()

    def _evaluation(
        self,
        task: Task,
        labelled: Sequence[Example],
        at: tuple[int, InstalledModel],
        cancel: CancelToken,
        others: tuple[_Telling, Way],
    ) -> Evaluation:
        (side, model), (tell, way) = at, others
        tell.begin(side, model.title)
        cancel.raise_if_cancelled()
        self._models.keep(model)
        runner = MakingWay(self._answering, way, lambda: self._models.keep(model))
        texts = [each.text for each in labelled]
        groups = _groups(task, texts)
        sample = groups[: SAMPLE // TOGETHER] if isinstance(task, Classify) else []
        learned = runner.learn(task, sample, cancel)
        calibration = self._calibrations(task, model.id)
        answers: list[Answered] = []
        for group in groups:
            some = labelled[len(answers) : len(answers) + len(group)]
            outcomes = answered_apart(runner, task, group, learned, cancel)
            answers += [
                judged_row(task, each, outcome, calibration)
                for each, outcome in zip(some, outcomes, strict=True)
            ]
            tell.answered(len(answers))
        return Evaluation(
            model=model.id,
            title=model.title,
            bytes=model.bytes,
            memory=self._memory(model),
            answers=tuple(answers),
            costs=costs_of(task),
            fields=_fields_of(task),
            taught=learned.taught if learned else 0,
            seen=self._seen(task, texts, taught=bool(learned and learned.taught)),
        )

    def _seen(self, task: Task, texts: Sequence[str], *, taught: bool) -> int:
        """How many texts are examples that the model is shown, or that taught the task."""
        given = {text.strip() for text in texts}
        shown = {each for each in given if stand_in_prompt(task, each)}
        if not taught:
            return len(shown)
        known = {each.text.strip() for each in task.examples}
        with suppress(AppError):  # nobody knows
            corrections = self._history.corrections(identity(task))
            known |= {each.text.strip() for each in corrections}
        return len(shown | given & known)

    def _reselect(self) -> None:
        try:
            self._models.select()
        except AppError:
            # It went away meanwhile; the next request says so.
            return


def _fields_of(task: Task) -> tuple[str, ...]:
    return tuple(each.name for each in task.fields) if isinstance(task, Extract) else ()


def _groups(task: Task, texts: Sequence[str]) -> list[list[str]]:
    """Texts that are answered at once: where labels are chosen; others one by one."""
    size = TOGETHER if isinstance(task, Classify) else 1
    return [[*texts[start : start + size]] for start in range(0, len(texts), size)]
