"""What was done and what it cost: from the history, and from what was spent."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Protocol

from onhand.domain.errors import AppError
from onhand.domain.tasks import kind_of
from onhand.domain.usage import Charged, Counted, UsageRow, usage_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from onhand.services.history_ports import HistoryStore
    from onhand.services.spending_ports import ProviderStore, Spending, SpendingStore


class AnswerCounts(Protocol):
    """Counts the answers of the history."""

    def counted(self) -> Sequence[Counted]:
        """By month, task and route; failed ones are left out.

        Raises:
            AppError: the history cannot be read.
        """
        ...


@dataclass(frozen=True, kw_only=True)
class Usage:
    """What was done.

    Attributes:
        unread: why the history could not be counted; None where it was.
        compared: the cloud model whose price `cost_of_all` goes by; "" for none.
    """

    rows: tuple[UsageRow, ...]
    unread: AppError | None = None
    compared: str = ""


class TellUsage:
    """Tells it."""

    def __init__(
        self,
        counts: AnswerCounts,
        history: HistoryStore,
        spending: SpendingStore,
        providers: ProviderStore,
    ) -> None:
        self._counts = counts
        self._history = history
        self._spending = spending
        self._providers = providers

    def __call__(self) -> Usage:
        """Per task and month, the newest month first.

        Raises:
            DataDamaged, DataFolderUnwritable: what was spent cannot be read.
        """
        counted: Sequence[Counted] = ()
        names: dict[str, str] = {}
        unread: AppError | None = None
        try:
            counted = self._counts.counted()
            for task_id, task in self._history.occurring().tasks.items():
                names[task_id] = task.name or f"{kind_of(task)}: {task.instruction}"[:60]
        except AppError as error:
            unread = error
        first = next(iter(self._providers.added()), None)
        price = first.price if first else None
        return Usage(
            rows=usage_rows(counted, charged(self._spending.all()), names, price),
            unread=unread,
            compared=first.name if first and price else "",
        )


def charged(spendings: Iterable[Spending]) -> list[Charged]:
    """What was spent, by month and task."""
    groups: dict[tuple[str, str], list[Spending]] = defaultdict(list)
    for each in spendings:
        groups[f"{each.at.astimezone(UTC):%Y-%m}", each.task_id].append(each)
    return [
        Charged(
            month=month,
            task_id=task_id,
            requests=len(group),
            tokens=sum((each.read or 0) + (each.written or 0) for each in group),
            cost=sum(each.cost or 0 for each in group),
            unpriced=sum(each.cost is None for each in group),
        )
        for (month, task_id), group in groups.items()
    ]
