"""The calibration of a task with a model: from the answers that the user judged.

Nothing of it is stored. It follows from the history whenever it is needed: so it is there
after a restart, changes with every correction, and goes when entries are removed.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from onhand.domain.answers import Classification, Extraction
from onhand.domain.calibration import (
    PROMISED,
    UNJUDGED,
    Calibration,
    calibration_of,
    promised_by,
)
from onhand.domain.costs import costs_of, counted, stake
from onhand.domain.errors import AppError
from onhand.domain.field_sureness import field_sureness, usual_curve
from onhand.domain.layouts import bare_id
from onhand.domain.logistic_curve import Sighting
from onhand.domain.tasks import Classify, Extract, identity, version
from onhand.domain.verdicts import field_is_right, is_right

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from onhand.domain.tasks import Field, Task
    from onhand.domain.teaching import Taught
    from onhand.services.history_ports import HistoryStore, Record
    from onhand.services.ports import SettingsStore
    from onhand.services.teaching_ports import HeadStore

_log = logging.getLogger(__name__)

MOST = 500
"""The newest judged answers that count; with more a curve hardly changes."""


def promised_for(task: Task, settings: SettingsStore) -> float:
    """Share of a task's answers called sure that may be wrong."""
    fixed = "promised_error" in settings.policies.managed
    return promised_by(task, settings.load().promised_error, fixed=fixed)


class Calibrations:
    """Calibrations from the history."""

    def __init__(
        self,
        history: HistoryStore,
        heads: HeadStore,
        promised: Callable[[Task], float] = lambda _: PROMISED,
    ) -> None:
        """`promised` tells what share of a task's answers called sure may be wrong."""
        self._history = history
        self._heads = heads
        self._promised = promised

    def __call__(self, task: Task, model: str) -> Calibration:
        """What is known of a task with a model, in whatever layout of its weights.

        Where people taught the task, the lesson knows: its held-out answers. What was
        judged since counts with the next lesson, so nothing is judged by what it taught.
        Where a model did, or the task writes, answers that were judged since tell. A
        history that cannot be read knows nothing; that stops no answer.
        """
        promised = self._promised(task)
        taught: Taught | None = None
        try:
            if not isinstance(task, Extract):
                taught = self._heads.load(task, bare_id(model))
                if taught and isinstance(task, Classify) and not taught.teacher:
                    return _calibration(taught.sightings(task), promised)
            records = self._history.judged(identity(task), version(task), MOST)
        except AppError as error:
            _log.warning("judged answers cannot be read: %s", error.code)
            return replace(UNJUDGED, promised=promised)
        seen = (
            _sighting(task, each, bare_id(model))
            for each in records
            if _is_by(taught, each)
        )
        known = _calibration(tuple(each for each in seen if each is not None), promised)
        if not isinstance(task, Extract):
            return known
        fields = {
            each.name: _calibration(_field_sightings(each, records, model), promised)
            for each in task.fields
        }
        return replace(known, fields=fields)


_calibration = lru_cache(maxsize=64)(calibration_of)


def _field_sightings(
    field: Field, records: Sequence[Record], model: str
) -> tuple[Sighting, ...]:
    """What entries tell of one field."""
    found = []
    for each in records:
        outcome, correction = each.outcome, each.correction
        if outcome is None or not isinstance(correction, dict):
            continue
        answer = outcome.answer
        if not isinstance(answer, Extraction) or bare_id(outcome.model) != bare_id(model):
            continue
        if field.name in answer.sure:
            usual = usual_curve(field, answer, outcome.model, outcome.taught)
            right = field_is_right(answer, correction, field.name)
            found.append(Sighting(usual(answer.sure[field.name]), right))
    return tuple(found)


def _is_by(taught: Taught | None, record: Record) -> bool:
    """Whether an entry was answered with what a model taught, or with nothing."""
    known = record.outcome.taught if record.outcome is not None else 0
    if taught is None:
        return not known
    return known == taught.learned.taught and record.at > taught.at


def _sighting(task: Task, record: Record, model: str) -> Sighting | None:
    """What an entry tells of a model; None where it tells nothing.

    Costs are those that the task has now, whatever they were then.
    """
    outcome = record.outcome
    if outcome is None or outcome.raw is None or record.correction is None:
        return None
    if bare_id(outcome.model) != model:
        return None
    right = is_right(record.task, outcome.answer, record.correction)
    costs, answer = costs_of(task), outcome.answer
    if isinstance(task, Extract) and isinstance(answer, Extraction):
        # Not as it was reckoned then: every field's sureness is kept as the model said it.
        usual = field_sureness(task, answer, outcome.model, outcome.taught)
        return Sighting(min(usual.values(), default=outcome.raw), right)
    if not costs or not isinstance(answer, Classification):
        return Sighting(outcome.raw, right)
    return Sighting(
        outcome.raw,
        right,
        stake=stake(costs, answer.scores, answer.label),
        loss=counted(costs, answer.label, str(record.correction)),
    )
