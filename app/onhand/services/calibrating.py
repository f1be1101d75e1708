"""The calibration of a task with a model: from the answers that the user judged.

Nothing of it is stored. It follows from the history whenever it is needed: so it is there
after a restart, changes with every correction, and goes when entries are removed.
"""

from __future__ import annotations

import logging
from functools import lru_cache
from typing import TYPE_CHECKING

from onhand.domain.calibration import UNJUDGED, Calibration, Sighting, calibration_of
from onhand.domain.errors import AppError
from onhand.domain.layouts import bare_id
from onhand.domain.tasks import Classify, identity, version
from onhand.domain.verdicts import is_right

if TYPE_CHECKING:
    from onhand.domain.tasks import Task
    from onhand.services.history_ports import HistoryStore, Record
    from onhand.services.teaching_ports import HeadStore

_log = logging.getLogger(__name__)

MOST = 500
"""The newest judged answers that count; with more a curve hardly changes."""


class Calibrations:
    """Calibrations from the history."""

    def __init__(self, history: HistoryStore, heads: HeadStore) -> None:
        self._history = history
        self._heads = heads

    def __call__(self, task: Task, model: str) -> Calibration:
        """What is known of a task with a model, in whatever layout of its weights.

        Where the task was taught, the lesson knows: its held-out answers. A history that
        cannot be read knows nothing; that stops no answer.
        """
        try:
            if isinstance(task, Classify) and not task.multiple:
                taught = self._heads.load(task, bare_id(model))
                if taught is not None:
                    return taught.calibration
            records = self._history.judged(identity(task), version(task), MOST)
        except AppError as error:
            _log.warning("judged answers cannot be read: %s", error.code)
            return UNJUDGED
        seen = (_sighting(each, bare_id(model)) for each in records)
        return _calibration(tuple(each for each in seen if each is not None))


_calibration = lru_cache(maxsize=8)(calibration_of)


def _sighting(record: Record, model: str) -> Sighting | None:
    """What an entry tells of a model; None where it tells nothing."""
    outcome = record.outcome
    if outcome is None or outcome.raw is None or record.correction is None:
        return None
    if bare_id(outcome.model) != model:
        return None
    return Sighting(outcome.raw, is_right(record.task, outcome.answer, record.correction))
