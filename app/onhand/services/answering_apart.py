"""Texts answered together, or each by itself where one of them is to blame."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.domain.errors import AppError, EngineFailed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onhand.domain.answers import Outcome
    from onhand.domain.heads import Learned
    from onhand.domain.progress import CancelToken
    from onhand.domain.tasks import Task
    from onhand.services.ports import TaskRunner


def answered_apart(
    runner: TaskRunner,
    task: Task,
    texts: Sequence[str],
    learned: Learned | None,
    cancel: CancelToken,
) -> list[Outcome | AppError]:
    """The answers in the order of the texts; for a text at fault its failure.

    Raises:
        EngineFailed: none of several texts could be answered.
        ModelMissing, ModelUnusable: likewise.
        Cancelled: the user stopped it.
    """
    try:
        return runner.answer_many(task, texts, cancel, learned)
    except EngineFailed as error:
        if len(texts) == 1:
            return [error]
        alone = [answered_apart(runner, task, [text], learned, cancel) for text in texts]
        if all(isinstance(each[0], EngineFailed) for each in alone):
            raise
        return [each[0] for each in alone]
