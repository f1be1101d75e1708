"""Counting the answers of the history, for what was done in a month."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.domain.tasks import Kind
from onhand.domain.usage import Counted

if TYPE_CHECKING:
    from onhand.storage.database import Database

_COUNT = (
    "SELECT substr(at, 1, 7) AS month, task_id, kind,"
    " json_extract(outcome, '$.route') AS route, count(*) AS requests,"
    " sum(json_extract(outcome, '$.seconds')) AS seconds, sum(length(text)) AS characters"
    " FROM records WHERE outcome IS NOT NULL GROUP BY month, task_id, kind, route"
)


class SqliteUsage:
    """The port `AnswerCounts` over the history's database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def counted(self) -> list[Counted]:
        """See `AnswerCounts`; times are stored in UTC."""
        with self._database.reading() as connection:
            rows = connection.execute(_COUNT).fetchall()
        return [
            Counted(
                month=row["month"],
                task_id=row["task_id"],
                route=row["route"] or "local",
                requests=row["requests"],
                seconds=row["seconds"] or 0.0,
                characters=row["characters"] or 0,
                wrote=row["kind"] in {Kind.REWRITE, Kind.SUMMARISE},
            )
            for row in rows
        ]
