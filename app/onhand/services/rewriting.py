"""Rewriting: the model writes, then the result is cleaned and checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from onhand.domain.answers import Check, Rewriting
from onhand.domain.checks import checks_of
from onhand.domain.correcting import is_correction, may_correct
from onhand.domain.edits import edits_between, is_copy
from onhand.domain.languages import UNKNOWN
from onhand.domain.length_check import rewrite_length
from onhand.domain.progress import Progress
from onhand.domain.prompting import rewrite_ask, rewrite_prompt
from onhand.domain.splitting import Part, passages_of
from onhand.domain.tasks import Keep
from onhand.services.writing import (
    SPARE,
    Aim,
    Composed,
    Draft,
    Result,
    Wanted,
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


@dataclass(frozen=True)
class _Place:
    """A part of a text, with the space around it, which stays."""

    lead: str
    body: str
    trail: str

    @classmethod
    def of(cls, source: str) -> _Place:
        """Of nothing but space, all comes first."""
        body = source.strip()
        lead = source[: len(source) - len(source.lstrip())]
        return cls(lead, body, source[len(lead) + len(body) :])

    def around(self, text: str) -> str:
        """A text in the place of the part."""
        return self.lead + text + self.trail


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
        parts = [
            _Place.of(text[part.start : part.end])
            for part in self.parts(task, text, aim, watch)
        ]
        # Passages are corrected side by side. Of one is told what it became, not what may
        # have to be taken back.
        several = len(parts) > 1 and is_correction(task.instruction)
        write = self._side_by_side if several else self._one_by_one
        made = write(task, parts, aim, watch)
        after = "".join(
            part.around(made[index].text if index in made else "")
            for index, part in enumerate(parts)
        )
        return self._told(task, text, after, aim, [made[index] for index in sorted(made)])

    def parts(self, task: Rewrite, text: str, aim: Aim, watch: Watch) -> list[Part]:
        """The parts to be written; they join to the text."""
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

    def _one_by_one(
        self, task: Rewrite, parts: list[_Place], aim: Aim, watch: Watch
    ) -> dict[int, _Made]:
        """What becomes of the parts that are not blank; pieces are told as they come."""
        made: dict[int, _Made] = {}
        for index, part in enumerate(parts):
            watch.on_text(part.lead)
            if part.body:
                [wanted] = self._wanted(task, [part.body], aim, watch)
                result = self._write(wanted.draft, wanted.aim, watch)
                made[index] = _made(task, wanted, result, alone=len(parts) == 1)
                watch.on_text(part.body if made[index].stays else "")
                watch.on_progress(Progress(done=index + 1, total=len(parts)))
            watch.on_text(part.trail)
        return made

    def _side_by_side(
        self, task: Rewrite, parts: list[_Place], aim: Aim, watch: Watch
    ) -> dict[int, _Made]:
        """The same, told part by part and in their order."""
        made: dict[int, _Made] = {}
        full = [index for index, part in enumerate(parts) if part.body]
        wanted = self._wanted(task, [parts[index].body for index in full], aim, watch)
        told = 0

        def take(place: int, result: Result) -> None:
            nonlocal told
            made[full[place]] = _made(task, wanted[place], result, alone=False)
            while told < len(parts) and (told in made or not parts[told].body):
                text = made[told].text if told in made else ""
                watch.on_text(parts[told].around(text))
                told += 1
            done = len(made) + len(parts) - len(full)
            watch.on_progress(Progress(done=done, total=len(parts)))

        self._write.each(wanted, watch, take)
        return made

    def _wanted(
        self, task: Rewrite, bodies: list[str], whole: Aim, watch: Watch
    ) -> list[Wanted]:
        """What is wanted of parts: each stays in a language of its own if it has one."""
        wanted: list[Wanted] = []
        tokens = self._reader.counts(tuple(bodies), watch.cancel)
        for body, count in zip(bodies, tokens, strict=True):
            own = self._write.aim(task.instruction, body)
            known = UNKNOWN not in {own.spoken, whole.spoken}
            aim = own if known and not whole.instructed else whole
            limit = int(count * GROWTH) + SPARE
            draft = Draft(rewrite_prompt(task, aim.named), body, rewrite_ask, limit)
            wanted.append(Wanted(draft, aim))
        return wanted

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


def _made(task: Rewrite, wanted: Wanted, result: Result, *, alone: bool) -> _Made:
    """What becomes of a part."""
    body = wanted.draft.text
    useless = not result.text.strip() or (
        is_correction(task.instruction)
        and not (result.written.finished and may_correct(body, result.text))
    )
    stays = useless and not alone
    return _Made(body, wanted.aim, result, body if stays else result.text, stays)


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
