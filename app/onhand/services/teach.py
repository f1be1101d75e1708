"""Teaching a task by texts with their right answers, and undoing it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from onhand.domain.errors import UsageError
from onhand.domain.history_errors import HistoryKeyless
from onhand.domain.labelled import is_multiple
from onhand.domain.layouts import bare_id
from onhand.domain.learning_curve import LEAST_REST, SIZES, draws
from onhand.domain.lesson_rows import (
    field_rows_of,
    hopeless,
    raise_if_unknown,
    relabelled,
    rows_of,
    with_curve,
    written_rows_of,
)
from onhand.domain.progress import ignore_progress
from onhand.domain.tasks import Classify, Extract, identity
from onhand.domain.teaching import Lesson, Taught, Verdict
from onhand.services.shown_examples import ShownExamples

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from onhand.domain.learning_curve import Curve
    from onhand.domain.progress import CancelToken, OnProgress
    from onhand.domain.tasks import Example, Task
    from onhand.services.answering import Answering
    from onhand.services.history_ports import HistoryStore
    from onhand.services.models import Models
    from onhand.services.ports import Clock
    from onhand.services.teaching_ports import HeadStore

_IN_VAIN = {Verdict.NO_GAIN, Verdict.TOO_LONG}
"""What it took the model's work to find out; it is not tried again from the same texts."""


@dataclass(frozen=True, kw_only=True)
class Teaching:
    """A lesson, and what became of its examples.

    Attributes:
        model: id of the model that learned.
        examples_kept: whether the texts are kept as examples of the task.
        relabelled: texts that came several times with different answers; the last counts.
        bare: texts that came with no label, where any number may be right.
    """

    lesson: Lesson
    model: str
    examples_kept: bool
    relabelled: int = 0
    bare: int = 0


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How a task stands with the model that is chosen.

    Attributes:
        model: its id.
        texts: how many labelled texts there are, each once.
        new: how many of them came, or got another answer, since a lesson was undone or
            came to nothing; all where none was.
        taught: what it answers with beside the model; None where nothing was taught.
    """

    model: str
    texts: int
    new: int
    taught: Taught | None


class Teach:
    """Teaches tasks with the model that is chosen. One thread at a time."""

    def __init__(
        self,
        *,
        answering: Answering,
        models: Models,
        heads: HeadStore,
        history: HistoryStore,
        clock: Clock,
    ) -> None:
        self._answering = answering
        self._models = models
        self._heads = heads
        self._history = history
        self._examples = ShownExamples(history)
        self._clock = clock

    def __call__(
        self,
        task: Task,
        examples: Iterable[Example] = (),
        *,
        cancel: CancelToken,
        keep: bool = True,
        on_progress: OnProgress = ignore_progress,
    ) -> Teaching:
        """Learn from labelled texts, and answer with it where it helps beyond chance.

        The corrections of the task, and what it was taught before, count as well. The same
        text again counts once, as it was labelled last. Progress counts texts. Without
        `keep` it is only tried.

        Raises:
            UnknownLabels: a label is not the task's; nothing was learned.
            HistoryKeyless: a task that writes shows texts, and nothing may keep them.
            HistoryLocked, DiskFull, DataFolderUnwritable: it cannot be kept.
            ModelMissing, ModelUnusable, EngineFailed: there is nothing to learn with.
            Cancelled: the head is as it was.
        """
        new = [each for each in examples if each.text.strip()]
        if isinstance(task, Classify):
            raise_if_unknown(task, new)
        if keep and not isinstance(task, Classify | Extract):
            self._history.corrections(identity(task))  # told before minutes of writing
        rows = _rows(task, [*self.known(task), *new])
        model = bare_id(self._models.select().id)
        lesson, taught = self._lesson(task, model, rows, cancel, on_progress)
        # They come first: what is shown is only named in what was learned.
        kept = keep and self._keep(task, new)
        if taught is not None and keep:
            self._heads.save(task, model, taught)
        elif keep and lesson.verdict in _IN_VAIN:
            self._heads.pass_over(task, model, self._clock.now())
        return Teaching(
            lesson=lesson,
            model=model,
            examples_kept=kept,
            relabelled=relabelled(task, new) if isinstance(task, Classify) else 0,
            bare=sum(not each.answer for each in new),
        )

    def curve(
        self,
        task: Task,
        examples: Iterable[Example],
        *,
        cancel: CancelToken,
        on_progress: OnProgress = ignore_progress,
    ) -> Curve:
        """How much more labelled texts help; teaches and keeps nothing.

        The texts are those that a lesson would have.

        Raises:
            UsageError: the task neither chooses labels nor finds fields, or there are too
                few texts.
            UnknownLabels: a label is not the task's.
            HistoryLocked: nobody can say what the task was taught.
            ModelMissing, ModelUnusable, EngineFailed: there is nothing to learn with.
            Cancelled: the user stopped it.
        """
        task = with_curve(task)
        new = [each for each in examples if each.text.strip()]
        labels = isinstance(task, Classify)
        if isinstance(task, Classify):
            raise_if_unknown(task, new)
        rows = _rows(task, [*self.known(task), *new])
        least = SIZES[0] + LEAST_REST
        few = UsageError(f"a curve takes {least} labelled texts with their values")
        if labels:
            few = UsageError(f"a curve takes {least} labelled texts of several labels")
        if not draws(len(rows), [right if labels else text for text, right in rows]):
            raise few
        self._models.select()
        found = self._answering.lesson_curve(task, rows, cancel, on_progress)
        if not found.points:  # some of the texts could not be read
            raise few
        return found

    def standing(self, task: Task) -> Standing:
        """How many labelled texts a task has, and what was learned from them.

        Raises:
            HistoryLocked, DataDamaged, ModelMissing: nobody can say.
        """
        model = bare_id(self._models.current().id)
        rows = _rows(task, self.known(task))
        undone = self._heads.undone(task, model)
        before = _rows(task, self.known(task, until=undone)) if undone else []
        return Standing(
            model=model,
            texts=len(rows),
            new=len({*rows}.difference(before)),
            taught=self._heads.load(task, model),
        )

    def undo(self, task: Task) -> bool:
        """Answer as before the last lesson with the chosen model; False: there is none.

        When that was is remembered: nothing is learned again from the same texts but on
        request. What a model taught says nothing against the texts that people labelled.

        Raises:
            HistoryLocked, DataFolderUnwritable, ModelMissing: it is as it was.
        """
        model = bare_id(self._models.admitted().id)
        taught = self._heads.load(task, model)
        by_a_model = taught is not None and bool(taught.teacher)
        return self._heads.undo(task, model, None if by_a_model else self._clock.now())

    def _lesson(
        self,
        task: Task,
        model: str,
        rows: Sequence[tuple[str, Any]],
        cancel: CancelToken,
        on_progress: OnProgress,
    ) -> tuple[Lesson, Taught | None]:
        """What came of it, and what to answer with if it is adopted."""
        if (none := hopeless(rows, labels=isinstance(task, Classify))) is not None:
            return none, None
        now = self._heads.load(task, model)
        # What a model taught has not seen what people said: it may be better.
        usual = now.learned if now is not None and now.teacher else None
        trial = self._answering.try_lesson(task, rows, cancel, on_progress, usual)
        if trial.lesson.verdict is not Verdict.ADOPTED:
            return trial.lesson, None
        taught = Taught(
            learned=trial.learned,
            lesson=trial.lesson,
            at=self._clock.now(),
            held_out=trial.held_out,
            labels=() if is_multiple(task) else tuple(each[0] for each in trial.right),
            right=trial.right if is_multiple(task) else (),
        )
        return trial.lesson, taught

    def known(self, task: Task, until: datetime | None = None) -> list[Example]:
        """What the task was taught and corrected before; see `ShownExamples`."""
        return self._examples.known(task, until)

    def _keep(self, task: Task, examples: list[Example]) -> bool:
        """Keep labelled texts as examples of the task; False where there is no place."""
        try:
            self._history.teach(identity(task), examples, self._clock.now())
        except HistoryKeyless:
            return False
        return True


def _rows(task: Task, examples: Iterable[Example]) -> list[tuple[str, Any]]:
    """Texts with what is right, in the form in which the task learns from it."""
    if isinstance(task, Classify):
        return [*rows_of(task, examples)]
    if isinstance(task, Extract):
        return [*field_rows_of(task, examples)]
    return [*written_rows_of(task, examples)]
