"""Rewriting and summarising: the model writes, then the result is cleaned and checked."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from onhand.domain.answers import Check, Rewriting, Summary
from onhand.domain.checks import checks_of
from onhand.domain.edits import edits_between
from onhand.domain.primitives import Prompt, Write, Written
from onhand.domain.progress import CancelToken, OnProgress, OnText, Progress
from onhand.domain.prompting import (
    rewrite_ask,
    rewrite_prompt,
    summarise_ask,
    summarise_prompt,
)
from onhand.domain.written import sources_of, whole_sentences, without_chatter

if TYPE_CHECKING:
    from onhand.domain.tasks import Rewrite, Summarise
    from onhand.services.ports import Engine
    from onhand.services.reading_parts import Reader

GROWTH = 1.5
"""A rewrite may become longer than the text by this factor."""

SPARE = 48
"""Tokens that may be written however short the text is."""

SUMMARY_TOKENS = 320
"""Tokens of a summary at most."""


@dataclass(frozen=True)
class Composed:
    """A written answer, and the geometric mean of its tokens' probabilities."""

    answer: Rewriting | Summary
    confidence: float


@dataclass(frozen=True)
class Watch:
    """How the work is followed and stopped."""

    cancel: CancelToken
    on_text: OnText
    on_progress: OnProgress


class Rewriter:
    """Answers rewrite tasks; a long text part by part."""

    def __init__(self, engine: Engine, reader: Reader) -> None:
        """Parts of `reader` must not overlap: what is read twice would be written twice."""
        self._engine = engine
        self._reader = reader

    def __call__(self, task: Rewrite, text: str, watch: Watch) -> Composed:
        """The text written anew; pieces go to `watch.on_text` as they come.

        Raises:
            TextTooLong: the task alone fills the context.
        """
        prompt, ask = rewrite_prompt(task), rewrite_ask()
        parts = self._reader.parts(text, prompt, (ask,), watch.cancel, writes=GROWTH)
        pieces: list[str] = []
        written: list[Written] = []
        for done, part in enumerate(parts, 1):
            source = text[part.start : part.end]
            body = source.strip()
            if not body:
                pieces.append(source)
                continue
            lead = source[: len(source) - len(source.lstrip())]
            trail = source[len(source.rstrip()) :]
            watch.on_text(lead)
            result = self._write(prompt, body, ask, watch)
            written.append(result)
            pieces += [lead, without_chatter(result.text, body), trail]
            watch.on_text(trail)
            watch.on_progress(Progress(done=done, total=len(parts)))
        after = "".join(pieces)
        answer = Rewriting(
            text=after,
            checks=(*checks_of(text, after, task.keep), _ending(written)),
            edits=edits_between(text, after),
        )
        return Composed(answer, _confidence(written))

    def _write(self, prompt: Prompt, body: str, ask: str, watch: Watch) -> Written:
        tokens = self._reader.count(body, watch.cancel)
        return self._engine.write(
            Write(
                prompt=prompt,
                text=body,
                ask=ask,
                reply="",
                limit=int(tokens * GROWTH) + SPARE,
            ),
            watch.cancel,
            watch.on_text,
        )


class Summariser:
    """Answers summarise tasks; of a long text each part, then the summaries."""

    def __init__(self, engine: Engine, reader: Reader) -> None:
        self._engine = engine
        self._reader = reader

    def __call__(self, task: Summarise, text: str, watch: Watch) -> Composed:
        """A shorter text; pieces go to `watch.on_text` as they come.

        Raises:
            TextTooLong: the task alone fills the context.
        """
        prompt, ask = summarise_prompt(task), summarise_ask()
        source, written = text, list[Written]()
        while True:
            parts = self._reader.parts(source, prompt, (ask,), watch.cancel, writes=0.25)
            results = []
            for done, part in enumerate(parts, 1):
                body = source[part.start : part.end]
                limit = min(SUMMARY_TOKENS, self._reader.count(body, watch.cancel) + SPARE)
                request = Write(
                    prompt=prompt, text=body.strip(), ask=ask, reply="", limit=limit
                )
                results.append(self._engine.write(request, watch.cancel, watch.on_text))
                watch.on_text("\n")
                watch.on_progress(Progress(done=done, total=len(parts)))
            written += results
            shorter = "\n".join(
                without_chatter(
                    each.text if each.finished else whole_sentences(each.text), source
                )
                for each in results
            )
            if len(parts) == 1 or len(shorter) >= len(source):
                break
            source = shorter
        summary = shorter.strip()
        return Composed(
            Summary(text=summary, parts=sources_of(summary, text)), _confidence(written)
        )


def _ending(written: list[Written]) -> Check:
    """Whether the model came to an end by itself; a rewrite that ran away is cut off."""
    if all(each.finished for each in written):
        return Check(name="ending", ok=True)
    return Check(name="ending", ok=False, detail="it became too long and was cut off")


def _confidence(written: list[Written]) -> float:
    tokens = sum(each.tokens for each in written)
    return math.exp(sum(each.logprob * each.tokens for each in written) / max(1, tokens))
