"""Answering a task that writes, with the examples that it was taught to show."""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from onhand.domain.errors import AppError, TextTooLong
from onhand.domain.tasks import Rewrite
from onhand.services.reading_parts import Reader
from onhand.services.rewriting import Rewriter
from onhand.services.summarising import Summariser
from onhand.services.writing import Writer

if TYPE_CHECKING:
    from onhand.domain.answers import Outcome
    from onhand.domain.heads import Learned
    from onhand.domain.tasks import WritingTask
    from onhand.services.outcomes import Outcomes
    from onhand.services.ports import Engine, Languages
    from onhand.services.prefixes import Prefixes
    from onhand.services.shown_examples import ShownExamples
    from onhand.services.writing import Composed, Watch

_log = logging.getLogger(__name__)


class Composer:
    """Writes texts anew, or shorter."""

    def __init__(
        self,
        engine: Engine,
        languages: Languages,
        outcomes: Outcomes,
        prefixes: Prefixes,
        examples: ShownExamples,
    ) -> None:
        writer = Writer(engine, languages)
        self._rewrite = Rewriter(writer, Reader(engine, overlap=0.0))
        self._summarise = Summariser(writer, Reader(engine))
        self._engine = engine
        self._outcomes = outcomes
        self._prefixes = prefixes
        self._examples = examples

    def __call__(
        self,
        task: WritingTask,
        text: str,
        watch: Watch,
        learned: Learned | None,
        *,
        keep: bool = False,
    ) -> Outcome:
        """What becomes of a text; pieces go to `watch.on_text` as they come.

        Args:
            task: what to do.
            text: with what.
            watch: how it is followed and stopped.
            learned: what the task was taught, if it was.
            keep: whether the decoded prefix may be kept, with what is shown in it.

        Raises:
            TextTooLong: the task alone fills the context.
        """
        asked = self.asked(task, learned)
        self._prefixes.allow(asked, keep=keep)
        self._engine.state(watch.cancel)  # loading is not part of the time for the text
        begin = time.perf_counter()
        try:
            made = self.composed(asked, text, watch)
        except TextTooLong:
            if asked is task:
                raise
            asked = task  # in a smaller context than when it was taught
            made = self.composed(task, text, watch)
        outcome = self._outcomes.of(made.answer, made.confidence, begin, watch.cancel)
        taught = learned.taught if learned is not None and asked is not task else 0
        return replace(outcome, notes=made.notes, taught=taught)

    def asked(self, task: WritingTask, learned: Learned | None) -> WritingTask:
        """The task as the model is asked about it: with the examples it learned to show.

        Examples that cannot be read stop no answer.
        """
        if learned is None:
            return task
        try:
            return self._examples.shown(task, learned)
        except AppError as error:
            _log.warning("what is shown cannot be read: %s", error.code)
            return task

    def composed(self, task: WritingTask, text: str, watch: Watch) -> Composed:
        """The same with just the examples that the task has.

        Raises:
            TextTooLong: the task alone fills the context.
        """
        if isinstance(task, Rewrite):
            return self._rewrite(task, text, watch)
        return self._summarise(task, text, watch)
