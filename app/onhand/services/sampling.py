"""Some rows of a batch that stand for all, taken before it begins."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from onhand.services.answering_rows import asked_behind
from onhand.services.batch_ports import Row
from onhand.services.chunking import chunked
from onhand.services.repeats import Repeats, fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from onhand.domain.tasks import Task

SIZE = 200
"""Rows of a sample at most.

More would tell more, but they are read before the first answer.
"""


@dataclass(frozen=True)
class Survey:
    """How many rows there are, and some of them in their order; all, where they are few."""

    total: int
    sample: tuple[Row, ...]


def survey(rows: Iterable[Row]) -> Survey:
    """Look through all rows once, keeping `SIZE` of them.

    Each row is as likely to be taken as any other (reservoir sampling, Vitter 1985), and
    the same rows give the same sample.
    """
    chance = random.Random(0)  # noqa: S311 - it has to be the same each time
    kept: list[Row] = []
    total = 0
    for row in rows:
        if len(kept) < SIZE:
            kept.append(row)
        elif (place := chance.randrange(total + 1)) < SIZE:
            kept[place] = row
        total += 1
    return Survey(total, tuple(sorted(kept, key=lambda row: row.position)))


def groups_of(task: Task, sample: Sequence[Row]) -> list[list[str]]:
    """The texts of a sample, just in the chunks in which its rows are answered.

    Each counts once, and rows that cannot be used do not.
    """
    chunks = chunked(Repeats().sifted(sample), behind=asked_behind(task))
    groups = [[row.text for row in rows if not fault(row)] for rows in chunks]
    return [texts for texts in groups if texts]
