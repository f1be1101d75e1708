"""The plan of a batch job as the journal keeps it; its task has a place of its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec

from onhand.domain.calibration import UNJUDGED, Calibration
from onhand.domain.cascading import Foreseen
from onhand.domain.errors import DataDamaged
from onhand.domain.field_weights import FieldWeights
from onhand.domain.heads import Head, Learned
from onhand.services.batch_ports import First, JobPlan
from onhand.storage.stored_json import decode_task


class _StoredLearned(msgspec.Struct, kw_only=True):
    # Not "head": before there were any, that place held a word.
    learned_head: Head | None = None
    prior: dict[str, float] | None = None
    taught: int = 0
    fields: dict[str, FieldWeights] = msgspec.field(default_factory=dict)
    shown: tuple[str, ...] = ()


class _StoredFirst(_StoredLearned, kw_only=True):
    model: str
    model_id: str
    model_stamp: str = ""
    calibration: Calibration = UNJUDGED
    found: Foreseen | None = None
    passed: int = 0
    answered: int = 0
    saved: float = 0.0


class _StoredPlan(_StoredLearned, kw_only=True):
    format: int
    task_version: str
    source: str
    fingerprint: str
    target: str
    column: str
    model: str
    model_id: str
    model_stamp: str = ""
    calibration: Calibration | str = "default"
    first: _StoredFirst | None = None
    earlier: int = 0


def encode_plan(plan: JobPlan) -> str:
    """The text for a plan; its task is stored beside it."""
    stored = _StoredPlan(
        format=1,
        task_version=plan.task_version,
        source=str(plan.source),
        fingerprint=plan.fingerprint,
        target=str(plan.target),
        column=plan.column,
        model=str(plan.model),
        model_id=plan.model_id,
        model_stamp=plan.model_stamp,
        calibration=plan.calibration,
        first=_stored_first(plan.first) if plan.first else None,
        earlier=plan.earlier,
        **_parts(plan.learned),
    )
    # Not msgspec: file names need not be UTF-8, and these escapes bring any of them back.
    return json.dumps(msgspec.to_builtins(stored))


def decode_plan(text: str, task: str) -> JobPlan:
    """The plan of a text, with its task.

    Raises:
        DataDamaged: it is no plan.
    """
    try:
        stored = msgspec.convert(json.loads(text), _StoredPlan, str_keys=True)
    except (ValueError, TypeError, msgspec.ValidationError) as error:
        raise DataDamaged("the plan of a batch job cannot be read") from error
    return JobPlan(
        task=decode_task(task),
        task_version=stored.task_version,
        source=Path(stored.source),
        fingerprint=stored.fingerprint,
        target=Path(stored.target),
        column=stored.column,
        model=Path(stored.model),
        model_id=stored.model_id,
        model_stamp=stored.model_stamp,
        learned=_learned(stored),
        # Before there were any, its place held a word.
        calibration=UNJUDGED if isinstance(stored.calibration, str) else stored.calibration,
        first=_first(stored.first) if stored.first else None,
        earlier=stored.earlier,
    )


def _parts(learned: Learned | None) -> dict[str, Any]:
    """The fields of what was learned."""
    if learned is None:
        return {}
    return {
        "learned_head": learned.head,
        "prior": dict(learned.prior),
        "taught": learned.taught,
        "fields": dict(learned.fields),
        "shown": learned.shown,
    }


def _learned(stored: _StoredLearned) -> Learned | None:
    if stored.prior is None:
        return None
    return Learned(
        stored.prior, stored.learned_head, stored.taught, stored.fields, stored.shown
    )


def _stored_first(first: First) -> _StoredFirst:
    return _StoredFirst(
        model=str(first.model),
        model_id=first.model_id,
        model_stamp=first.model_stamp,
        calibration=first.calibration,
        found=first.found,
        passed=first.passed,
        answered=first.answered,
        saved=first.saved,
        **_parts(first.learned),
    )


def _first(stored: _StoredFirst) -> First:
    return First(
        model=Path(stored.model),
        model_id=stored.model_id,
        model_stamp=stored.model_stamp,
        learned=_learned(stored),
        calibration=stored.calibration,
        found=stored.found,
        passed=stored.passed,
        answered=stored.answered,
        saved=stored.saved,
    )
