"""A trial before a batch: some of its rows, and how long all of them will take."""

from __future__ import annotations

import dataclasses
import time
from collections import Counter
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from onhand.domain.calibration import uncalibrated
from onhand.domain.progress import Progress, ignore_progress
from onhand.domain.tasks import version
from onhand.services.answering_rows import asked_behind, record_of
from onhand.services.batch_ports import JobPlan
from onhand.services.blaming import Blaming
from onhand.services.chunking import chunked
from onhand.services.history_ports import Record
from onhand.services.making_way import MakingWay, NobodyWaits
from onhand.services.repeats import Repeats, fault
from onhand.services.sampling import survey

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from onhand.domain.answers import Outcome
    from onhand.domain.calibration import Calibration
    from onhand.domain.errors import AppError
    from onhand.domain.progress import CancelToken, OnProgress
    from onhand.domain.tasks import Task
    from onhand.services.batch_ports import Row, RowSource
    from onhand.services.making_way import Way
    from onhand.services.ports import Clock, InstalledModel, TaskRunner

ROWS = 20
"""Rows of a trial at most."""


@dataclass(frozen=True, kw_only=True)
class Trial:
    """What a trial gave.

    Attributes:
        records: the rows that were tried with their answers; none is kept.
        total: rows of the batch.
        seconds: what all of them will take here, about.
        told: how the input is read.
    """

    records: tuple[Record, ...]
    total: int
    seconds: float
    told: str


class TryBatch:
    """Answers a few rows of an input, from all over it; keeps nothing.

    The batch itself learns from more rows before it answers any, so that some of its
    answers may be others.
    """

    def __init__(  # noqa: PLR0913 - wired in one place, by keyword
        self,
        *,
        runner: TaskRunner,
        select_model: Callable[[], InstalledModel],
        clock: Clock,
        stopwatch: Callable[[], float] = time.perf_counter,
        calibration: Callable[[Task, str], Calibration] = uncalibrated,
        keep_model: Callable[[InstalledModel], None] | None = None,
    ) -> None:
        """Wire it; see `RunBatch`."""
        self._runner = runner
        self._select_model = select_model
        self._clock = clock
        self._stopwatch = stopwatch
        self._calibration = calibration
        self._keep_model = keep_model or (lambda _: None)

    def __call__(  # noqa: PLR0913 - by keyword, and each is a choice of the user
        self,
        task: Task,
        source: RowSource,
        *,
        cancel: CancelToken,
        limit: int | None = None,
        on_progress: OnProgress = ignore_progress,
        way: Way = NobodyWaits(),  # noqa: B008 - it cannot be changed
    ) -> Trial:
        """Try some rows.

        Raises:
            InputUnreadable, UsageError: the input cannot be used.
            ModelMissing, ModelUnusable, EngineFailed: there are no answers.
            Cancelled: the user stopped it.
        """
        told = source.told
        surveyed = survey(islice(source.rows(), limit))
        model = self._select_model()
        plan = JobPlan(
            task=task,
            task_version=version(task),
            source=source.path,
            fingerprint="",
            target=source.path,
            column=source.column,
            model=model.path,
            model_id=model.id,
            calibration=self._calibration(task, model.id),
        )
        runner = MakingWay(self._runner, way, partial(self._keep_model, model))
        tried = _spread(surveyed.sample)
        good = [row for row in tried if not fault(row)]
        asked = Repeats().sifted(good)
        chunks = list(chunked(asked, behind=asked_behind(task)))
        if good:
            # Loading the model is no part of the time.
            runner.answer_many(task, [good[0].text[:ROWS]], cancel)
        begun = self._stopwatch()
        # What is learned from is decoded here, and not once more when it is answered.
        learned = runner.learn(
            task, [[row.text for row in chunk] for chunk in chunks], cancel
        )
        asking = Blaming(runner, dataclasses.replace(plan, learned=learned), cancel)
        answers: dict[str, Outcome | AppError] = {}
        for chunk in chunks:
            cancel.raise_if_cancelled()
            found = asking([row.text for row in chunk])
            answers |= dict(zip([row.text for row in chunk], found, strict=True))
            on_progress(Progress(done=len(answers), total=len(tried)))
        took = self._stopwatch() - begun
        at = self._clock.now()
        records = [
            record_of(row, fault(row) or answers[row.text], plan=plan, at=at, job=None)
            for row in tried
        ]
        return Trial(
            records=tuple(records),
            total=surveyed.total,
            seconds=_estimate(good, took, surveyed.sample, surveyed.total),
            told=told,
        )


def _spread(rows: Sequence[Row]) -> list[Row]:
    """Some of the rows, with equal steps between them."""
    step = max(1, len(rows) // ROWS)
    return list(rows[::step][:ROWS])


def _estimate(
    tried: Sequence[Row], took: float, sample: Sequence[Row], total: int
) -> float:
    """Seconds for all rows, by the length of their texts; those that repeat cost none."""
    length = sum(map(len, {row.text for row in tried}))
    if not length:
        return 0.0
    texts = [row.text for row in sample if not fault(row)]
    mean = sum(map(len, texts)) / len(sample)
    return took / length * mean * _different(texts, total)


def _different(texts: Sequence[str], total: int) -> float:
    """How many different texts there are among so many (Chao 1984, from below)."""
    counts = Counter(texts)
    singles = sum(count == 1 for count in counts.values())
    doubles = sum(count == 2 for count in counts.values())
    if not singles:
        return min(len(counts), total)
    if not doubles:
        return total
    return min(len(counts) + singles**2 / (2 * doubles), total)
