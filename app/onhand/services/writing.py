"""A text written in the language that is wanted: asked for, looked at, asked again."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from onhand.domain.answers import Check, Rewriting, Summary
from onhand.domain.chatter import without_chatter
from onhand.domain.languages import UNKNOWN, asked_language, name_of
from onhand.domain.primitives import Prompt, Write, Written
from onhand.domain.progress import CancelToken, OnProgress, OnText
from onhand.domain.written import is_taken_from, whole_sentences

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onhand.services.ports import Engine, Languages

SPARE = 48
"""Tokens that may be written however short the text is."""

ENGLISH = "en"
"""What a model falls back to by itself, so that it need not be asked for."""


@dataclass(frozen=True)
class Composed:
    """A written answer, and the geometric mean of its tokens' probabilities.

    Attributes:
        notes: as in `Outcome`.
    """

    answer: Rewriting | Summary
    confidence: float
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Watch:
    """How the work is followed and stopped."""

    cancel: CancelToken
    on_text: OnText
    on_progress: OnProgress


@dataclass(frozen=True)
class Aim:
    """The language of a text, and the one in which the answer is wanted.

    Attributes:
        spoken: of the text; it may be `UNKNOWN`.
        wanted: of the answer; `UNKNOWN` where any may be right.
        instructed: whether the instruction says something about it.
    """

    spoken: str
    wanted: str
    instructed: bool

    @property
    def named(self) -> str:
        """How the model is told of it: a language's name, or "" where it need not be."""
        told = self.instructed or self.wanted in {UNKNOWN, ENGLISH}
        return "" if told else name_of(self.wanted)

    def is_translated_by(self, found: str) -> bool:
        """Whether an answer in this language is a translation, as it was asked for."""
        return self.instructed and found not in {self.spoken, UNKNOWN}


def aim_of(languages: Languages, instruction: str, text: str) -> Aim:
    """An answer stays in the language of its text unless the instruction says more."""
    spoken, asked = languages.of(text), asked_language(instruction)
    return Aim(spoken, spoken if asked is None else asked, asked is not None)


class Ask(Protocol):
    """What stands behind a text, as `domain.prompting` has it."""

    def __call__(self, language: str = "", *, firmly: bool = False) -> str:
        """For an answer in this language, where one is named."""
        ...


@dataclass(frozen=True)
class Draft:
    """What is to be written from a text.

    Attributes:
        limit: tokens at most.
        whole: whether an answer that was cut off ends with its last whole sentence.
        begin: how the model's turn begins; it is no part of the result.
    """

    prompt: Prompt
    text: str
    ask: Ask
    limit: int
    whole: bool = False
    begin: str = ""


@dataclass(frozen=True)
class Result:
    """A text, free of what a model writes around it, and what it was made from."""

    text: str
    written: Written


class Writer:
    """Writes with the model that the engine uses."""

    def __init__(self, engine: Engine, languages: Languages) -> None:
        self._engine = engine
        self._languages = languages

    def aim(self, instruction: str, text: str) -> Aim:
        """An answer stays in the language of its text unless the instruction says more."""
        return aim_of(self._languages, instruction, text)

    def __call__(self, draft: Draft, aim: Aim, watch: Watch) -> Result:
        """A text; pieces go to `watch.on_text` as they come.

        Where it surely came in another language, the model is asked once more and firmly,
        which is told behind an empty line; what is in no wrong language then counts.
        """
        first = self._write(draft, draft.ask(aim.named), aim, watch)
        if not self._is_elsewhere(first.text, aim):
            return first
        watch.on_text("\n\n")
        ask = draft.ask(name_of(aim.wanted), firmly=True)
        second = self._write(draft, ask, aim, watch)
        return first if self._is_elsewhere(second.text, aim) else second

    def language_of(self, text: str) -> str:
        """What a text that was written is in, or `UNKNOWN`."""
        return self._languages.of(text)

    def _write(self, draft: Draft, ask: str, aim: Aim, watch: Watch) -> Result:
        request = Write(
            prompt=draft.prompt,
            text=draft.text,
            ask=ask,
            reply=draft.begin,
            limit=draft.limit,
        )
        written = self._engine.write(request, watch.cancel, watch.on_text)
        cut_off = draft.whole and not written.finished
        text = whole_sentences(written.text) if cut_off else written.text
        text = without_chatter(text, draft.text)
        return Result(self._without_translation(text, draft.text, aim), written)

    def _is_elsewhere(self, text: str, aim: Aim) -> bool:
        """Whether a text is surely in another language than is wanted."""
        return bool(aim.wanted) and self._languages.of(text) not in {aim.wanted, UNKNOWN}

    def _without_translation(self, text: str, source: str, aim: Aim) -> str:
        """A text without paragraphs at its end in a language that nobody asked for.

        What stands in the source stays, though it may have been no paragraph of its own.
        """
        if not aim.wanted or not _PARAGRAPH.search(text):
            return text
        own = {self._languages.of(each) for each in _PARAGRAPH.split(source)}
        fitting = {aim.wanted, UNKNOWN, *own}
        ends = [gap.start() for gap in _PARAGRAPH.finditer(text)]
        starts = [0, *(gap.end() for gap in _PARAGRAPH.finditer(text))]
        kept = [
            end
            for start, end in zip(starts, [*ends, len(text)], strict=True)
            if self._languages.of(text[start:end]) in fitting
            or is_taken_from(source, text[start:end])
        ]
        return text[: kept[-1]] if kept else text


_PARAGRAPH = re.compile(r"\n[^\S\n]*\n\s*")


def language_check(found: str, aim: Aim) -> tuple[Check, ...]:
    """Whether an answer is in the language that is wanted; nothing where any may do."""
    if not aim.wanted:
        return ()
    if found in {aim.wanted, UNKNOWN}:
        return (Check(name="language", ok=True),)
    wanted = name_of(aim.wanted)
    wish = f"{wanted} was asked for" if aim.instructed else f"the text is {wanted}"
    return (
        Check(name="language", ok=False, detail=f"{wish}, the answer {name_of(found)}"),
    )


def ending_check(written: Sequence[Written]) -> Check:
    """Whether the model came to an end by itself; a rewrite that ran away is cut off."""
    if all(each.finished for each in written):
        return Check(name="ending", ok=True)
    return Check(name="ending", ok=False, detail="it became too long and was cut off")


def confidence_of(written: Sequence[Written]) -> float:
    """The geometric mean of the probabilities of all tokens."""
    tokens = sum(each.tokens for each in written)
    return math.exp(sum(each.logprob * each.tokens for each in written) / max(1, tokens))
