"""Trying whether a task that writes does so better when it is shown accepted texts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from onhand.domain.errors import EngineFailed, TextTooLong
from onhand.domain.heads import Learned
from onhand.domain.progress import Progress, ignore_progress, ignore_text
from onhand.domain.shown_examples import mark_of, shown_of
from onhand.domain.tasks import Example
from onhand.domain.teaching import Lesson, Verdict
from onhand.domain.written_lesson import written_lesson_of
from onhand.services.lessons import Trial
from onhand.services.writing import Watch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onhand.domain.progress import CancelToken, OnProgress
    from onhand.domain.tasks import WritingTask
    from onhand.services.composing import Composer

TRIED = 20
"""Texts that are written at most, each with and without what others show: a lesson takes
minutes as it is, and a gain that needs more of them to be seen is a small one."""

FOLDS = 3
"""Into so many lots the texts are parted; each is tried with what the others show. With
more of them the most time goes into reading what is shown, which each lot has anew."""


class WrittenLessons:
    """Tries what accepted texts teach; keeps nothing."""

    def __init__(self, compose: Composer) -> None:
        self._compose = compose

    def __call__(
        self,
        task: WritingTask,
        labelled: Sequence[tuple[str, str]],
        cancel: CancelToken,
        on_progress: OnProgress,
    ) -> Trial:
        """A trial of some texts, each with what is right to be written of it.

        Progress counts those that are tried.

        Raises:
            EngineFailed: nothing could be written of any.
            Cancelled: the user stopped it.
        """
        known = [Example(text=text, answer=right) for text, right in labelled]
        shown = shown_of(known)
        if not shown:
            lesson = Lesson(verdict=Verdict.TOO_LONG, examples=len(known))
            return Trial(Learned(prior={}), lesson, held_out=(), right=())
        watch = Watch(cancel, ignore_text, ignore_progress)
        tried = _tried(known)
        right: list[str] = []
        written: list[tuple[str, str]] = []
        for done, (each, others) in enumerate(tried, 1):
            told = replace(task, examples=others)
            try:
                written.append(
                    (self._text(task, each, watch), self._text(told, each, watch))
                )
            except (EngineFailed, TextTooLong):
                continue  # it is counted as one of which nothing could be written
            finally:
                on_progress(Progress(done=done, total=len(tried)))
            right.append(str(each.answer))
        if not right:
            raise EngineFailed("nothing could be written of any text")
        lesson = written_lesson_of(
            right,
            [before for before, _ in written],
            [after for _, after in written],
            skipped=len(tried) - len(right),
        )
        marks = tuple(mark_of(each) for each in shown)
        learned = Learned(prior={}, taught=len(known), shown=marks)
        return Trial(learned=learned, lesson=lesson, held_out=(), right=())

    def _text(self, task: WritingTask, example: Example, watch: Watch) -> str:
        return self._compose.composed(task, example.text, watch).answer.text


def _tried(known: Sequence[Example]) -> list[tuple[Example, tuple[Example, ...]]]:
    """Texts to be written, each with the examples that are shown then.

    They come lot by lot, so that what is shown to a lot is read once.
    """
    count = min(TRIED, len(known))
    places = [len(known) * number // count for number in range(count)]
    tried = []
    for lot in (places[number::FOLDS] for number in range(FOLDS)):
        others = shown_of(each for at, each in enumerate(known) if at not in lot)
        tried += [(known[at], others) for at in lot]
    return tried
