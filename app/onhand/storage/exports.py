"""The files into which entries of the history were written."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from onhand.services.keeping_ports import ExportedFile
from onhand.storage.stored_json import decode_time, encode_time

if TYPE_CHECKING:
    from datetime import datetime

    from onhand.storage.database import Database

_FILES = (
    "SELECT path, max(at) AS at FROM (SELECT path, at FROM exports UNION ALL"
    " SELECT target AS path, started AS at FROM jobs WHERE state = 'finished')"
    " GROUP BY path ORDER BY at DESC"
)


class SqliteExports:
    """The list of exports over a database; any file name survives in it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, path: Path, at: datetime) -> None:
        """One more, or one that is known at another time."""
        with self._database.writing() as connection:
            connection.execute(
                "INSERT INTO exports (path, at) VALUES (?, ?)"
                " ON CONFLICT (path) DO UPDATE SET at = excluded.at",
                (json.dumps(os.path.normcase(path.absolute())), encode_time(at)),
            )

    def all(self) -> list[ExportedFile]:
        """Those that still lie where they were written, outputs of batches too."""
        with self._database.reading() as connection:
            found = [
                ExportedFile(path=Path(json.loads(row["path"])), at=decode_time(row["at"]))
                for row in connection.execute(_FILES)
            ]
        return [each for each in found if _is_there(each.path)]


def _is_there(path: Path) -> bool:
    with suppress(OSError, ValueError):
        return path.is_file()
    return False
