"""Fitting weights to texts whose values people showed, and trying them on others."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from onhand.domain.contests import Look, extracted
from onhand.domain.errors import EngineFailed, TextTooLong
from onhand.domain.field_anchors import Shown, anchors_of
from onhand.domain.field_candidates import Choice, choices_of
from onhand.domain.field_features import features_of
from onhand.domain.field_lesson import field_lesson_of
from onhand.domain.field_values import Values, given_values, right_values
from onhand.domain.field_weights import (
    FieldWeights,
    as_taught,
    decided,
    is_one_of,
    own_margin,
)
from onhand.domain.field_words import WIDTH
from onhand.domain.heads import Learned
from onhand.domain.label_sets import micro_f1
from onhand.domain.learning_curve import Curve, CurvePoint, draws
from onhand.domain.progress import Progress
from onhand.domain.teaching import Verdict
from onhand.domain.weigh_request import Weigh
from onhand.services.lessons import Trial

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from onhand.domain.answers import Extraction
    from onhand.domain.progress import CancelToken, OnProgress
    from onhand.domain.tasks import Extract, Field
    from onhand.domain.teaching import Lesson
    from onhand.services.extracting import Extractor
    from onhand.services.ports import Engine


@dataclass
class _Read:
    """A text as the model reads it, and what is right; `after` as others teach it."""

    text: str
    right: Values
    looks: list[Look]
    after: list[Look]


@dataclass(frozen=True)
class _Seen:
    """A look of a text, by their numbers; its choices, and which of them are right."""

    text: int
    place: int
    look: Look
    choices: list[Choice]
    right: list[bool]


class FieldLessons:
    """Tries what shown values teach; keeps nothing."""

    def __init__(self, engine: Engine, extract: Extractor) -> None:
        self._engine = engine
        self._extract = extract

    def __call__(
        self,
        task: Extract,
        labelled: Sequence[tuple[str, Values]],
        cancel: CancelToken,
        on_progress: OnProgress,
    ) -> Trial:
        """A trial of some texts, each with the right values of every field.

        Progress counts texts. The gain is that over what the task answers untaught.

        Raises:
            EngineFailed: none of them could be read.
            Cancelled: the user stopped it.
        """
        read = self._read(task, labelled, cancel, on_progress)
        fields = self._fields(task, read, cancel)
        lesson = _lesson(task, read, skipped=len(labelled) - len(read))
        learned = Learned(prior={}, taught=len(read), fields=fields)
        return Trial(learned=learned, lesson=lesson, held_out=(), right=())

    def curve(
        self,
        task: Extract,
        labelled: Sequence[tuple[str, Values]],
        cancel: CancelToken,
        on_progress: OnProgress,
    ) -> Curve:
        """How much more labelled texts help: each number of them drawn some times.

        What a draw teaches is tried on all texts that are not in it; F1 over all values. A
        lesson that would not be adopted changes nothing. Progress counts texts, then
        numbers of them.

        Raises:
            EngineFailed: none of them could be read.
            Cancelled: the user stopped it.
        """
        read = self._read(task, labelled, cancel, on_progress)
        points = []
        plan = draws(len(read), range(len(read)))
        for done, (size, chosen) in enumerate(plan):
            on_progress(Progress(done=done, total=len(plan), note=f"{size} texts"))
            tried: list[tuple[_Read, list[Look]]] = []
            for draw in chosen:
                drawn = [replace(read[at], after=[*read[at].looks]) for at in draw]
                fields = self._fields(task, drawn, cancel)
                if _lesson(task, drawn).verdict is not Verdict.ADOPTED:
                    fields = {}
                tried += [
                    (each, [as_taught(look, fields) for look in each.looks])
                    for at, each in enumerate(read)
                    if at not in draw
                ]
            points.append(CurvePoint(texts=size, right=_f1(task, tried)))
        before = _f1(task, [(each, each.looks) for each in read])
        return Curve(before=before, points=tuple(points))

    def _fields(
        self, task: Extract, read: Sequence[_Read], cancel: CancelToken
    ) -> dict[str, FieldWeights]:
        """What texts teach of each field of which they teach anything."""
        return {
            field.name: weights
            for number, field in enumerate(task.fields)
            if (weights := self._learned(field, number, read, cancel)) is not None
        }

    def _read(
        self,
        task: Extract,
        labelled: Sequence[tuple[str, Values]],
        cancel: CancelToken,
        on_progress: OnProgress,
    ) -> list[_Read]:
        read: list[_Read] = []
        for done, (text, right) in enumerate(labelled, 1):
            try:
                looks = self._extract.looks(task, text, cancel)
            except (EngineFailed, TextTooLong):
                continue  # it is counted as one that could not be read
            finally:
                on_progress(Progress(done=done, total=len(labelled)))
            read.append(_Read(text, right, looks, [*looks]))
        if not read:
            raise EngineFailed("none of the texts could be read")
        return read

    def _learned(
        self, field: Field, number: int, read: Sequence[_Read], cancel: CancelToken
    ) -> FieldWeights | None:
        """What the texts teach of a field; None where none of its choices was right.

        In `read` its looks become what the other texts teach of them.
        """
        around = Shown([anchors_of(each.text, each.right[number]) for each in read])
        seen = [*_seen(field, number, read, around)]
        if not any(any(each.right) for each in seen):
            return None
        weighed = self._engine.weigh(_request(field, seen), cancel)
        scores = iter(weighed.held_out)
        for each in seen:
            held_out = [next(scores) for _ in each.choices]
            contest = decided(each.look.contest, each.choices, held_out)
            read[each.text].after[each.place] = replace(each.look, contest=contest)
        return FieldWeights(
            own=weighed.own,
            bias=weighed.bias,
            weights=dict(weighed.weights),
            anchors=around.frequent,
        )


def _lesson(task: Extract, read: Sequence[_Read], skipped: int = 0) -> Lesson:
    """What texts taught: `after` is what the others teach of each."""
    return field_lesson_of(
        task,
        [each.right for each in read],
        [_answer(task, each.text, each.looks) for each in read],
        [_answer(task, each.text, each.after) for each in read],
        skipped=skipped,
    )


def _seen(
    field: Field, number: int, read: Sequence[_Read], around: Shown
) -> Iterator[_Seen]:
    for text, each in enumerate(read):
        right = each.right[number]
        others = around.without(text)
        for place, look in enumerate(each.looks):
            if look.field is not field:
                continue
            choices = choices_of(field, look.body, look.contest, others)
            values = (look.body[slice(*choice.places[0])] for choice in choices)
            hits = [is_one_of(field, value, right) for value in values]
            yield _Seen(text, place, look, choices, hits)


def _request(field: Field, seen: Sequence[_Seen]) -> Weigh:
    rows = [
        (each, choice, right, group)
        for group, each in enumerate(seen)
        for choice, right in zip(each.choices, each.right, strict=True)
    ]
    return Weigh(
        features=tuple(features_of(each.look.body, choice) for each, choice, _, _ in rows),
        width=WIDTH,
        own=tuple(own_margin(choice) for _, choice, _, _ in rows),
        right=tuple(right for _, _, right, _ in rows),
        groups=tuple(
            # Where there may be several values, each span is a choice of its own.
            number if field.many else group
            for number, (_, _, _, group) in enumerate(rows)
        ),
        texts=tuple(each.text for each, _, _, _ in rows),
    )


def _f1(task: Extract, tried: Sequence[tuple[_Read, Sequence[Look]]]) -> float:
    """F1 over all values of some texts, by looks at them."""
    goals = [right_values(task, each.right) for each, _ in tried]
    given = [
        given_values(task, _answer(task, each.text, looks), goal)
        for (each, looks), goal in zip(tried, goals, strict=True)
    ]
    return micro_f1(given, goals)


def _answer(task: Extract, text: str, looks: Sequence[Look]) -> Extraction:
    return extracted(task, text, looks).answer
