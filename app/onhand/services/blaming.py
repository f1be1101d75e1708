"""Asking the engine about many texts, so that only those at fault end with an error."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from onhand.domain.calibration import calibrated
from onhand.domain.errors import AppError, EngineFailed, TextTooLong

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onhand.domain.answers import Outcome
    from onhand.domain.progress import CancelToken
    from onhand.services.batch_ports import JobPlan
    from onhand.services.ports import TaskRunner

MOST_FAILURES_IN_A_ROW = 20
"""When the engine fails on so many texts one after another, it is not the texts."""

_log = logging.getLogger(__name__)


class Blaming:
    """Asks the engine, and again where it failed, until only the rows at fault have errors.

    What was learned and the calibration are those of the plan.

    Attributes:
        failures: rows that the engine failed on, one after another, until now.
    """

    def __init__(self, runner: TaskRunner, plan: JobPlan, cancel: CancelToken) -> None:
        self._runner = runner
        self._plan = plan
        self._cancel = cancel
        self.failures = 0

    def __call__(self, texts: Sequence[str]) -> list[Outcome | AppError]:
        """One entry for each text, in order.

        Raises:
            EngineFailed: on so many rows in a row that it is not the rows.
        """
        if not texts:
            return []
        try:
            answers = self._twice(texts)
        except (EngineFailed, TextTooLong) as error:
            if len(texts) == 1:
                return [self._blamed(error)]
            return [self._alone(text) for text in texts]
        self.failures = 0
        return answers

    def _twice(self, texts: Sequence[str]) -> list[Outcome | AppError]:
        try:
            return self._ask(texts)
        except EngineFailed as error:
            _log.warning("%d row(s) are tried again: %s", len(texts), error.code)
            return self._ask(texts)

    def _ask(self, texts: Sequence[str]) -> list[Outcome | AppError]:
        plan = self._plan
        answers = self._runner.answer_many(plan.task, texts, self._cancel, plan.learned)
        return [
            each
            if isinstance(each, AppError)
            else calibrated(each, plan.calibration, plan.task)
            for each in answers
        ]

    def _alone(self, text: str) -> Outcome | AppError:
        try:
            (answer,) = self._ask([text])
        except (EngineFailed, TextTooLong) as error:
            return self._blamed(error)
        self.failures = 0
        return answer

    def _blamed(self, error: AppError) -> AppError:
        if not isinstance(error, EngineFailed):
            return error
        self.failures += 1
        if self.failures >= MOST_FAILURES_IN_A_ROW:
            raise EngineFailed(
                f"on {self.failures} rows one after another, {error}"
            ) from error
        return error
