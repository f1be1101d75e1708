"""One task on one text: the answer, measured, and kept in the history."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from onhand.domain.calibration import calibrated
from onhand.domain.contests import is_apart
from onhand.domain.errors import AppError
from onhand.domain.foreseeing import Doubt, doubts
from onhand.domain.progress import (
    CancelToken,
    OnProgress,
    OnText,
    ignore_progress,
    ignore_text,
)
from onhand.domain.prompting import prompt_of
from onhand.domain.tasks import Extract, Rewrite, Summarise, Task, identity, version
from onhand.services.history_ports import Record
from onhand.services.measuring import bare
from onhand.services.reading_parts import AT_ONCE
from onhand.services.rewriting import GROWTH
from onhand.services.summarising import SUMMARY_TOKENS
from onhand.services.writing import Watch

if TYPE_CHECKING:
    from onhand.domain.answers import Outcome
    from onhand.domain.primitives import Prompt
    from onhand.services.answering import Answering
    from onhand.services.calibrating import Calibrations
    from onhand.services.history_ports import HistoryStore
    from onhand.services.models import Models
    from onhand.services.ports import Clock, SettingsStore

IN_PIECES = 2.0
"""So many times as long takes a text that is read in short pieces (decision 070)."""

_HALF = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, kw_only=True)
class Ran:
    """An answer, and whether it was kept.

    Attributes:
        record: its `id` is 0 when it was not kept.
        not_kept: why not; None also when nobody wanted it kept.
        measured: its figures were kept, without text and answer.
    """

    record: Record
    not_kept: AppError | None = None
    measured: bool = False


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """What a run will take.

    Attributes:
        tokens: of the text.
        parts: in how many pieces it will be read; 1 when it fits whole.
        seconds: expected, or None before this machine was measured.
        doubts: why a small model may fail at it.
    """

    tokens: int
    parts: int
    seconds: float | None
    doubts: tuple[Doubt, ...] = ()


class RunTask:
    """Runs a task on a text."""

    def __init__(  # noqa: PLR0913 - by keyword, wired in one place
        self,
        *,
        answering: Answering,
        models: Models,
        history: HistoryStore,
        calibrations: Calibrations,
        settings: SettingsStore,
        clock: Clock,
    ) -> None:
        self._answering = answering
        self._models = models
        self._history = history
        self._calibrations = calibrations
        self._settings = settings
        self._clock = clock

    def __call__(  # noqa: PLR0913 - by keyword, and each is the caller's to choose
        self,
        task: Task,
        text: str,
        *,
        cancel: CancelToken,
        private: bool = False,
        on_text: OnText = ignore_text,
        on_progress: OnProgress = ignore_progress,
    ) -> Ran:
        """The answer; kept in the history unless `private` or the settings say otherwise.

        `on_text` gets pieces of a text as it is written; `on_progress` how many parts are
        read. Both are called on this thread.

        Raises:
            EmptyText, TextTooLong: there is no answer for this text.
            ModelMissing, ModelUnusable, EngineFailed: there is none for any.
            Cancelled: the user stopped it.
        """
        text = _whole(text)
        self._models.select()
        keeps_texts = not private and self._settings.load().keeps_texts
        watch = Watch(cancel, on_text, on_progress)
        outcome = self._answering.answer(task, text, watch, keep=keeps_texts)
        calibration = self._calibrations(task, outcome.model)
        record = self._record(task, text, calibrated(outcome, calibration, task))
        return Ran(record=record) if private else self.keep(record)

    def keep(self, record: Record) -> Ran:
        """Keep an answer as far as the settings want it; one that could not be, too."""
        settings = self._settings.load()
        if not settings.keep_history:
            return Ran(record=record)
        try:
            if settings.metrics_only:
                self._history.add(bare(record))
                return Ran(record=record, measured=True)
            return Ran(record=self._history.get(self._history.add(record)))
        except AppError as error:
            return Ran(record=record, not_kept=error)

    def estimate(self, task: Task, text: str, cancel: CancelToken) -> Estimate:
        """What running the task on the text will take; loads the model, decodes nothing.

        Raises:
            ModelMissing, ModelUnusable, EngineFailed: there is no model to ask.
            TextTooLong: the task alone fills the context.
        """
        state = self._models.loaded(cancel)
        prompt = prompt_of(task)
        tokens = self._answering.reader.count(text, cancel)
        writes = _growth(task, tokens)
        parts = len(self._answering.reader.parts(text, prompt, (), cancel, writes=writes))
        seconds = None
        if state.read_speed and state.write_speed:
            again = self._answering.reader.count(_words(prompt), cancel)
            reading = (tokens * _times_read(task, text) + again) / state.read_speed
            seconds = reading + tokens * writes / state.write_speed
        return Estimate(
            tokens=tokens,
            parts=parts,
            seconds=seconds,
            doubts=doubts(task, parts=parts),
        )

    def _record(self, task: Task, text: str, outcome: Outcome) -> Record:
        return Record(
            at=self._clock.now(),
            task=task,
            task_id=identity(task),
            task_version=version(task),
            text=text,
            outcome=outcome,
        )


def _growth(task: Task, tokens: int) -> float:
    """Tokens written for each token read, about."""
    match task:
        case Rewrite():
            return GROWTH
        case Summarise():
            return min(1.0, SUMMARY_TOKENS / max(1, tokens))
        case _:
            return 0.0


def _times_read(task: Task, text: str) -> float:
    """How often the text is read, about; several values are looked for in short pieces."""
    if not isinstance(task, Extract) or len(text) <= AT_ONCE:
        return 1.0
    return IN_PIECES if any(map(is_apart, task.fields)) else 1.0


def _words(prompt: Prompt) -> str:
    return prompt.system + prompt.before


def _whole(text: str) -> str:
    """The text without halves of surrogate pairs, which nothing further on can hold.

    The length stays the same, and so do all offsets.
    """
    return _HALF.sub("\ufffd", text)
