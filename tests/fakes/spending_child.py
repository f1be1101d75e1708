"""Reserves and settles in a loop, until it is killed: `spending_child.py FILE LIMIT`."""

from __future__ import annotations

import random
import sys
from pathlib import Path

from fakes.stores import NOON
from onhand.domain.cloud_errors import OverBudget
from onhand.services.spending_ports import Spending
from onhand.storage.spending import SpendingFile

WORST = 1000


def spending(number: str, worst: int | None = WORST, **changes: object) -> Spending:
    """A request."""
    given = {
        "id": number, "at": NOON, "provider": "fake", "model": "fake-1", "host": "x.test",
        "task_id": "sort", "digest": "0" * 64, "sent": 100, "reserved": worst,
    }  # fmt: skip
    return Spending(**{**given, **changes})  # type: ignore[arg-type]


def main() -> None:
    """Say "sent N" when something may have been sent, that is, be charged."""
    store = SpendingFile(Path(sys.argv[1]))
    name = sys.argv[3]
    for number in range(10_000):
        each = spending(f"{name}-{number}")
        try:
            store.reserve(each, int(sys.argv[2]))
        except OverBudget:
            sys.stdout.write("full\n")
            return
        cost = random.randint(0, WORST)  # noqa: S311
        sys.stdout.write(f"{cost}\n")
        sys.stdout.flush()
        store.settle(each.id, cost, 1, 1)


if __name__ == "__main__":
    main()
