"""Classification: every label is scored, none is written."""

from __future__ import annotations

import hashlib
import time
from array import array
from dataclasses import dataclass, replace
from operator import mul
from typing import TYPE_CHECKING

from onhand.domain.answers import Classification, Tagging
from onhand.domain.belonging import FLAT, LIKELY, standing_out, sureness
from onhand.domain.heads import finished
from onhand.domain.primitives import Score
from onhand.domain.priors import normalised, without_prior
from onhand.domain.progress import CancelToken, OnProgress, Progress
from onhand.domain.prompting import (
    classify_prompt,
    classify_questions,
    text_with_examples,
)
from onhand.domain.tasks import version
from onhand.services.showing import Showing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onhand.domain.heads import Head, Learned
    from onhand.domain.tasks import Classify
    from onhand.services.ports import Engine
    from onhand.services.reading_parts import Reader

REMEMBERED = 400
"""Texts whose evidence is kept in memory, for who asks for it again at once.

As many as a sample and the names of labels may be, and then some: a batch reads these
before its rows.
"""


@dataclass(frozen=True)
class Judged:
    """An answer and how sure it is, 0 to 1; `taught` as in `Outcome`."""

    answer: Classification | Tagging
    confidence: float
    taught: int = 0


@dataclass(frozen=True)
class Evidence:
    """What the model says of a text, part by part: tokens, and logs of probabilities.

    Attributes:
        parts: for each part its weight and `logprobs[question][option]`.
        seconds: the text's share of the decoding.
        states: for each part its hidden state, if it was asked for.
    """

    parts: tuple[tuple[int, tuple[tuple[float, ...], ...]], ...]
    seconds: float = 0.0
    states: tuple[array[float], ...] = ()

    @property
    def logprobs(self) -> list[list[float]]:
        """`logprobs[question][option]` of the whole text: the mean, weighted by tokens."""
        total = sum(weight for weight, _ in self.parts)
        questions = zip(*(row for _, row in self.parts), strict=True)
        return [
            [
                sum(
                    weight * each
                    for (weight, _), each in zip(self.parts, column, strict=True)
                )
                / total
                for column in zip(*rows, strict=True)
            ]
            for rows in questions
        ]

    @property
    def state(self) -> tuple[float, ...]:
        """The hidden state of the whole text: the mean, weighted by tokens."""
        total = sum(weight for weight, _ in self.parts)
        weights = [weight / total for weight, _ in self.parts]
        columns = zip(*self.states, strict=True)
        return tuple(sum(map(mul, weights, column)) for column in columns)

    def fits(self, learned: Learned) -> bool:
        """Whether what was learned can be used; a head may be one of another model.

        That happens where a model file was replaced by another one of the same name.
        """
        if learned.head is None:
            return True
        return learned.head.fits(len(self.states[0]) if self.states else 0)

    @property
    def shares(self) -> list[list[float]]:
        """The same as probabilities."""
        return [normalised(each) for each in self.logprobs]


class Classifier:
    """Answers classify tasks."""

    def __init__(self, engine: Engine, reader: Reader) -> None:
        self._engine = engine
        self._reader = reader
        self._showing = Showing()
        self._remembered: dict[tuple[str, str, bool, str], list[Evidence]] = {}

    def evidence(
        self,
        task: Classify,
        texts: Sequence[str],
        cancel: CancelToken,
        on_progress: OnProgress,
        *,
        states: bool = False,
    ) -> list[Evidence]:
        """What the model says of some texts; short ones share batches.

        With hidden states where `states` says so.

        Raises:
            TextTooLong: the task alone fills the context.
        """
        # Not the texts themselves, which may be long.
        digest = hashlib.sha256(repr([*texts]).encode()).hexdigest()
        key = (version(task), self._engine.state(cancel).model, states, digest)
        if key not in self._remembered:
            found = self._evidence(task, texts, cancel, on_progress, states=states)
            most = max(0, REMEMBERED - len(found))
            while sum(map(len, self._remembered.values())) > most:
                del self._remembered[next(iter(self._remembered))]
            self._remembered[key] = found
        return self._remembered[key]

    def _evidence(
        self,
        task: Classify,
        texts: Sequence[str],
        cancel: CancelToken,
        on_progress: OnProgress,
        *,
        states: bool,
    ) -> list[Evidence]:
        begin = time.perf_counter()
        prompt, questions = classify_prompt(task), classify_questions(task)
        behind = tuple(each.ask + each.reply for each in questions)
        longest = text_with_examples(self._showing.longest(task), "")
        cut: list[tuple[int, str]] = []
        for index, text in enumerate(texts):
            shown = self._showing.examples(task, text)
            for part in self._reader.parts(text, prompt, (*behind, longest), cancel):
                piece = text[part.start : part.end]
                cut.append((index, text_with_examples(shown, piece)))
        parts: list[list[tuple[int, tuple[tuple[float, ...], ...]]]] = [[] for _ in texts]
        seen: list[list[array[float]]] = [[] for _ in texts]
        for done, chunk in _chunks(cut, len(texts)):
            scored = self._engine.score(
                Score(
                    prompt=prompt,
                    texts=tuple(text for _, text in chunk),
                    questions=questions,
                    states=states,
                ),
                cancel,
            )
            for (index, _), state in zip(chunk, scored.states, strict=False):
                seen[index].append(array("f", state))
            for (index, _), tokens, row in zip(
                chunk, scored.tokens, scored.logprobs, strict=True
            ):
                parts[index].append((max(1, tokens), row))
            on_progress(Progress(done=done, total=len(cut)))
        letter = (time.perf_counter() - begin) / max(1, sum(map(len, texts)))
        return [
            Evidence(tuple(each), letter * len(text), tuple(of_text))
            for each, text, of_text in zip(parts, texts, seen, strict=True)
        ]


def judge(
    task: Classify,
    evidence: Evidence,
    prior: Sequence[float] | None = None,
    head: Head | None = None,
    flat: float = FLAT,
) -> Judged:
    """The answer for a text.

    Args:
        task: what was asked.
        evidence: what the model says of the text.
        prior: what it says whatever the text is, natural logarithms by option; taken out.
        head: what else knows the task, from the same sample as the prior.
        flat: from which flatness of the model's answers on no label stands out.
    """
    own = own_shares(task, evidence, prior)
    if task.multiple:
        return _tagged(
            task, own if head is None else head.applied_apart(own, evidence.state)
        )
    shares = own if head is None else head.applied(own, evidence.state)
    shares = finished(task, shares, head, flat)
    scores = dict(zip(task.answers, shares, strict=True))
    label = max(scores, key=scores.__getitem__)
    return Judged(Classification(label=label, scores=scores), scores[label])


def judge_with(
    task: Classify, evidence: Evidence, learned: Learned | None, flat: float
) -> Judged:
    """The answer with what was learned, if anything was that fits the model."""
    if learned is None or not evidence.fits(learned):
        return judge(task, evidence, flat=flat)
    prior = [learned.prior[each] for each in task.options]
    judged = judge(task, evidence, prior, learned.head, flat)
    return replace(judged, taught=learned.taught)


def own_shares(
    task: Classify, evidence: Evidence, prior: Sequence[float] | None = None
) -> tuple[float, ...]:
    """What a model by itself says of a text after the prior was taken out.

    The probabilities of the answers; where any number of labels may be right, that of each
    by itself.
    """
    if not task.multiple:
        logprobs = evidence.logprobs[0]
        return tuple(without_prior(logprobs, prior or [0.0] * len(logprobs)))
    usual = normalised(prior or [0.0] * len(task.options))
    # A tag that applies to one part applies to the text.
    parts = [standing_out(normalised(row[0]), usual) for _, row in evidence.parts]
    return tuple(max(column) for column in zip(*parts, strict=True))


def _tagged(task: Classify, applies: Sequence[float]) -> Judged:
    scores = {label.name: share for label, share in zip(task.labels, applies, strict=True)}
    chosen = tuple(name for name, share in scores.items() if share >= LIKELY)
    if not chosen and task.none is not None:
        chosen = (task.none,)
    return Judged(Tagging(labels=chosen, scores=scores), sureness(applies))


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
