"""Classification: every label is scored, none is written."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from onhand.domain.answers import Classification, Tagging
from onhand.domain.primitives import Score
from onhand.domain.progress import CancelToken, OnProgress, Progress
from onhand.domain.prompting import classify_prompt, classify_questions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onhand.domain.tasks import Classify
    from onhand.services.ports import Engine
    from onhand.services.reading_parts import Reader

LIKELY = 0.5
"""A label of a tagging applies from this probability on."""


@dataclass(frozen=True)
class Judged:
    """An answer and how sure it is, 0 to 1."""

    answer: Classification | Tagging
    confidence: float


class Classifier:
    """Answers classify tasks."""

    def __init__(self, engine: Engine, reader: Reader) -> None:
        self._engine = engine
        self._reader = reader

    def __call__(
        self,
        task: Classify,
        texts: Sequence[str],
        cancel: CancelToken,
        on_progress: OnProgress,
    ) -> list[Judged]:
        """Answers for some texts; short ones share batches.

        Raises:
            TextTooLong: the task alone fills the context.
        """
        prompt, questions = classify_prompt(task), classify_questions(task)
        behind = (
            tuple(questions[0].ask.splitlines()) if task.multiple else (questions[0].ask,)
        )
        cut: list[tuple[int, str]] = []
        for index, text in enumerate(texts):
            for part in self._reader.parts(text, prompt, behind, cancel):
                cut.append((index, text[part.start : part.end]))
        evidence: list[list[tuple[int, tuple[tuple[float, ...], ...]]]] = [
            [] for _ in texts
        ]
        for done, chunk in _chunks(cut, len(texts)):
            scored = self._engine.score(
                Score(
                    prompt=prompt,
                    texts=tuple(text for _, text in chunk),
                    questions=questions,
                ),
                cancel,
            )
            for (index, _), tokens, row in zip(
                chunk, scored.tokens, scored.logprobs, strict=True
            ):
                evidence[index].append((max(1, tokens), row))
            on_progress(Progress(done=done, total=len(cut)))
        return [judge(task, rows) for rows in evidence]


def judge(
    task: Classify, parts: Sequence[tuple[int, tuple[tuple[float, ...], ...]]]
) -> Judged:
    """The answer for a text, from tokens and log-probabilities of each of its parts."""
    if not task.multiple:
        probabilities = _merged([(weight, row[0]) for weight, row in parts])
        scores = dict(zip(task.answers, probabilities, strict=True))
        label = max(scores, key=scores.__getitem__)
        return Judged(Classification(label=label, scores=scores), scores[label])
    # A tag that applies to one part applies to the text.
    applies = [
        max(_merged([(weight, row[number])])[0] for weight, row in parts)
        for number in range(len(task.labels))
    ]
    scores = {label.name: share for label, share in zip(task.labels, applies, strict=True)}
    chosen = tuple(name for name, share in scores.items() if share >= LIKELY)
    sure = math.prod(max(share, 1 - share) for share in applies)
    if not chosen and task.none is not None:
        chosen = (task.none,)
    return Judged(Tagging(labels=chosen, scores=scores), sure)


def _merged(parts: Sequence[tuple[int, Sequence[float]]]) -> list[float]:
    """Probabilities from the mean of log-probabilities, weighted."""
    total = sum(weight for weight, _ in parts)
    count = len(parts[0][1])
    mean = [
        sum(weight * row[option] for weight, row in parts) / total
        for option in range(count)
    ]
    top = max(mean)
    shares = [math.exp(each - top) for each in mean]
    return [share / sum(shares) for share in shares]


def _chunks(
    cut: list[tuple[int, str]], texts: int
) -> list[tuple[int, list[tuple[int, str]]]]:
    """What is asked at once: everything, or part by part where a text was cut.

    Part by part, progress can be seen.
    """
    size = len(cut) if len(cut) == texts else 1
    return [
        (min(start + size, len(cut)), cut[start : start + size])
        for start in range(0, len(cut), max(1, size))
    ]
