"""A smaller model taught by a larger one, on texts that nobody has labelled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from onhand.domain.answers import Classification, Tagging
from onhand.domain.distilling import (
    LEAST_TEXTS,
    Distilled,
    Guess,
    as_csv,
    as_jsonl,
    parted,
)
from onhand.domain.errors import AppError, OutputUnwritable, UsageError
from onhand.domain.layouts import bare_id
from onhand.domain.lesson_rows import choosing, hopeless, rows_of
from onhand.domain.progress import Progress, ignore_progress
from onhand.domain.result_columns import cell_of
from onhand.domain.tasks import Example
from onhand.domain.teaching import Taught, Verdict
from onhand.services.answering_apart import answered_apart
from onhand.services.making_way import MakingWay, NobodyWaits, Way, Yielding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from onhand.domain.progress import CancelToken, OnProgress
    from onhand.domain.tasks import Classify, Task
    from onhand.services.answering import Answering
    from onhand.services.lessons import Trial
    from onhand.services.models import Models
    from onhand.services.ports import Clock, InstalledModel
    from onhand.services.teach import Teach
    from onhand.services.teaching_ports import HeadStore

TOGETHER = 16
"""Texts that are answered at once; between them progress is told."""

SAMPLE = 200
"""Texts that a batch would look at before it answers any."""

FORMS = {".csv": as_csv, ".jsonl": as_jsonl}


class WriteNew(Protocol):
    """Writes a new file for its owner's eyes, whole or not at all."""

    def __call__(self, path: Path, content: bytes) -> None:
        """Write it.

        Raises:
            OutputUnwritable: it cannot be, or there is a file.
            DiskFull: there is no room for it.
        """
        ...


class Distil:
    """Lets the model in use learn what a larger one says. One thread at a time."""

    def __init__(  # noqa: PLR0913 - wired in one place, by keyword
        self,
        *,
        teach: Teach,
        answering: Answering,
        models: Models,
        heads: HeadStore,
        clock: Clock,
        write: WriteNew,
        is_there: Callable[[Path], bool],
    ) -> None:
        self._teach = teach
        self._answering = answering
        self._models = models
        self._heads = heads
        self._clock = clock
        self._write = write
        self._is_there = is_there

    def __call__(  # noqa: PLR0913 - each is the caller's to choose
        self,
        task: Task,
        texts: Iterable[str],
        teacher: str,
        *,
        cancel: CancelToken,
        keep: bool = True,
        on_progress: OnProgress = ignore_progress,
        way: Way = NobodyWaits(),  # noqa: B008 - it cannot be changed
    ) -> Distilled:
        """Label texts with another model, and learn from the labels where that helps.

        What people labelled counts beside them, and goes before. The labels are not kept
        as examples of the task: they are guesses.

        Args:
            task: a choice of labels.
            texts: unlabelled; each counts once.
            teacher: a model, as for `Models`.
            cancel: stops it; all is as it was.
            keep: False: it is only tried.
            on_progress: called on this thread; counts texts, of both models.
            way: others who want this thread; they are served in between.

        Raises:
            UsageError: the task chooses no labels, the texts are too few, or the teacher
                is the model in use.
            ModelMissing, ModelUnusable, EngineFailed: one of the two cannot be used.
            HistoryLocked: nobody can say what the task was taught; told before the rest.
            DiskFull, DataFolderUnwritable: it cannot be kept.
            Cancelled: the user stopped it.
        """
        task = choosing(task)
        wanted = [*dict.fromkeys(each.strip() for each in texts if each.strip())]
        if len(wanted) < LEAST_TEXTS:
            raise UsageError(f"there are {len(wanted)} texts, and it takes {LEAST_TEXTS}")
        pupil, larger = self._models.admitted(), self._models.admitted(teacher)
        if bare_id(pupil.id) == bare_id(larger.id):
            raise UsageError("the teacher is the model that is to be taught")
        # A history that is locked is told before hours of labelling.
        known = self._teach.known(task)

        def tell(side: int, note: str, done: int) -> None:
            total = 2 * len(wanted)
            far = Progress(done=side * len(wanted) + done, total=total, note=note)
            on_progress(far)

        def tell_read(far: Progress) -> None:
            tell(1, pupil.title, far.done)

        try:
            self._models.keep(larger)
            runner = MakingWay(self._answering, way, lambda: self._models.keep(larger))
            guesses, seconds = _labelled(
                runner, task, wanted, cancel, lambda done: tell(0, larger.title, done)
            )
            rows = _rows(task, guesses, known)
            lesson, read = hopeless(rows), 0.0
            if lesson is None:
                self._models.keep(pupil)
                trial = Yielding(way, lambda: self._models.keep(pupil)).until_done(
                    lambda token: self._answering.try_lesson(task, rows, token, tell_read),
                    cancel,
                )
                lesson, read = trial.lesson, trial.seconds
                if keep and lesson.verdict is Verdict.ADOPTED:
                    self._adopt(task, pupil, larger, trial)
        finally:
            self._reselect()
        return Distilled(
            teacher=larger.id,
            model=pupil.id,
            lesson=lesson,
            guesses=guesses,
            failed=len(wanted) - len(guesses),
            seconds=(seconds / max(1, len(guesses)), read / max(1, lesson.examples)),
        )

    def raise_if_unfit(self, path: Path) -> None:
        """See before a long run that the labels can go there.

        Raises:
            UsageError: it has another format.
            OutputUnwritable, DiskFull: there is a file already, or none can be put there.
        """
        if path.suffix.lower() not in FORMS:
            raise UsageError(f"{path.name}: labels are written into {' or '.join(FORMS)}")
        if self._is_there(path):
            raise OutputUnwritable(f"{path} is there already")

    def save(self, found: Distilled, path: Path) -> None:
        """Write all labels into a file, the least sure first.

        Raises:
            UsageError, OutputUnwritable, DiskFull: it cannot be done.
        """
        self.raise_if_unfit(path)
        content = FORMS[path.suffix.lower()](found.guesses)
        self._write(path, content.encode(errors="replace"))

    def _adopt(
        self, task: Classify, pupil: InstalledModel, larger: InstalledModel, trial: Trial
    ) -> None:
        # No calibration: that the teacher says so does not make an answer right.
        taught = Taught(
            learned=trial.learned,
            lesson=trial.lesson,
            at=self._clock.now(),
            teacher=bare_id(larger.id),
        )
        self._heads.save(task, bare_id(pupil.id), taught)

    def _reselect(self) -> None:
        try:
            self._models.select()
        except AppError:
            # It went away meanwhile; the next request says so.
            return


def _rows(
    task: Classify, guesses: Sequence[Guess], known: Sequence[Example]
) -> list[tuple[str, tuple[int, ...]]]:
    """What a lesson has of labels: the surer ones of a model, and all of people."""
    believed = (
        Example(text=each.text, answer=each.answer) for each in guesses if each.learned
    )
    return rows_of(task, [*believed, *known])


def _labelled(
    runner: MakingWay,
    task: Classify,
    texts: Sequence[str],
    cancel: CancelToken,
    tell: Callable[[int], None],
) -> tuple[list[Guess], float]:
    """The labels of a model, as a batch would give them, and the seconds that it took."""
    groups = [texts[at : at + TOGETHER] for at in range(0, len(texts), TOGETHER)]
    tell(0)
    learned = runner.learn(
        task,
        groups[: SAMPLE // TOGETHER],
        cancel,
        lambda far: tell(min(far.done, len(texts)) // 2),
    )
    guesses: list[Guess] = []
    seconds, done = 0.0, 0
    for group in groups:
        outcomes = answered_apart(runner, task, group, learned, cancel)
        for text, outcome in zip(group, outcomes, strict=True):
            if isinstance(outcome, AppError):
                continue
            seconds += outcome.seconds
            answer = outcome.answer
            sure = outcome.confidence or 0.0
            if isinstance(answer, Classification):
                guesses.append(Guess(text=text, label=answer.label, confidence=sure))
            if isinstance(answer, Tagging):
                cell, given = cell_of(answer.labels), answer.labels
                guesses.append(Guess(text=text, label=cell, confidence=sure, labels=given))
        done += len(group)
        tell(done)
    return parted(guesses), seconds
