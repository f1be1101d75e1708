"""What requests to cloud models cost: set aside before they are sent, settled after."""

from __future__ import annotations

import logging
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from onhand.domain.cloud_errors import OverBudget, PriceUnknown
from onhand.domain.errors import AppError
from onhand.services.spending_ports import Spending

if TYPE_CHECKING:
    from onhand.domain.cloud import CloudReply, Payload
    from onhand.domain.cloud_settings import CloudSettings
    from onhand.services.ports import Clock
    from onhand.services.spending_ports import SpendingStore

_log = logging.getLogger(__name__)

CENT = 10_000
"""Millionths of a dollar."""


@dataclass(frozen=True, kw_only=True)
class Paid:
    """What a request cost, in millionths of a dollar.

    Attributes:
        cost: None where no price is known.
        exact: whether the provider told the tokens; it is the most it can be else.
    """

    cost: int | None
    exact: bool


class Paying:
    """Keeps to what may be spent."""

    def __init__(self, spending: SpendingStore, clock: Clock) -> None:
        self._spending = spending
        self._clock = clock

    def left(self, settings: CloudSettings) -> int | None:
        """What may still be spent this month, in millionths; None: anything."""
        limit = _month_limit(settings)
        if limit is None:
            return None
        return max(0, limit - self._spending.spent(self._clock.now()))

    def reserve(self, payload: Payload, task_id: str, settings: CloudSettings) -> Spending:
        """Set aside the most that a request can cost.

        Raises:
            PriceUnknown: there is a limit, and nobody knows the price.
            OverBudget: it could be more than a limit.
        """
        worst, month = payload.worst_cost, _month_limit(settings)
        message = settings.cloud_message_cents * CENT
        if worst is None and (message or month is not None):
            raise PriceUnknown(payload.provider.name)
        if worst is not None and message and worst > message:
            raise OverBudget("the limit for one message")
        spending = Spending(
            id=uuid.uuid4().hex,
            at=self._clock.now(),
            provider=payload.provider.name,
            model=payload.provider.model,
            host=payload.provider.host,
            task_id=task_id,
            digest=payload.digest,
            sent=len(payload.body),
            reserved=worst,
        )
        self._spending.reserve(spending, month)
        return spending

    def fail(self, spending: Spending, *, free: bool) -> None:
        """Settle a request without an answer; one that may be charged counts in full."""
        self._settle(spending, 0 if free else spending.reserved)

    def settle(self, spending: Spending, payload: Payload, reply: CloudReply) -> Paid:
        """Settle one that was answered, by the tokens that the provider counted."""
        price, cost, exact = payload.provider.price, spending.reserved, False
        if price is not None and reply.read is not None and reply.written is not None:
            cost, exact = price.cost(reply.read, reply.written), True
        self._settle(spending, cost, reply)
        return Paid(cost=cost, exact=exact)

    def _settle(
        self, spending: Spending, cost: int | None, reply: CloudReply | None = None
    ) -> None:
        """Where that cannot be written, it counts in full; what was answered stays."""
        read, written = (reply.read, reply.written) if reply else (None, None)
        try:
            self._spending.settle(spending.id, cost, read, written)
        except AppError as error:
            _log.warning("a request to a cloud model is not settled: %s", error.code)


def _month_limit(settings: CloudSettings) -> int | None:
    return settings.cloud_month_cents * CENT or None
