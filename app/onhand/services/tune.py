"""Finding the layout of a model's weights that is fastest here, and what it costs."""

from __future__ import annotations

import statistics
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from onhand.domain.errors import AppError
from onhand.domain.layouts import (
    Comparison,
    Layout,
    Speed,
    Tuning,
    is_worth_making,
    reason_against,
)
from onhand.domain.neutral import NEUTRAL
from onhand.domain.primitives import Probe
from onhand.domain.priors import Prior, without_prior
from onhand.domain.progress import Progress, ignore_progress
from onhand.domain.tasks import Classify, identity
from onhand.services.classifying import Classifier
from onhand.services.reading_parts import Reader

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onhand.domain.progress import CancelToken, OnProgress
    from onhand.services.history_ports import HistoryStore
    from onhand.services.models import Models
    from onhand.services.ports import Engine, InstalledModel, TaskStore
    from onhand.services.tuning_ports import TuningStore, Workshop

ROUNDS = 5
"""So often is each of two layouts measured, by turns; the medians count."""

PROBE = Probe(read=64, steps=8)

MOST_CORRECTED = 100
"""Corrected entries that are answered again at most, the newest first."""


@dataclass(frozen=True)
class _Exam:
    """A text with a task; `right` where the user has said what is."""

    task: Classify
    text: str
    right: str | None = None


class Tune:
    """Measures the layouts of a model, and takes the fastest that does no harm."""

    def __init__(
        self,
        *,
        models: Models,
        workshop: Workshop,
        tunings: TuningStore,
        history: HistoryStore,
        tasks: TaskStore,
    ) -> None:
        self._models = models
        self._workshop = workshop
        self._tunings = tunings
        self._history = history
        self._tasks = tasks

    def known(self, wanted: str) -> Tuning | None:
        """What was found out about a model before; None where nothing was, or it is void.

        Raises:
            ModelMissing: it is not on this machine.
        """
        return self._tunings.load(self._models.original(wanted))

    def undo(self, wanted: str) -> InstalledModel:
        """Answer with the model as it came; the other layout's file goes.

        Raises:
            ModelMissing: it is not on this machine.
        """
        model = self._models.original(wanted)
        self._tunings.forget(model)
        return model

    def __call__(
        self, wanted: str, cancel: CancelToken, on_progress: OnProgress = ignore_progress
    ) -> Tuning:
        """Measure, compare, and use what is better from the next request on.

        The original file stays as it is. Of the files made here only the one that is used
        is kept.

        Args:
            wanted: a model, as for `Models`.
            cancel: stops it; all is as before then.
            on_progress: called on this thread.

        Raises:
            ModelMissing, ModelUnusable, EngineFailed: the model cannot be run.
            WrongChecksum: its file is not what it was when it came.
            DataFolderUnwritable, DiskFull: there is no room for another layout.
            Cancelled: the user stopped it.
        """
        self._models.admitted(wanted)
        model = self._models.original(wanted)
        self._tunings.prepare(model)
        old = self._tunings.load(model)
        files = {layout: self._tunings.place(model, layout) for layout in Layout}
        exams = self._exams()
        trials: dict[Layout, Tuning] = {}
        used = ""
        try:
            for number, layout in enumerate(Layout):
                on_progress(Progress(done=number, total=len(Layout), note=layout.value))
                if is_worth_making(layout, trials):
                    trials[layout] = self._try(model, layout, files[layout], exams, cancel)
            on_progress(Progress(done=len(Layout), total=len(Layout)))
            best = min(
                trials.values(), key=lambda each: (bool(each.reason), each.after.seconds)
            )
            self._tunings.save(model, best)
            used = best.file
            if old is not None and old.file:
                self._tunings.remove(Path(old.file))
        finally:
            for file in files.values():
                if str(file) != used:
                    self._tunings.remove(file)
        return best

    def _try(
        self,
        model: InstalledModel,
        layout: Layout,
        file: Path,
        exams: list[_Exam],
        cancel: CancelToken,
    ) -> Tuning:
        """One layout, in a file to be made, beside the original."""
        self._workshop.requantise(model.path, file, layout, cancel)
        with ExitStack() as stack:
            engines = [
                stack.enter_context(self._workshop.engine(path))
                for path in (model.path, file)
            ]
            before, after = _speeds(engines, cancel)
            comparison = _compared(exams, engines, cancel)
        reason = reason_against(before, after, comparison)
        return Tuning(
            layout=None if reason else layout,
            file="" if reason else str(file),
            machine=self._tunings.machine(),
            before=before,
            after=after,
            comparison=comparison,
            reason=reason,
        )

    def _exams(self) -> list[_Exam]:
        """What the user has corrected, or neutral texts for the built-in tasks."""
        try:
            entries = self._history.corrected(MOST_CORRECTED)
        except AppError:  # a history that cannot be read stops nothing here
            entries = []
        corrected = [
            _Exam(entry.task, entry.text, entry.correction)
            for entry in entries
            if isinstance(entry.task, Classify)
            and not entry.task.multiple
            and isinstance(entry.correction, str)
        ]
        return corrected or [
            _Exam(task, text)
            for _, task in self._tasks.names()
            if isinstance(task, Classify) and not task.multiple
            for text in NEUTRAL
        ]


def _speeds(engines: list[Engine], cancel: CancelToken) -> list[Speed]:
    """How fast some engines are, by turns, so that what else runs here slows them alike."""
    probed = [
        [engine.probe(PROBE, cancel) for engine in engines] for _ in range(ROUNDS + 1)
    ][1:]
    return [
        Speed(
            read=statistics.median(each.read for each in column),
            write=statistics.median(each.write for each in column),
        )
        for column in zip(*probed, strict=True)
    ]


def _compared(exams: list[_Exam], engines: list[Engine], cancel: CancelToken) -> Comparison:
    """The answers of two engines to the same texts."""
    before, after = (_shares(exams, engine, cancel) for engine in engines)
    right = [exam.right for exam in exams]
    labels = [[max(row, key=row.__getitem__) for row in rows] for rows in (before, after)]
    return Comparison(
        texts=len(exams),
        same=_agreeing(*labels),
        shift=statistics.fmean(map(_distance, before, after)) if exams else 0.0,
        corrected=sum(each is not None for each in right),
        right_before=_agreeing(labels[0], right),
        right_after=_agreeing(labels[1], right),
    )


def _agreeing(some: Sequence[str], others: Sequence[str | None]) -> int:
    return sum(one == other for one, other in zip(some, others, strict=True))


def _distance(one: dict[str, float], other: dict[str, float]) -> float:
    """Total variation distance, 0 to 1."""
    return sum(abs(one[label] - other[label]) for label in one) / 2


def _shares(
    exams: list[_Exam], engine: Engine, cancel: CancelToken
) -> list[dict[str, float]]:
    """The probabilities of the labels of each text, without what holds for any text."""
    classifier = Classifier(engine, Reader(engine))
    found: list[dict[str, float]] = []
    for _, group in groupby(exams, key=lambda exam: identity(exam.task)):
        some = list(group)
        task = some[0].task
        engine.use_adapter(Path(task.adapter) if task.adapter else None)
        neutral, evidence = (
            classifier.evidence(task, texts, cancel, ignore_progress)
            for texts in (NEUTRAL, [each.text for each in some])
        )
        prior = Prior.of_neutral([each.shares[0] for each in neutral]).logs
        for each in evidence:
            shares = without_prior(each.logprobs[0], prior)
            found.append(dict(zip(task.answers, shares, strict=True)))
    return found
