"""Tasks answered by the engine, without keeping anything."""

from __future__ import annotations

import dataclasses
import logging
import time
from typing import TYPE_CHECKING, Any, assert_never

from onhand.domain.belonging import flat_of
from onhand.domain.errors import AppError, EmptyText, TextTooLong
from onhand.domain.heads import Learned, may_have_head
from onhand.domain.layouts import bare_id
from onhand.domain.progress import CancelToken, ignore_progress, ignore_text
from onhand.domain.tasks import Classify, Extract, Rewrite, Summarise, Task
from onhand.services.classifying import Classifier, Judged, judge, judge_with
from onhand.services.composing import Composer
from onhand.services.extracting import Extractor
from onhand.services.field_lessons import FieldLessons
from onhand.services.learning import Learning
from onhand.services.lessons import Lessons, Trial
from onhand.services.outcomes import Outcomes
from onhand.services.prefixes import Prefixes
from onhand.services.priors import Priors
from onhand.services.reading_parts import Reader
from onhand.services.shown_examples import ShownExamples
from onhand.services.task_samples import Samples
from onhand.services.writing import Watch
from onhand.services.written_lessons import WrittenLessons

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onhand.domain.answers import Outcome
    from onhand.domain.learning_curve import Curve
    from onhand.domain.lesson_rows import Drawable
    from onhand.domain.progress import OnProgress
    from onhand.domain.tasks import WritingTask
    from onhand.services.history_ports import HistoryStore, PriorStore, SampleStore
    from onhand.services.models import Models
    from onhand.services.ports import Engine, Languages, PrefixStore
    from onhand.services.teaching_ports import HeadStore

_log = logging.getLogger(__name__)


class Answering:
    """Answers tasks with the model that the engine was told to use."""

    def __init__(  # noqa: PLR0913 - wired in one place
        self,
        engine: Engine,
        models: Models,
        *,
        priors: PriorStore,
        samples: SampleStore,
        prefixes: PrefixStore,
        languages: Languages,
        heads: HeadStore,
        history: HistoryStore,
    ) -> None:
        self._engine = engine
        self._prefixes = Prefixes(prefixes, engine)
        self._outcomes = Outcomes(engine, models, languages)
        self._reader = Reader(engine)
        self._classifier = Classifier(engine, self._reader)
        self._priors = Priors(priors, self._classifier)
        self._heads = heads
        self._learn = Learning(engine, self._classifier, self._priors)
        self._samples = Samples(samples, self._classifier, self._learn)
        self._lessons = Lessons(engine, self._classifier, self._priors, self._learn)
        self._extract = Extractor(engine, self._reader)
        self._field_lessons = FieldLessons(engine, self._extract)
        examples = ShownExamples(history)
        self._compose = Composer(
            engine, languages, self._outcomes, self._prefixes, examples
        )
        self._written_lessons = WrittenLessons(self._compose)

    @property
    def reader(self) -> Reader:
        """What cuts long texts."""
        return self._reader

    def answer(self, task: Task, text: str, watch: Watch, *, keep: bool = False) -> Outcome:
        """The answer for one text.

        Args:
            task: what to do.
            text: with what.
            watch: how it is followed and stopped.
            keep: whether something may be learned from the text, and the task's decoded
                prefix be kept.

        Raises:
            EmptyText, TextTooLong: there is none for this text.
            ModelMissing, ModelUnusable, EngineFailed: there is none for any.
            Cancelled: the user stopped it.
        """
        _raise_if_empty(text)
        self._prefixes.allow(task, keep=keep)
        cancel = watch.cancel
        self._engine.state(cancel)  # loading is not part of the time for the text
        begin = time.perf_counter()
        match task:
            case Classify():
                judged = self._classify(task, text, watch, keep=keep)
                outcome = self._outcomes.of(judged.answer, judged.confidence, begin, cancel)
                outcome = dataclasses.replace(outcome, taught=judged.taught)
            case Extract():
                outcome = self._copied(task, text, watch, self._learned(task, cancel))
            case Rewrite() | Summarise():
                learned = self._learned(task, cancel)
                outcome = self._compose(task, text, watch, learned, keep=keep)
            case _:
                assert_never(task)
        return self._outcomes.noted(outcome, text, cancel)

    def asked(self, task: Task, learned: Learned | None) -> Task:
        """The task as the model is asked about it, with what it learned to show."""
        if isinstance(task, Classify | Extract):
            return task
        return self._compose.asked(task, learned)

    def learn(
        self,
        task: Task,
        groups: Sequence[Sequence[str]],
        cancel: CancelToken,
        on_progress: OnProgress = ignore_progress,
    ) -> Learned | None:
        """What can be learned from a sample; see `TaskRunner`."""
        if (taught := self._learned(task, cancel)) is not None:
            return taught
        if not isinstance(task, Classify):
            return Learned(prior={})  # what is taught later is not for what has begun
        self._prefixes.allow(task, keep=False)
        return self._learn(task, self._outcomes.model(cancel), groups, cancel, on_progress)

    def try_lesson(
        self,
        task: Task,
        labelled: Sequence[tuple[str, Any]],
        cancel: CancelToken,
        on_progress: OnProgress = ignore_progress,
        usual: Learned | None = None,
    ) -> Trial:
        """What labelled texts would teach; see the lessons of each kind. Keeps nothing.

        Raises:
            ModelMissing, ModelUnusable, EngineFailed: there is nothing to learn with.
            Cancelled: the user stopped it.
        """
        self._prefixes.allow(task, keep=False)
        if isinstance(task, Extract):
            return self._field_lessons(task, labelled, cancel, on_progress)
        if isinstance(task, Rewrite | Summarise):
            return self._written_lessons(task, labelled, cancel, on_progress)
        model = self._outcomes.model(cancel)
        return self._lessons(task, model, labelled, cancel, on_progress, usual)

    def lesson_curve(
        self,
        task: Drawable,
        labelled: Sequence[tuple[str, Any]],
        cancel: CancelToken,
        on_progress: OnProgress = ignore_progress,
    ) -> Curve:
        """How much more labelled texts would help; see `curve` of both kinds of lessons."""
        self._prefixes.allow(task, keep=False)
        if isinstance(task, Extract):
            return self._field_lessons.curve(task, labelled, cancel, on_progress)
        model = self._outcomes.model(cancel)
        return self._lessons.curve(task, model, labelled, cancel, on_progress)

    def answer_many(
        self,
        task: Task,
        texts: Sequence[str],
        cancel: CancelToken,
        learned: Learned | None = None,
    ) -> list[Outcome | AppError]:
        """Answers in the order of the texts; learns nothing.

        What fails for one text alone stands in its place. `learned` is what `learn` gave.

        Raises:
            ModelMissing, ModelUnusable, EngineFailed: nothing can be answered.
            Cancelled: the user stopped it.
        """
        self._prefixes.allow(task, keep=False)
        if isinstance(task, Classify):
            return self._classify_many(task, texts, cancel, learned)
        return [self._try(task, text, cancel, learned) for text in texts]

    def _classify(self, task: Classify, text: str, watch: Watch, *, keep: bool) -> Judged:
        if self._priors.drop_forgotten():
            self._samples.drop()
        taught = self._learned(task, watch.cancel)
        [evidence] = self._classifier.evidence(
            task,
            [text],
            watch.cancel,
            watch.on_progress,
            states=taught is not None or may_have_head(task),
        )
        if taught is not None and evidence.fits(taught):
            return judge_with(
                task, evidence, taught, flat_of(self._outcomes.model(watch.cancel))
            )
        model = self._outcomes.model(watch.cancel)
        prior = self._priors.of(task, model, watch.cancel, keep=keep).logs
        head = self._samples.head(task, model, prior, watch, keep=keep)
        if head is not None and not head.fits(len(evidence.states[0])):
            head = None
        judged = judge(task, evidence, prior, head, flat_of(model))
        if keep:
            self._priors.learn(task, model, evidence.shares[0])
            self._samples.add(task, model, evidence)
        return judged

    def _try(
        self,
        task: Extract | WritingTask,
        text: str,
        cancel: CancelToken,
        learned: Learned | None,
    ) -> Outcome | AppError:
        watch = Watch(cancel, ignore_text, ignore_progress)
        try:
            _raise_if_empty(text)
            made = (
                self._copied(task, text, watch, learned)
                if isinstance(task, Extract)
                else self._compose(task, text, watch, learned)
            )
            return self._outcomes.noted(made, text, cancel)
        except (EmptyText, TextTooLong) as error:
            return error

    def _copied(
        self, task: Extract, text: str, watch: Watch, learned: Learned | None
    ) -> Outcome:
        """The values of every field, as they were taught."""
        self._engine.state(watch.cancel)
        begin = time.perf_counter()
        fields = learned.fields if learned else {}
        found = self._extract(task, text, watch.cancel, watch.on_progress, fields)
        outcome = self._outcomes.of(found.answer, found.confidence, begin, watch.cancel)
        taught = learned.taught if learned else 0
        return dataclasses.replace(outcome, notes=found.notes, taught=taught)

    def _classify_many(
        self,
        task: Classify,
        texts: Sequence[str],
        cancel: CancelToken,
        learned: Learned | None,
    ) -> list[Outcome | AppError]:
        """Classifications share batches; the seconds go by the length of the texts."""
        full = [index for index, text in enumerate(texts) if text.strip()]
        results: list[Outcome | AppError] = [EmptyText() for _ in texts]
        if not full:
            return results
        self._engine.state(cancel)
        begin = time.perf_counter()
        evidence = self._classifier.evidence(
            task,
            [texts[index] for index in full],
            cancel,
            ignore_progress,
            states=learned is not None and learned.head is not None,
        )
        flat = flat_of(self._outcomes.model(cancel))
        for index, each in zip(full, evidence, strict=True):
            judged = judge_with(task, each, learned, flat)
            outcome = self._outcomes.of(judged.answer, judged.confidence, begin, cancel)
            # Of a sample it was spent when the prior was found out.
            outcome = dataclasses.replace(
                outcome, seconds=each.seconds, taught=judged.taught
            )
            results[index] = self._outcomes.noted(outcome, texts[index], cancel)
        return results

    def _learned(self, task: Task, cancel: CancelToken) -> Learned | None:
        """What the task was taught; what cannot be read stops no answer."""
        try:
            taught = self._heads.load(task, bare_id(self._outcomes.model(cancel)))
        except AppError as error:
            _log.warning("what was taught cannot be read: %s", error.code)
            return None
        return taught.learned if taught is not None else None


def _raise_if_empty(text: str) -> None:
    if not text.strip():
        raise EmptyText
