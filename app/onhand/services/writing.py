"""A text written in the language that is wanted: asked for, looked at, asked again."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

from onhand.domain.answers import Check, Rewriting, Summary
from onhand.domain.chatter import without_chatter
from onhand.domain.languages import UNKNOWN, asked_language, name_of
from onhand.domain.primitives import Prompt, Write, WriteEach, Written
from onhand.domain.progress import CancelToken, OnProgress, OnText
from onhand.domain.written import is_taken_from, whole_sentences

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

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


class Wanted(NamedTuple):
    """What is to be written, and in which language."""

    draft: Draft
    aim: Aim


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

    def each(
        self,
        wanted: Sequence[Wanted],
        watch: Watch,
        on_result: Callable[[int, Result], None],
    ) -> None:
        """Texts written side by side, each as if alone; a second time likewise.

        Each goes to `on_result` with its place, once and in any order. Pieces are not told.
        """
        elsewhere: dict[int, Result] = {}

        def take(index: int, result: Result) -> None:
            if self._is_elsewhere(result.text, wanted[index].aim):
                elsewhere[index] = result
            else:
                on_result(index, result)

        def take_again(index: int, result: Result) -> None:
            lost = self._is_elsewhere(result.text, wanted[index].aim)
            on_result(index, elsewhere[index] if lost else result)

        asks = {index: draft.ask(aim.named) for index, (draft, aim) in enumerate(wanted)}
        self._side_by_side(wanted, asks, watch, take)
        firmly = {
            index: wanted[index].draft.ask(name_of(wanted[index].aim.wanted), firmly=True)
            for index in sorted(elsewhere)
        }
        self._side_by_side(wanted, firmly, watch, take_again)

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
        return self._cleaned(draft, aim, written)

    def _side_by_side(
        self,
        wanted: Sequence[Wanted],
        asks: Mapping[int, str],
        watch: Watch,
        on_result: Callable[[int, Result], None],
    ) -> None:
        """A request for all that begin and end alike; `asks` is by the place of a text."""
        alike = defaultdict[tuple[Prompt, str, str], list[int]](list)
        for index, ask in asks.items():
            draft = wanted[index].draft
            alike[draft.prompt, ask, draft.begin].append(index)
        for (prompt, ask, begin), indices in alike.items():
            drafts = [wanted[index].draft for index in indices]
            request = WriteEach(
                prompt=prompt,
                texts=tuple(draft.text for draft in drafts),
                ask=ask,
                reply=begin,
                limits=tuple(draft.limit for draft in drafts),
            )
            self._engine.write_each(
                request, watch.cancel, self._cleaning(wanted, indices, on_result)
            )

    def _cleaning(
        self,
        wanted: Sequence[Wanted],
        indices: Sequence[int],
        on_result: Callable[[int, Result], None],
    ) -> Callable[[int, Written], None]:
        """Takes what is written at these places, cleans it and passes it on."""

        def take(place: int, written: Written) -> None:
            draft, aim = wanted[indices[place]]
            on_result(indices[place], self._cleaned(draft, aim, written))

        return take

    def _cleaned(self, draft: Draft, aim: Aim, written: Written) -> Result:
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
