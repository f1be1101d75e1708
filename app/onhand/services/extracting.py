"""Extraction: values are copied from the text; an absent field stays empty."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from onhand.domain.answers import Extraction, Value
from onhand.domain.assigning import Candidate, Contest, Won, assign, confidence_absent
from onhand.domain.candidates import candidates_of, may_hide_one, normal_value
from onhand.domain.primitives import Fill
from onhand.domain.progress import Progress
from onhand.domain.prompting import extract_blank, extract_prompt
from onhand.domain.weighing import weighed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from onhand.domain.primitives import Blank, Prompt, Span
    from onhand.domain.progress import CancelToken, OnProgress
    from onhand.domain.splitting import Part
    from onhand.domain.tasks import Extract, Field
    from onhand.services.ports import Engine
    from onhand.services.reading_parts import Reader

MOST_VALUES = 20
"""Values that a field with `many` has at most."""

NEVER = -1e9
"""Log-probability of what cannot be."""


@dataclass(frozen=True)
class Extracted:
    """The fields, and how sure the least sure of them is, 0 to 1; notes as in `Outcome`."""

    answer: Extraction
    confidence: float
    notes: tuple[str, ...] = ()


class Extractor:
    """Answers extract tasks."""

    def __init__(self, engine: Engine, reader: Reader) -> None:
        self._engine = engine
        self._reader = reader

    def __call__(
        self, task: Extract, text: str, cancel: CancelToken, on_progress: OnProgress
    ) -> Extracted:
        """The values of every field; a long text is read part by part.

        Raises:
            TextTooLong: the task alone fills the context.
        """
        prompt = extract_prompt(task)
        behind = tuple(blank.ask + blank.reply for blank in map(extract_blank, task.fields))
        parts = self._reader.parts(text, prompt, behind, cancel)
        contests: list[list[Contest]] = [[] for _ in task.fields]
        for done, part in enumerate(parts, 1):
            for field_contests, contest in zip(
                contests, self._read(task, prompt, text, part, cancel), strict=True
            ):
                field_contests.append(contest)
            on_progress(Progress(done=done, total=len(parts)))
        merged = [
            _merged(field, text, each)
            for field, each in zip(task.fields, contests, strict=True)
        ]
        won = assign(merged)
        fields = {
            field.name: tuple(_value(field, text, each) for each in values)
            for field, values in zip(task.fields, won, strict=True)
        }
        sure = {
            field.name: max(
                (each.confidence for each in values), default=confidence_absent(contest)
            )
            for field, contest, values in zip(task.fields, merged, won, strict=True)
        }
        answer = Extraction(fields=fields, sure=sure)
        return Extracted(answer, min(sure.values()), _notes(fields))

    def _read(
        self, task: Extract, prompt: Prompt, text: str, part: Part, cancel: CancelToken
    ) -> list[Contest]:
        """What one part offers for each field."""
        body = text[part.start : part.end]
        spans = [candidates_of(field, body) for field in task.fields]
        asked: list[int] = []
        blanks: list[Blank] = []
        for index, (field, found) in enumerate(zip(task.fields, spans, strict=True)):
            if found is None or found:
                asked.append(index)
                blanks.append(extract_blank(field, found or ()))
        contests = [
            Contest(candidates=(), absent=0.0, hidden=may_hide_one(field, body))
            for field in task.fields
        ]
        if not blanks:
            return contests
        request = Fill(prompt=prompt, text=body, blanks=tuple(blanks))
        filled = self._engine.fill(request, cancel)
        for index, values, absent in zip(asked, filled.spans, filled.absent, strict=True):
            field = task.fields[index]
            contests[index] = Contest(
                candidates=tuple(
                    _moved(each, part.start)
                    for each in weighed(body, field, [*map(_candidate, values)])
                ),
                absent=NEVER if field.required else absent,
            )
        return contests


def _candidate(span: Span) -> Candidate:
    """A value that the engine found."""
    return Candidate(span.places, span.logprob)


def _moved(candidate: Candidate, offset: int) -> Candidate:
    """A value of a part as one of the whole text."""
    places = tuple((start + offset, end + offset) for start, end in candidate.places)
    return Candidate(places, candidate.logprob)


def _merged(field: Field, text: str, contests: Sequence[Contest]) -> Contest:
    """The contests of all parts as one: a value stands against the absence in its own part.

    Several parts compare by how far a value is above absence there; the same value in
    several parts is one, as far above absence as where it is furthest.
    """
    if len(contests) == 1:
        absent, candidates = contests[0].absent, contests[0].candidates
    else:
        absent = 0.0
        candidates = _joined(
            text,
            [
                Candidate(each.places, min(each.logprob - contest.absent, -NEVER))
                for contest in contests
                for each in contest.candidates
            ],
        )
    return Contest(
        candidates=candidates,
        absent=absent,
        most=MOST_VALUES if field.many else 1,
        required=field.required,
        hidden=any(each.hidden for each in contests),
    )


def _joined(text: str, candidates: list[Candidate]) -> tuple[Candidate, ...]:
    """One candidate for each value, with all its places, those of the best first."""
    same: dict[str, list[Candidate]] = {}
    for each in sorted(candidates, key=lambda each: -each.logprob):
        words = " ".join(text[slice(*each.places[0])].split())
        same.setdefault(words, []).append(each)
    return tuple(
        Candidate(
            tuple(dict.fromkeys(place for one in each for place in one.places)),
            each[0].logprob,
        )
        for each in same.values()
    )


def _notes(fields: Mapping[str, Sequence[Value]]) -> tuple[str, ...]:
    """Where there may be more values than are told."""
    return tuple(
        f"{name}: {MOST_VALUES} values are the most that are told; there may be more."
        for name, values in fields.items()
        if len(values) >= MOST_VALUES
    )


def _value(field: Field, text: str, won: Won) -> Value:
    start, end = won.place
    found = text[start:end]
    return Value(
        text=found,
        start=start,
        end=end,
        confidence=won.confidence,
        value=normal_value(field, found),
    )
