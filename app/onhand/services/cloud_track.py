"""How often a cloud model was right at a task, by those of its answers that were judged.

A provider tells no probability that means anything here, and nothing else says whether
asking helps: that the local model is unsure does not mean that another one knows better.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from onhand.domain.errors import AppError
from onhand.domain.escalation import Track
from onhand.domain.tasks import Rewrite, Summarise
from onhand.domain.verdicts import is_right

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from onhand.domain.tasks import Task
    from onhand.services.history_ports import Record

_log = logging.getLogger(__name__)


def track_of(
    task: Task, model: str, judged: Callable[[Task], Sequence[Record]]
) -> Track | None:
    """What is known; None where nothing can be.

    Args:
        task: what was asked, in just this version.
        model: of the provider.
        judged: the answers to a task that the user has judged; where it cannot tell them,
            nothing is known, and that stops no request.
    """
    if isinstance(task, Rewrite | Summarise):
        return None  # of two good texts neither is the right one
    try:
        records = judged(task)
    except AppError as error:
        _log.warning("judged answers cannot be read: %s", error.code)
        return None
    hits = [
        is_right(task, each.outcome.answer, each.correction)
        for each in records
        if each.outcome is not None
        and each.correction is not None
        and (each.outcome.route, each.outcome.model) == ("cloud", model)
    ]
    return Track(judged=len(hits), right=sum(hits))
