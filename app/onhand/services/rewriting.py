"""Rewriting: the model writes, then the result is cleaned and checked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from onhand.domain.answers import Check, Rewriting
from onhand.domain.checks import checks_of
from onhand.domain.correcting import is_correction, may_correct
from onhand.domain.edits import edits_between, is_copy
from onhand.domain.languages import UNKNOWN
from onhand.domain.length_check import rewrite_length
from onhand.domain.progress import Progress, ignore_text
from onhand.domain.prompting import rewrite_ask, rewrite_prompt
from onhand.domain.splitting import Part, passages_of
from onhand.domain.tasks import Keep
from onhand.services.writing import (
    SPARE,
    Aim,
    Composed,
    Draft,
    Result,
    confidence_of,
    ending_check,
    language_check,
)

if TYPE_CHECKING:
    from onhand.domain.tasks import Rewrite
    from onhand.services.reading_parts import Reader
    from onhand.services.writing import Watch, Writer

GROWTH = 1.5
"""A rewrite may become longer than the text by this factor."""

COPIED = (
    "Hardly anything was changed: the model copied the text. A larger model may do better."
)


@dataclass(frozen=True)
class _Made:
    """What was written for a part of the text, what was wanted, and what becomes of it.

    Attributes:
        text: what stands in the place of the part.
        stays: whether that is the part itself, as nothing of use was written for it.
    """

    source: str
    aim: Aim
    result: Result
    text: str
    stays: bool


class Rewriter:
    """Answers rewrite tasks: a long text part by part, a correction passage by passage."""

    def __init__(self, writer: Writer, reader: Reader) -> None:
        """Parts of `reader` must not overlap: what is read twice would be written twice."""
        self._write = writer
        self._reader = reader

    def __call__(self, task: Rewrite, text: str, watch: Watch) -> Composed:
        """The text written anew; pieces go to `watch.on_text` as they come, or passages.

        One of several parts for which nothing is written stays as it was, and so does one
        that was to be corrected and became something else.

        Raises:
            TextTooLong: the task alone fills the context.
        """
        aim = self._write.aim(task.instruction, text)
        parts = self.parts(task, text, aim, watch)
        # Of a passage is told what it became, not what may have to be taken back.
        waits = len(parts) > 1 and is_correction(task.instruction)
        inner = replace(watch, on_text=ignore_text) if waits else watch
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
            made.append(self._made(task, body, aim, inner, alone=len(parts) == 1))
            pieces += [lead, made[-1].text, trail]
            watch.on_text((made[-1].text if waits or made[-1].stays else "") + trail)
            watch.on_progress(Progress(done=done, total=len(parts)))
        return self._told(task, text, "".join(pieces), aim, made)

    def parts(self, task: Rewrite, text: str, aim: Aim, watch: Watch) -> list[Part]:
        """The parts to be written one after the other; they join to the text."""
        prompt = rewrite_prompt(task, aim.named)
        behind = (rewrite_ask(aim.named, firmly=True),)
        whole = [Part(0, len(text))]
        return [
            Part(large.start + small.start, large.start + small.end)
            for large in (passages_of(text) if is_correction(task.instruction) else whole)
            for small in self._reader.parts(
                text[large.start : large.end], prompt, behind, watch.cancel, writes=GROWTH
            )
        ]

    def _made(
        self, task: Rewrite, body: str, whole: Aim, watch: Watch, *, alone: bool
    ) -> _Made:
        """What becomes of a part."""
        aim = self._wanted(task, body, whole)
        limit = int(self._reader.count(body, watch.cancel) * GROWTH) + SPARE
        draft = Draft(rewrite_prompt(task, aim.named), body, rewrite_ask, limit)
        result = self._write(draft, aim, watch)
        useless = not result.text.strip() or (
            is_correction(task.instruction)
            and not (result.written.finished and may_correct(body, result.text))
        )
        stays = useless and not alone
        return _Made(body, aim, result, body if stays else result.text, stays)

    def _wanted(self, task: Rewrite, body: str, whole: Aim) -> Aim:
        """What is wanted of a part: it stays in a language of its own if it has one."""
        own = self._write.aim(task.instruction, body)
        known = UNKNOWN not in {own.spoken, whole.spoken}
        return own if known and not whole.instructed else whole

    def _told(
        self, task: Rewrite, before: str, after: str, aim: Aim, made: list[_Made]
    ) -> Composed:
        """The answer, with all that is to be said of it."""
        found = self._write.language_of(after)
        translated = aim.is_translated_by(found)
        if translated:
            survived = _carried(task, before, after)
        else:
            survived = (
                *checks_of(before, after, task.keep, aim.spoken),
                _length(task, before, after, made),
            )
        new = [each for each in made if not each.stays]
        answer = Rewriting(
            text=after,
            checks=(
                *_with_gaps(survived, made),
                *self._language(found, aim, new),
                ending_check([each.result.written for each in new]),
            ),
            edits=edits_between(before, after),
            language=UNKNOWN if translated else aim.spoken,
        )
        copied = not is_correction(task.instruction) and is_copy(before, answer.edits)
        return Composed(
            answer,
            confidence_of([each.result.written for each in made]),
            (COPIED,) if copied else (),
        )

    def _language(self, found: str, aim: Aim, made: list[_Made]) -> tuple[Check, ...]:
        """The check of the language: of each part, and of the whole by its beginning."""
        for each in made:
            checks = language_check(self._write.language_of(each.text), each.aim)
            if len(made) > 1 and any(not check.ok for check in checks):
                detail = f"one of {len(made)} parts: {checks[0].detail}"
                return (Check(name="language", ok=False, detail=detail),)
        return language_check(found, aim)


def _length(task: Rewrite, before: str, after: str, made: list[_Made]) -> Check:
    """That of the whole, or of a part: all of one may be little of a long text."""
    whole = rewrite_length(before, after, task.instruction)
    checks = [rewrite_length(each.source, each.text, task.instruction) for each in made]
    failed = [each.detail for each in checks if not each.ok]
    if not whole.ok or not failed:
        return whole
    return Check(name="length", ok=False, detail=f"one of {len(made)} parts: {failed[0]}")


def _with_gaps(checks: tuple[Check, ...], made: list[_Made]) -> tuple[Check, ...]:
    """The checks, of which the one of the text fails where a part had to stay as it was."""
    staying = sum(each.stays for each in made)
    if not staying:
        return checks
    detail = (
        "nothing usable was written for a part, which stays as it was"
        if staying == 1
        else f"nothing usable was written for {staying} of {len(made)} parts, which stay as"
        " they were"
    )
    gap = Check(name="text", ok=False, detail=detail)
    return tuple(gap if each.name == gap.name else each for each in checks)


def _carried(task: Rewrite, before: str, after: str) -> tuple[Check, ...]:
    """Of a translation only what has a form that all languages have in common."""
    same = [keep for keep in task.keep if keep not in {Keep.NAMES, Keep.NEGATION}]
    return checks_of(before, after, same)
