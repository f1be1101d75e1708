"""Tasks answered by the engine, without keeping anything."""

from __future__ import annotations

import dataclasses
import time
from pathlib import Path
from typing import TYPE_CHECKING, assert_never

from onhand.domain.answers import Answer, Lane, Outcome
from onhand.domain.errors import EmptyText, TextTooLong
from onhand.domain.progress import CancelToken, ignore_progress, ignore_text
from onhand.domain.tasks import Classify, Extract, Rewrite, Summarise, Task
from onhand.services.classifying import Classifier
from onhand.services.extracting import Extractor
from onhand.services.reading_parts import Reader
from onhand.services.rewriting import Rewriter, Summariser, Watch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onhand.domain.errors import AppError
    from onhand.services.models import Models
    from onhand.services.ports import Engine


class Answering:
    """Answers tasks with the model that the engine was told to use."""

    def __init__(self, engine: Engine, models: Models) -> None:
        self._engine = engine
        self._models = models
        self._reader = Reader(engine)
        self._classify = Classifier(engine, self._reader)
        self._extract = Extractor(engine, self._reader)
        self._rewrite = Rewriter(engine, Reader(engine, overlap=0.0))
        self._summarise = Summariser(engine, self._reader)

    @property
    def reader(self) -> Reader:
        """What cuts long texts."""
        return self._reader

    def answer(self, task: Task, text: str, watch: Watch) -> Outcome:
        """The answer for one text.

        Raises:
            EmptyText, TextTooLong: there is none for this text.
            ModelMissing, ModelUnusable, EngineFailed: there is none for any.
            Cancelled: the user stopped it.
        """
        _raise_if_empty(text)
        self._engine.state()  # loading is not part of the time for the text
        begin = time.perf_counter()
        match task:
            case Classify():
                judged = self._classify(task, [text], watch.cancel, watch.on_progress)[0]
                return self._outcome(judged.answer, judged.confidence, begin)
            case Extract():
                extracted = self._extract(task, text, watch.cancel, watch.on_progress)
                return self._outcome(extracted.answer, extracted.confidence, begin)
            case Rewrite():
                rewritten = self._rewrite(task, text, watch)
                return self._outcome(rewritten.answer, rewritten.confidence, begin)
            case Summarise():
                summary = self._summarise(task, text, watch)
                return self._outcome(summary.answer, summary.confidence, begin)
            case _:
                assert_never(task)

    def answer_many(
        self, task: Task, texts: Sequence[str], cancel: CancelToken
    ) -> list[Outcome | AppError]:
        """Answers in the order of the texts.

        What fails for one text alone stands in its place.

        Raises:
            ModelMissing, ModelUnusable, EngineFailed: nothing can be answered.
            Cancelled: the user stopped it.
        """
        if isinstance(task, Classify):
            return self._classify_many(task, texts, cancel)
        return [self._try(task, text, cancel) for text in texts]

    def _try(self, task: Task, text: str, cancel: CancelToken) -> Outcome | AppError:
        watch = Watch(cancel, ignore_text, ignore_progress)
        try:
            return self.answer(task, text, watch)
        except (EmptyText, TextTooLong) as error:
            return error

    def _classify_many(
        self, task: Classify, texts: Sequence[str], cancel: CancelToken
    ) -> list[Outcome | AppError]:
        """Classifications share batches; the seconds go by the length of the texts."""
        full = [index for index, text in enumerate(texts) if text.strip()]
        results: list[Outcome | AppError] = [EmptyText() for _ in texts]
        if not full:
            return results
        self._engine.state()
        begin = time.perf_counter()
        judged = self._classify(
            task, [texts[index] for index in full], cancel, ignore_progress
        )
        spent = time.perf_counter() - begin
        letters = sum(len(texts[index]) for index in full)
        for index, each in zip(full, judged, strict=True):
            outcome = self._outcome(each.answer, each.confidence, begin)
            share = spent * len(texts[index]) / letters
            results[index] = dataclasses.replace(outcome, seconds=share)
        return results

    def _outcome(self, answer: Answer, confidence: float | None, begin: float) -> Outcome:
        state = self._engine.state()
        return Outcome(
            answer=answer,
            confidence=confidence,
            # Never `sure` before a calibration on the user's own corrections.
            lane=Lane.CHECK,
            model=self._models.name_of(Path(state.model)),
            device=state.device,
            seconds=time.perf_counter() - begin,
            read=1.0,
        )


def _raise_if_empty(text: str) -> None:
    if not text.strip():
        raise EmptyText
