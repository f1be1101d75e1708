"""Takes entries out of everything that holds them: backups, history, drafts, prefixes.

The backups come first: what is still in the history was not forgotten, and forgetting it
again goes on where it was stopped.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from onhand.domain.errors import Locked
from onhand.domain.progress import ignore_progress
from onhand.services.keeping_ports import Forgotten, Which
from onhand.storage.encrypting import remove_database
from onhand.storage.heads import UNDONE
from onhand.storage.priors import mark_anew
from onhand.storage.stored_json import encode_time, storable

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from onhand.domain.progress import OnProgress
    from onhand.services.ports import PrefixStore
    from onhand.storage.backups import Backups
    from onhand.storage.database import Database

_LESSON = f"task_version NOT LIKE '{UNDONE}%'"
_GONE = (
    "CREATE TEMP TABLE gone (id INTEGER PRIMARY KEY, job INTEGER, task_id TEXT,"
    " task_version TEXT)"
)
_STEPS = (
    "DELETE FROM search WHERE rowid IN (SELECT id FROM gone)",
    "DELETE FROM grams WHERE rowid IN (SELECT id FROM gone)",
    "DELETE FROM corrections WHERE record IN (SELECT id FROM gone)",
    "DELETE FROM records WHERE id IN (SELECT id FROM gone)",
    "DELETE FROM priors WHERE task_version IN (SELECT task_version FROM gone)",
    "DELETE FROM samples WHERE task_version IN (SELECT task_version FROM gone)",
    "DELETE FROM sample_texts WHERE task_version IN (SELECT task_version FROM gone)",
    # Heads are fitted to texts; the next lesson fits them again to those that are left.
    # When one was undone says nothing of any text, and still holds for these.
    (
        "DELETE FROM heads WHERE task_id IN (SELECT task_id FROM gone)"  # noqa: S608 - ours
        f" AND {_LESSON}"
    ),
    # What a batch learned, it learned from the texts of its rows. Only what is there is
    # replaced: of a smaller model half a plan would be left else, where there is none.
    (
        "UPDATE jobs SET plan = json_replace(plan, '$.learned_head', NULL, '$.prior', NULL,"
        " '$.first.learned_head', NULL, '$.first.prior', NULL)"
        " WHERE id IN (SELECT job FROM gone)"
    ),
    # When a smaller model was sure enough hung on that; a job that goes on finds it anew.
    (
        "UPDATE jobs SET plan = json_replace(plan, '$.first.found', NULL,"
        " '$.first.passed', 0) WHERE id IN (SELECT job FROM gone) AND state = 'open'"
    ),
    (
        "DELETE FROM jobs WHERE id IN (SELECT job FROM gone)"
        " AND id NOT IN (SELECT job FROM records WHERE job IS NOT NULL)"
    ),
    (
        "DELETE FROM tasks WHERE id NOT IN (SELECT task FROM records)"
        " AND id NOT IN (SELECT task FROM jobs)"
    ),
    "DELETE FROM drafts",
)
_OLD_EXAMPLES = (
    (
        "DELETE FROM heads WHERE task_id IN"  # noqa: S608 - ours
        f" (SELECT task_id FROM corrections WHERE record IS NULL AND at < ?) AND {_LESSON}"
    ),
    "DELETE FROM corrections WHERE record IS NULL AND at < ?",
    "DELETE FROM measurements WHERE json_extract(measured, '$.at') < ?",
)
_ALL = (
    "INSERT INTO grams (grams) VALUES ('delete-all')",
    *(
        f"DELETE FROM {table}"  # noqa: S608 - names of ours
        for table in ("search", "corrections", "records", "jobs", "tasks", "exports")
    ),
    "DELETE FROM priors",
    "DELETE FROM samples",
    "DELETE FROM sample_texts",
    "DELETE FROM heads",
    "DELETE FROM measurements",
    "DELETE FROM drafts",
    "DELETE FROM task_examples",
)


class StoredForgetting:
    """The forgetting port over the history and its backups."""

    def __init__(
        self,
        database: Database,
        backups: Backups,
        prefixes: PrefixStore,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._backups = backups
        self._prefixes = prefixes
        self._now = now

    def count(self, which: Which) -> int:
        """How many entries of the history it would take."""
        condition, values = _condition(which, self._now())
        with self._database.reading() as connection:
            statement = f"SELECT count(*) FROM records WHERE {condition}"  # noqa: S608
            return int(connection.execute(statement, values).fetchone()[0])

    def __call__(
        self,
        which: Which,
        *,
        delete_unreadable: bool = False,
        on_progress: OnProgress = ignore_progress,
    ) -> Forgotten:
        """Forget: in the backups first, then in the history, drafts and saved prefixes.

        Raises:
            HistoryLocked, HistoryKeyless, DataDamaged, DiskFull, DataFolderUnwritable,
            Locked: the history is as it was.
        """
        entries = self.count(which)
        rewritten, unreadable = self._backups.rewrite(self._in_copy(which), on_progress)
        if delete_unreadable:
            for name in unreadable:
                remove_database(Path(name))
            unreadable = ()
        forget_in(self._database, which, self._now())
        self._prefixes.forget()
        return Forgotten(entries=entries, backups=rewritten, unreadable=unreadable)

    def _in_copy(self, which: Which) -> Callable[[Path], None]:
        def change(path: Path) -> None:
            copy = self._backups.opened(path)
            try:
                forget_in(copy, which, self._now())
            finally:
                copy.close()

        return change


def forget_in(database: Database, which: Which, now: datetime) -> None:
    """Forget in one database, and leave nothing of it in free space or in its journal."""
    condition, values = _condition(which, now)
    with database.writing() as connection:
        connection.execute("DROP TABLE IF EXISTS temp.gone")
        connection.execute(_GONE)
        connection.execute(
            "INSERT INTO gone SELECT id, job, task_id, task_version FROM records"  # noqa: S608
            f" WHERE {condition}",
            values,
        )
        for step in _ALL if which.all else _STEPS:
            connection.execute(step)
        if which.task_id is not None:
            # Examples may outlive the entries that they come from.
            for table in ("corrections", "heads", "measurements", "task_examples"):
                connection.execute(
                    f"DELETE FROM {table} WHERE task_id = ?",  # noqa: S608 - ours
                    (storable(which.task_id),),
                )
        if which.older is not None:
            old = (encode_time(now - timedelta(days=which.older)),)
            for statement in _OLD_EXAMPLES:
                connection.execute(statement, old)
        mark_anew(connection)
        connection.execute("DROP TABLE temp.gone")
        # The index keeps deleted words until it is put together anew.
        connection.execute("INSERT INTO search (search) VALUES ('optimize')")
        connection.execute("INSERT INTO grams (grams) VALUES ('optimize')")
    with database.reading() as connection:
        connection.execute("VACUUM")
        _empty_journal(connection, database.path)


def _empty_journal(connection: sqlite3.Connection, path: Path) -> None:
    if connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
        raise Locked(f"{path}: its journal cannot be emptied")


def _condition(which: Which, now: datetime) -> tuple[str, tuple[str, ...]]:
    """What selects the records, and its values."""
    if which.all:
        return "1", ()
    if which.older is not None:
        at = encode_time(now - timedelta(days=which.older))
        return "substr(at, 1, 10) <= ? AND at < ?", (at[:10], at)
    if which.task_id is not None:
        return "task_id = ?", (storable(which.task_id),)
    return "id IN (SELECT value FROM json_each(?))", (json.dumps([*which.ids]),)
