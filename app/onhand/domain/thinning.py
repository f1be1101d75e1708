"""Which backups are kept: many of late, then one a day, a week, a month."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

EVERY = timedelta(minutes=30)
"""Between two backups while the program is used."""

LATE = timedelta(days=1)
MOST_LATE = 12
DAYS, WEEKS, MONTHS = 14, 8, 12


def is_due(newest: datetime | None, now: datetime) -> bool:
    """Whether it is time for a backup; a clock that was set back does not prevent one."""
    return newest is None or abs(now - newest) >= EVERY


def kept(times: Sequence[datetime]) -> set[datetime]:
    """Those backups that stay, by their times; the newest always does.

    Of the day before the newest the last 12; before that the last of each of 14 days, 8
    weeks and 12 months that have any.
    """
    newest_first = sorted(set(times), reverse=True)
    if not newest_first:
        return set()
    late = [each for each in newest_first if newest_first[0] - each <= LATE]
    found = set(late[:MOST_LATE])
    periods: tuple[tuple[int, Callable[[datetime], object]], ...] = (
        (DAYS, lambda each: each.date()),
        (WEEKS, lambda each: each.isocalendar()[:2]),
        (MONTHS, lambda each: (each.year, each.month)),
    )
    for most, period in periods:
        last: dict[object, datetime] = {}
        for each in newest_first:
            last.setdefault(period(each), each)
        found |= set([*last.values()][:most])
    return found
