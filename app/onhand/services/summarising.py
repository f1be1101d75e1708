"""Summarising: the model writes, then the result is checked."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from onhand.domain.answers import Summary
from onhand.domain.checks import checks_of, made_up_numbers
from onhand.domain.length_check import summary_length
from onhand.domain.progress import Progress
from onhand.domain.prompting import shortly, summarise_ask, summarise_prompt
from onhand.domain.written import sources_of
from onhand.services.writing import (
    SPARE,
    Composed,
    Draft,
    Result,
    confidence_of,
    ending_check,
    language_check,
)

if TYPE_CHECKING:
    from onhand.domain.primitives import Prompt, Written
    from onhand.domain.tasks import Summarise
    from onhand.services.reading_parts import Reader
    from onhand.services.writing import Aim, Watch, Writer

SUMMARY_TOKENS = 320
"""Tokens of a summary at most."""

LONGEST_SUMMARY = 0.5
"""What is longer than this share of its text, and `SPARE`, is a copy and no summary."""


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
        prompt = summarise_prompt(task, aim.named)
        behind = (summarise_ask(aim.named, firmly=True),)
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
                *made_up_numbers(text, summary, aim.spoken),
                *(() if aim.is_translated_by(found) else (length,)),
                *language_check(found, aim),
                ending_check(written),
            ),
        )
        return Composed(answer, confidence_of(written))

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
