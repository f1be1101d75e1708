"""What a model made of labelled rows, as evaluations count it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.domain.answers import (
    Classification,
    Extraction,
    Lane,
    Outcome,
    Rewriting,
    Summary,
    Tagging,
)
from onhand.domain.calibration import UNJUDGED, calibrated
from onhand.domain.edit_rate import edit_rate
from onhand.domain.errors import AppError
from onhand.domain.evaluating import Answered
from onhand.domain.field_sureness import field_sureness
from onhand.domain.field_values import given_values, right_values, values_of
from onhand.domain.labelled import labels_of
from onhand.domain.reliability import Judged
from onhand.domain.tasks import Extract, Rewrite, Summarise

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from onhand.domain.answers import Answer
    from onhand.domain.calibration import Calibration
    from onhand.domain.evaluating import Labelling
    from onhand.domain.field_values import FieldValue
    from onhand.domain.tasks import Classify, Example, Task, WritingTask


def judged_row(
    task: Task, row: Example, outcome: Outcome | AppError, calibration: Calibration
) -> Answered:
    """An answer beside what is right, with the confidence and the lane that are due.

    The row has labels, values by field, or a text as it should be written; the outcome is
    as the engine gave it.
    """
    if isinstance(task, Extract):
        return _fields(task, row, outcome, calibration)
    if isinstance(task, Rewrite | Summarise):
        return _written(task, row, outcome, calibration)
    right = _several(task, labels_of(row)) if task.multiple else str(row.answer)
    if isinstance(outcome, AppError):
        return Answered(right=right, given=None, error=str(outcome))
    outcome = calibrated(outcome, calibration, task)
    return Answered(
        right=right,
        given=_given(task, outcome.answer),
        confidence=outcome.confidence,
        lane=outcome.lane,
        seconds=outcome.seconds,
    )


def _written(
    task: WritingTask, row: Example, outcome: Outcome | AppError, calibration: Calibration
) -> Answered:
    right = str(row.answer).strip()
    if isinstance(outcome, AppError):
        return Answered(right=right, given=None, error=str(outcome), stays=0.0)
    outcome, answer = calibrated(outcome, calibration, task), outcome.answer
    given = answer.text.strip() if isinstance(answer, Rewriting | Summary) else ""
    stays = 1.0 - edit_rate(given, right)
    return Answered(
        right=right,
        # What differs by spaces alone needs no work.
        given=right if stays == 1.0 else given,
        confidence=outcome.confidence,
        lane=outcome.lane,
        seconds=outcome.seconds,
        stays=stays,
    )


def _fields(
    task: Extract, row: Example, outcome: Outcome | AppError, calibration: Calibration
) -> Answered:
    answer = row.answer if isinstance(row.answer, dict) else {}
    right = right_values(task, values_of(task, answer))
    if isinstance(outcome, AppError):
        parts = tuple(Judged(is_right=False, answered=False, cost=1.0) for _ in task.fields)
        return Answered(right=right, given=None, error=str(outcome), fields=parts)
    outcome = calibrated(outcome, calibration, task)
    found = (
        outcome.answer if isinstance(outcome.answer, Extraction) else Extraction(fields={})
    )
    given = given_values(task, found, right)
    usual = field_sureness(task, found, outcome.model, outcome.taught)
    return Answered(
        right=right,
        given=given,
        confidence=outcome.confidence,
        lane=outcome.lane,
        seconds=outcome.seconds,
        fields=tuple(
            _field(
                (right, given),
                field.name,
                usual.get(field.name),
                outcome.lanes.get(field.name, Lane.CHECK),
                calibration,
            )
            for field in task.fields
        ),
    )


def _field(
    values: tuple[Sequence[FieldValue], Sequence[FieldValue]],
    name: str,
    usual: float | None,
    lane: Lane,
    calibration: Calibration,
) -> Judged:
    right, given = ([each for each in some if each.field == name] for some in values)
    known = calibration.fields.get(name, UNJUDGED)
    return Judged(
        is_right=right == given,
        confidence=None if usual is None else known.confidence(usual),
        lane=lane,
        cost=float(right != given),
    )


def _given(task: Classify, answer: Answer) -> Labelling | None:
    match answer:
        case Classification(label=label):
            return label
        case Tagging(labels=labels):
            return _several(task, labels)
        case _:
            return None


def _several(task: Classify, names: Collection[str]) -> tuple[str, ...]:
    """Labels in the order of the task; the answer for what belongs nowhere is none."""
    return tuple(each.name for each in task.labels if each.name in names)
