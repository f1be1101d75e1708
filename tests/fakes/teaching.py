"""Teaching that comes to what the test says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.domain.progress import Progress, ignore_progress
from onhand.domain.teaching import Lesson, Verdict
from onhand.services.teach import Teaching

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from onhand.domain.evaluating import Evaluation
    from onhand.domain.progress import CancelToken, OnProgress
    from onhand.domain.tasks import Example, Task

ADOPTED = Lesson(verdict=Verdict.ADOPTED, examples=40, before=20, after=34, only=(2, 16))


class FakeTeach:
    """Notes what it is taught.

    Attributes:
        lesson: what teaching comes to.
        examples_kept: whether there is a place for examples.
        relabelled: texts that came with several labels.
        taught: what came, and whether it was to be kept.
        lessons: how many there are to undo.
    """

    def __init__(self) -> None:
        self.lesson = ADOPTED
        self.examples_kept = True
        self.relabelled = 0
        self.taught: list[tuple[Task, list[Example], bool]] = []
        self.lessons = 0

    def __call__(
        self,
        task: Task,
        examples: Iterable[Example] = (),
        *,
        cancel: CancelToken,
        keep: bool = True,
        on_progress: OnProgress = ignore_progress,
    ) -> Teaching:
        """What the test says."""
        self.taught.append((task, list(examples), keep))
        self.lessons += keep and self.lesson.verdict is Verdict.ADOPTED
        on_progress(Progress(done=1, total=1))
        return Teaching(
            lesson=self.lesson,
            model="smollm2-135m",
            examples_kept=keep and self.examples_kept,
            relabelled=self.relabelled,
        )

    def undo(self, task: Task) -> bool:
        """One less."""
        self.lessons -= 1
        return self.lessons >= 0


class FakeEvaluate:
    """Finds what the test says.

    Attributes:
        found: by model.
        asked: the models that were asked for each time, and how many texts there were.
    """

    def __init__(self) -> None:
        self.found: dict[str, Evaluation] = {}
        self.asked: list[tuple[list[str], int]] = []

    def __call__(
        self,
        task: Task,
        labelled: Sequence[Example],
        wanted: Sequence[str],
        cancel: CancelToken,
        on_progress: OnProgress = ignore_progress,
    ) -> list[Evaluation]:
        """What the test says."""
        self.asked.append(([*wanted], len(labelled)))
        return [self.found[each] for each in wanted]
