"""Extraction: values are copied from the text; an absent field stays empty."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from onhand.domain.assigning import Contest
from onhand.domain.candidates import candidates_of, may_hide_one
from onhand.domain.contests import (
    Extracted,
    Look,
    as_candidate,
    doubt_of,
    extracted,
    is_apart,
)
from onhand.domain.field_weights import as_taught
from onhand.domain.primitives import Fill
from onhand.domain.progress import Progress, ignore_progress
from onhand.domain.prompting import extract_blank, extract_prompt
from onhand.domain.weighing import weighed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from onhand.domain.field_weights import FieldWeights
    from onhand.domain.progress import CancelToken, OnProgress
    from onhand.domain.splitting import Part
    from onhand.domain.tasks import Extract, Field
    from onhand.services.ports import Engine
    from onhand.services.reading_parts import Reader

NOTHING: Mapping[str, FieldWeights] = MappingProxyType({})


class Extractor:
    """Answers extract tasks."""

    def __init__(self, engine: Engine, reader: Reader) -> None:
        self._engine = engine
        self._reader = reader

    def __call__(
        self,
        task: Extract,
        text: str,
        cancel: CancelToken,
        on_progress: OnProgress,
        taught: Mapping[str, FieldWeights] = NOTHING,
    ) -> Extracted:
        """The values of every field; a long text is read part by part.

        `taught` is what people taught of fields, by their names.

        Raises:
            TextTooLong: the task alone fills the context.
        """
        looks = self.looks(task, text, cancel, on_progress)
        return extracted(task, text, [as_taught(each, taught) for each in looks])

    def looks(
        self,
        task: Extract,
        text: str,
        cancel: CancelToken,
        on_progress: OnProgress = ignore_progress,
    ) -> list[Look]:
        """What the model reads in a text for each field, whatever people taught.

        Raises:
            TextTooLong: the task alone fills the context.
        """
        found: list[Look] = []
        parts = self._parts(task, text, cancel)
        for done, (part, fields) in enumerate(parts, 1):
            body = text[part.start : part.end]
            contests = self._read(task, fields, body, cancel)
            found += [
                Look(field=field, body=body, start=part.start, contest=contest)
                for field, contest in contests.items()
            ]
            on_progress(Progress(done=done, total=len(parts)))
        return found

    def _parts(
        self, task: Extract, text: str, cancel: CancelToken
    ) -> list[tuple[Part, list[Field]]]:
        """Which parts of the text are asked for which fields; short texts for all."""
        prompt = extract_prompt(task)
        looks: dict[Part, list[Field]] = {}
        for apart, cut in ((False, self._reader.parts), (True, self._reader.sentences)):
            fields = [each for each in task.fields if is_apart(each) is apart]
            blanks = [extract_blank(each) for each in fields]
            behind = tuple(each.ask + each.reply for each in blanks)
            for part in cut(text, prompt, behind, cancel) if fields else ():
                looks.setdefault(part, []).extend(fields)
        return [*looks.items()]

    def _read(
        self, task: Extract, fields: Sequence[Field], body: str, cancel: CancelToken
    ) -> dict[Field, Contest]:
        """What a part of the text offers for each field that it is asked for."""
        contests = {
            field: Contest(
                candidates=(),
                absent=0.0,
                hidden=may_hide_one(field, body),
                doubt=doubt_of(field),
            )
            for field in fields
        }
        blanks = {
            field: extract_blank(field, found or ())
            for field in fields
            if (found := candidates_of(field, body)) is None or found
        }
        if not blanks:
            return contests
        request = Fill(
            prompt=extract_prompt(task), text=body, blanks=tuple(blanks.values())
        )
        filled = self._engine.fill(request, cancel)
        for field, values, absent in zip(blanks, filled.spans, filled.absent, strict=True):
            weights = weighed(body, field, [*map(as_candidate, values)])
            contests[field] = Contest(
                candidates=tuple(weights), absent=absent, doubt=doubt_of(field)
            )
        return contests
