"""Rewriting and summarising: the model writes, then the result is cleaned and checked."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from onhand.domain.answers import Check, Rewriting, Summary
from onhand.domain.checks import checks_of
from onhand.domain.edits import edits_between
from onhand.domain.languages import UNKNOWN
from onhand.domain.length_check import rewrite_length, summary_length
from onhand.domain.progress import Progress
from onhand.domain.prompting import (
    rewrite_ask,
    rewrite_prompt,
    shortly,
    summarise_ask,
    summarise_prompt,
)
from onhand.domain.tasks import Keep
from onhand.domain.written import sources_of
from onhand.services.writing import Aim, Draft, Result, language_check

if TYPE_CHECKING:
    from onhand.domain.primitives import Prompt, Written
    from onhand.domain.tasks import Rewrite, Summarise
    from onhand.services.reading_parts import Reader
    from onhand.services.writing import Watch, Writer

GROWTH = 1.5
"""A rewrite may become longer than the text by this factor."""

SPARE = 48
"""Tokens that may be written however short the text is."""

SUMMARY_TOKENS = 320
"""Tokens of a summary at most."""

LONGEST_SUMMARY = 0.5
"""What is longer than this share of its text, and `SPARE`, is a copy and no summary."""


@dataclass(frozen=True)
class Composed:
    """A written answer, and the geometric mean of its tokens' probabilities."""

    answer: Rewriting | Summary
    confidence: float


@dataclass(frozen=True)
class _Made:
    """What was written for a part of the text, and what was wanted of it."""

    source: str
    aim: Aim
    result: Result

    @property
    def is_empty(self) -> bool:
        return not self.result.text.strip()


class Rewriter:
    """Answers rewrite tasks; a long text part by part."""

    def __init__(self, writer: Writer, reader: Reader) -> None:
        """Parts of `reader` must not overlap: what is read twice would be written twice."""
        self._write = writer
        self._reader = reader

    def __call__(self, task: Rewrite, text: str, watch: Watch) -> Composed:
        """The text written anew; pieces go to `watch.on_text` as they come.

        A part of a long text for which nothing is written stays as it was.

        Raises:
            TextTooLong: the task alone fills the context.
        """
        aim = self._write.aim(task.instruction, text)
        prompt, behind = rewrite_prompt(task), (rewrite_ask(aim.named, firmly=True),)
        parts = self._reader.parts(text, prompt, behind, watch.cancel, writes=GROWTH)
        pieces: list[str] = []
        made: list[_Made] = []
        for done, part in enumerate(parts, 1):
            source = text[part.start : part.end]
            body = source.strip()
            if not body:
                pieces.append(source)
                continue
            lead = source[: len(source) - len(source.lstrip())]
            trail = source[len(source.rstrip()) :]
            watch.on_text(lead)
            wanted = self._wanted(task, body, aim)
            result = self._rewritten(task, body, wanted, watch)
            made.append(_Made(body, wanted, result))
            left = body if len(parts) > 1 and made[-1].is_empty else ""
            pieces += [lead, made[-1].result.text, left, trail]
            watch.on_text(left + trail)
            watch.on_progress(Progress(done=done, total=len(parts)))
        after = "".join(pieces)
        found = self._write.language_of(after)
        written = [each.result.written for each in made]
        translated = aim.is_translated_by(found)
        if translated:
            survived = _carried(task, text, after)
        else:
            survived = (
                *checks_of(text, after, task.keep, aim.spoken),
                _length(task, text, after, made),
            )
        answer = Rewriting(
            text=after,
            checks=(
                *_with_gaps(survived, made),
                *self._language(found, aim, made),
                _ending(written),
            ),
            edits=edits_between(text, after),
            language=UNKNOWN if translated else aim.spoken,
        )
        return Composed(answer, _confidence(written))

    def _wanted(self, task: Rewrite, body: str, whole: Aim) -> Aim:
        """What is wanted of a part: it stays in a language of its own if it has one."""
        own = self._write.aim(task.instruction, body)
        known = UNKNOWN not in {own.spoken, whole.spoken}
        return own if known and not whole.instructed else whole

    def _language(self, found: str, aim: Aim, made: list[_Made]) -> tuple[Check, ...]:
        """The check of the language: of each part, and of the whole by its beginning."""
        for each in made:
            checks = language_check(self._write.language_of(each.result.text), each.aim)
            if len(made) > 1 and any(not check.ok for check in checks):
                detail = f"one of {len(made)} parts: {checks[0].detail}"
                return (Check(name="language", ok=False, detail=detail),)
        return language_check(found, aim)

    def _rewritten(self, task: Rewrite, body: str, aim: Aim, watch: Watch) -> Result:
        limit = int(self._reader.count(body, watch.cancel) * GROWTH) + SPARE
        draft = Draft(rewrite_prompt(task), body, rewrite_ask, limit)
        return self._write(draft, aim, watch)


class Summariser:
    """Answers summarise tasks; of a long text each part, then the summaries."""

    def __init__(self, writer: Writer, reader: Reader) -> None:
        self._write = writer
        self._reader = reader

    def __call__(self, task: Summarise, text: str, watch: Watch) -> Composed:
        """A shorter text; pieces go to `watch.on_text` as they come.

        Raises:
            TextTooLong: the task alone fills the context.
        """
        aim = self._write.aim(task.instruction, text)
        prompt, behind = summarise_prompt(task), (summarise_ask(aim.named, firmly=True),)
        source = text
        written: list[Written] = []
        while True:
            parts = self._reader.parts(source, prompt, behind, watch.cancel, writes=0.25)
            results: list[Result] = []
            for done, part in enumerate(parts, 1):
                body = source[part.start : part.end].strip()
                if not body:  # of nothing a model would make something up
                    continue
                results.append(self._summary(prompt, body, aim, watch))
                watch.on_text("\n")
                watch.on_progress(Progress(done=done, total=len(parts)))
            written += [each.written for each in results]
            shorter = "\n".join(each.text for each in results)
            if len(parts) == 1 or len(shorter) >= len(source):
                break
            source = shorter
        summary = shorter.strip()
        found = self._write.language_of(summary)
        length = summary_length(text, summary, task.instruction)
        answer = Summary(
            text=summary,
            parts=sources_of(summary, text),
            checks=(
                *checks_of(text, summary, ()),
                *(() if aim.is_translated_by(found) else (length,)),
                *language_check(found, aim),
                _ending(written),
            ),
        )
        return Composed(answer, _confidence(written))

    def _summary(self, prompt: Prompt, body: str, aim: Aim, watch: Watch) -> Result:
        """A summary of a part; where it became none, one that begins as summaries do.

        A small model that takes up the words that a text begins with, such as a form of
        address, goes on with all others.
        """
        tokens = self._reader.count(body, watch.cancel)
        limit = min(SUMMARY_TOKENS, int(tokens * LONGEST_SUMMARY) + SPARE)
        draft = Draft(prompt, body, summarise_ask, limit, whole=True)
        first = self._write(draft, aim, watch)
        begin = shortly(aim.wanted)
        if first.written.finished or not begin:
            return first
        watch.on_text("\n\n")
        second = self._write(replace(draft, begin=begin), aim, watch)
        return second if second.written.finished and second.text.strip() else first


def _length(task: Rewrite, before: str, after: str, made: list[_Made]) -> Check:
    """That of the whole, or of a part: all of one may be little of a long text."""
    whole = rewrite_length(before, after, task.instruction)
    checks = [
        rewrite_length(each.source, each.result.text, task.instruction)
        for each in made
        if not each.is_empty
    ]
    failed = [each.detail for each in checks if not each.ok]
    if not whole.ok or not failed:
        return whole
    return Check(name="length", ok=False, detail=f"one of {len(made)} parts: {failed[0]}")


def _with_gaps(checks: tuple[Check, ...], made: list[_Made]) -> tuple[Check, ...]:
    """The checks, of which the one of the text fails where a part had to stay as it was."""
    if len(made) < 2 or not any(each.is_empty for each in made):
        return checks
    gap = Check(
        name="text",
        ok=False,
        detail="nothing was written for a part, which stays as it was",
    )
    return tuple(gap if each.name == gap.name else each for each in checks)


def _carried(task: Rewrite, before: str, after: str) -> tuple[Check, ...]:
    """Of a translation only what has a form that all languages have in common."""
    same = [keep for keep in task.keep if keep not in {Keep.NAMES, Keep.NEGATION}]
    return checks_of(before, after, same)


def _ending(written: list[Written]) -> Check:
    """Whether the model came to an end by itself; a rewrite that ran away is cut off."""
    if all(each.finished for each in written):
        return Check(name="ending", ok=True)
    return Check(name="ending", ok=False, detail="it became too long and was cut off")


def _confidence(written: list[Written]) -> float:
    tokens = sum(each.tokens for each in written)
    return math.exp(sum(each.logprob * each.tokens for each in written) / max(1, tokens))
