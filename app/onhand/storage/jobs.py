"""The journal of batch jobs in SQLite; the answers in it are records of the history."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import replace
from typing import TYPE_CHECKING

from onhand.domain.batch_errors import EntriesForgotten
from onhand.services.batch_ports import Job, unlearned
from onhand.services.measuring import bare
from onhand.services.resuming import raise_if_changed, raise_if_forgotten
from onhand.storage.file_lock import FileLock
from onhand.storage.plans import decode_plan, encode_plan
from onhand.storage.records import (
    FROM_RECORDS,
    read_record,
    store_task,
    strip_record,
    tidy_up,
)
from onhand.storage.search_index import index_again, store_record
from onhand.storage.stored_json import decode_time, encode_time

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from onhand.domain.heads import Learned
    from onhand.services.batch_ports import First, JobPlan
    from onhand.services.history_ports import Record
    from onhand.storage.database import Database

PAGE = 500
"""Records read at a time, so that no long reading holds up those who write."""

_JOBS = (
    "SELECT jobs.id, jobs.plan, jobs.started, jobs.state, tasks.task AS task_json,"
    " count(records.id) AS done,"
    " count(records.error) AS failed FROM jobs JOIN tasks ON tasks.id = jobs.task"
    " LEFT JOIN records ON records.job = jobs.id"
)


class SqliteJobs:
    """The job port over a database; lock files keep other processes off an output."""

    def __init__(self, database: Database, locks: Path) -> None:
        """`locks` is the folder for lock files; a killed process leaves none locked."""
        self._database = database
        self._folder = locks
        self._locks: dict[int, FileLock] = {}

    def open(self, plan: JobPlan, at: datetime, *, replace: bool = False) -> Job:
        """Begin a job, or go on with the unfinished one of the same target.

        Raises:
            Locked: another process works on it.
            JobChanged: there is an unfinished job with this target but another plan.
            DiskFull, DataFolderUnwritable: nothing was begun.
        """
        target = _target(plan)
        digest = hashlib.sha256(target.encode()).hexdigest()[:16]
        lock = FileLock(self._folder / f"batch-{digest}.lock")
        lock.acquire()
        try:
            with self._database.writing() as connection:
                number = _unfinished(connection, target, plan, replace=replace)
                if number is None:
                    number = _begin(connection, target, plan, at)
                job = _job(connection, number)
        except BaseException:
            lock.release()
            raise
        self._locks[job.id] = lock
        return job

    def freeze(self, job: int, learned: Learned) -> Job:
        """Write down what a job that has begun learned; it is never changed again.

        Raises:
            EntriesForgotten: the job was taken out of the history.
            DiskFull, DataFolderUnwritable: it is as it was.
        """
        with self._database.writing() as connection:
            plan = _job(connection, job).plan
            if plan.learned is None:
                text = encode_plan(replace(plan, learned=learned))
                connection.execute("UPDATE jobs SET plan = ? WHERE id = ?", (text, job))
            return _job(connection, job)

    def note_first(self, job: int, first: First) -> Job:
        """Write down what is known of the smaller model now, in one durable step.

        Raises:
            EntriesForgotten: the job was taken out of the history, or what it was decided
                by.
            DiskFull, DataFolderUnwritable: it is as it was.
        """
        with self._database.writing() as connection:
            begun = _job(connection, job).plan
            raise_if_forgotten(begun.first, first)
            plan = replace(begun, first=first)
            connection.execute(
                "UPDATE jobs SET plan = ? WHERE id = ?", (encode_plan(plan), job)
            )
            return _job(connection, job)

    def done_among(self, job: int, positions: Sequence[int]) -> set[int]:
        """Those of some positions whose rows have an answer already."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT row FROM records WHERE job = ?"
                " AND row IN (SELECT value FROM json_each(?))",
                (job, json.dumps([*positions])),
            )
            return {row["row"] for row in rows}

    def add(self, records: Sequence[Record]) -> None:
        """Store the answers of some rows in one durable step.

        A row that has an answer keeps it.

        Raises:
            EntriesForgotten: the job was taken out of the history; nothing was stored.
            DiskFull, DataFolderUnwritable: nothing was stored.
        """
        with self._database.writing() as connection:
            for job in {record.job for record in records} - {None}:
                if not _is_there(connection, job):
                    raise EntriesForgotten
            for record in records:
                store_record(connection, record)

    def records(self, job: int) -> Iterator[Record]:
        """All answers in the order of the input."""
        last = -1
        while page := self._page(job, last):
            yield from page
            last = page[-1].row

    def least_sure(self, job: int, limit: int) -> list[Record]:
        """The answers that nobody has judged yet, from the least confidence on."""
        statement = (
            f"{FROM_RECORDS} WHERE job = ? AND corrections.answer IS NULL"
            " AND json_extract(outcome, '$.confidence') IS NOT NULL"
            " ORDER BY json_extract(outcome, '$.confidence'), row LIMIT ?"
        )
        with self._database.reading() as connection:
            return [read_record(row) for row in connection.execute(statement, (job, limit))]

    def finish(self, job: int) -> None:
        """Mark the job as finished, after its output was written."""
        with self._database.writing() as connection:
            connection.execute("UPDATE jobs SET state = 'finished' WHERE id = ?", (job,))

    def strip(self, job: int) -> None:
        """Keep only the figures of its answers, and nothing that was learned from texts."""
        last = -1
        while page := self._page(job, last):
            last = page[-1].row
            with self._database.writing() as connection:
                for record in page:
                    left = bare(record)
                    strip_record(connection, left)
                    index_again(connection, left)
        with self._database.writing() as connection:
            if not _is_there(connection, job):
                return
            plan = unlearned(_job(connection, job).plan)
            plan = replace(plan, task=replace(plan.task, examples=()))
            connection.execute(
                "UPDATE jobs SET plan = ?, task = ? WHERE id = ?",
                (encode_plan(plan), store_task(connection, plan.task), job),
            )
            tidy_up(connection)

    def close(self, job: int) -> None:
        """Let other processes work on it."""
        lock = self._locks.pop(job, None)
        if lock is not None:
            lock.release()

    def all(self) -> list[Job]:
        """All jobs, newest first."""
        with self._database.reading() as connection:
            statement = f"{_JOBS} GROUP BY jobs.id ORDER BY jobs.id DESC"
            return [_read_job(row) for row in connection.execute(statement)]

    def _page(self, job: int, last: int) -> list[Record]:
        statement = f"{FROM_RECORDS} WHERE job = ? AND row > ? ORDER BY row LIMIT ?"
        with self._database.reading() as connection:
            return [
                read_record(row) for row in connection.execute(statement, (job, last, PAGE))
            ]


def _target(plan: JobPlan) -> str:
    """The output's path as text that any file name survives in."""
    return json.dumps(os.path.normcase(plan.target))


def _unfinished(
    connection: sqlite3.Connection, target: str, plan: JobPlan, *, replace: bool
) -> int | None:
    found = connection.execute(
        "SELECT id FROM jobs WHERE target = ? AND state = 'open'", (target,)
    ).fetchone()
    if found is None:
        return None
    number = int(found["id"])
    if replace:
        connection.execute("UPDATE jobs SET state = 'given up' WHERE id = ?", (number,))
        return None
    raise_if_changed(_job(connection, number).plan, plan)
    return number


def _begin(connection: sqlite3.Connection, target: str, plan: JobPlan, at: datetime) -> int:
    task = store_task(connection, plan.task)
    inserted = connection.execute(
        "INSERT INTO jobs (target, task, plan, started) VALUES (?, ?, ?, ?) RETURNING id",
        (target, task, encode_plan(plan), encode_time(at)),
    ).fetchone()
    return int(inserted["id"])


def _is_there(connection: sqlite3.Connection, number: int | None) -> bool:
    found = connection.execute("SELECT 1 FROM jobs WHERE id = ?", (number,))
    return found.fetchone() is not None


def _job(connection: sqlite3.Connection, number: int) -> Job:
    statement = f"{_JOBS} WHERE jobs.id = ? GROUP BY jobs.id"
    row = connection.execute(statement, (number,)).fetchone()
    if row is None:
        raise EntriesForgotten
    return _read_job(row)


def _read_job(row: sqlite3.Row) -> Job:
    return Job(
        id=row["id"],
        plan=decode_plan(row["plan"], row["task_json"]),
        started=decode_time(row["started"]),
        finished=row["state"] == "finished",
        done=row["done"],
        failed=row["failed"],
        given_up=row["state"] == "given up",
    )
