"""What the program did and what it cost, per task and month.

Money is in millionths of a US dollar. Of texts that were answered here the tokens are an
estimate, four characters each; those of cloud models are as the provider counted them.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from onhand.domain.cloud import Price

CHARACTERS_A_TOKEN = 4

AROUND = 300
"""Tokens of instructions and labels around a text, about."""

WRITTEN = 60
"""Tokens of a reply that names a label or values, about."""


@dataclass(frozen=True, kw_only=True)
class Counted:
    """Answers of a month for a task, by one route.

    Attributes:
        month: "2026-11", in UTC.
        characters: of the texts; 0 of those of which only figures were kept.
        wrote: whether the task writes a text.
    """

    month: str
    task_id: str
    route: str
    requests: int
    seconds: float
    characters: int
    wrote: bool = False


@dataclass(frozen=True, kw_only=True)
class Charged:
    """Requests to cloud models of a month for a task.

    Attributes:
        cost: what counts as spent.
        unpriced: of how many no price was known.
    """

    month: str
    task_id: str
    requests: int
    tokens: int
    cost: int
    unpriced: int = 0


@dataclass(frozen=True, kw_only=True)
class UsageRow:
    """A month of a task.

    Attributes:
        task: its name.
        requests: answers that were kept in the history, and requests that went to a cloud
            model without leaving an answer there.
        local: how many of them stayed here.
        cost: what was spent.
        unpriced: of how many requests no price was known.
        cost_of_all: what it had cost if all had gone to the cloud model that is first in
            the list, about; None where its price is not known.
    """

    month: str
    task: str
    requests: int = 0
    local: int = 0
    seconds: float = 0.0
    tokens: int = 0
    cost: int = 0
    unpriced: int = 0
    cost_of_all: int | None = None

    @property
    def share_local(self) -> float:
        """0 to 1."""
        return self.local / self.requests if self.requests else 1.0

    @property
    def spent(self) -> int | None:
        """What was spent; None where nothing but requests of unknown price was."""
        return self.cost if self.cost or not self.unpriced else None

    @property
    def saved(self) -> int | None:
        """What that is less than `cost_of_all`, about; None where a price is not known."""
        if self.cost_of_all is None or self.unpriced:
            return None
        return self.cost_of_all - self.cost


def usage_rows(
    counted: Iterable[Counted],
    charged: Iterable[Charged],
    names: Mapping[str, str],
    price: Price | None,
) -> tuple[UsageRow, ...]:
    """Rows of the newest month first, in a month by the name of the task.

    `names` are those of tasks by their identity.
    """
    rows: dict[tuple[str, str], UsageRow] = {}
    all_costs: dict[tuple[str, str], int] = defaultdict(int)
    clouds: dict[tuple[str, str], int] = defaultdict(int)

    def row_of(month: str, task_id: str) -> UsageRow:
        name = names.get(task_id) or task_id or "in private, or a trial"
        return rows.setdefault((month, task_id), UsageRow(month=month, task=name))

    for each in counted:
        key, row = (each.month, each.task_id), row_of(each.month, each.task_id)
        local = each.route == "local"
        clouds[key] += 0 if local else each.requests
        tokens = math.ceil(each.characters / CHARACTERS_A_TOKEN)
        rows[key] = replace(
            row,
            requests=row.requests + each.requests,
            local=row.local + (each.requests if local else 0),
            seconds=row.seconds + each.seconds,
            tokens=row.tokens + (tokens if local else 0),
        )
        if price is not None:
            written = tokens if each.wrote else each.requests * WRITTEN
            all_costs[key] += price.cost(tokens + each.requests * AROUND, written)
    for charge in charged:
        key, row = (charge.month, charge.task_id), row_of(charge.month, charge.task_id)
        rows[key] = replace(
            row,
            # Those that left no answer are not in the history.
            requests=row.requests + max(0, charge.requests - clouds[key]),
            tokens=row.tokens + charge.tokens,
            cost=row.cost + charge.cost,
            unpriced=row.unpriced + charge.unpriced,
        )
    told = [
        replace(row, cost_of_all=all_costs[key] if price is not None else None)
        for key, row in rows.items()
    ]
    return tuple(sorted(sorted(told, key=_name), key=_month, reverse=True))


def _name(row: UsageRow) -> str:
    return row.task


def _month(row: UsageRow) -> str:
    return row.month
