"""Records as rows."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from onhand.domain.tasks import kind_of
from onhand.services.history_ports import Record
from onhand.storage.stored_json import (
    decode_answer,
    decode_outcome,
    decode_task,
    decode_time,
    encode_answer,
    encode_outcome,
    encode_task,
    encode_time,
    storable,
)

if TYPE_CHECKING:
    import sqlite3
    from datetime import datetime

    from onhand.domain.tasks import AnswerData, Task

COLUMNS = (
    "SELECT records.id, records.at, records.task_id, records.task_version, records.text,"
    " records.outcome, records.error, records.error_detail, records.pinned, records.job,"
    " records.row, records.name, tasks.task AS task_json, corrections.answer AS correction"
)
JOINED = (
    " JOIN tasks ON tasks.id = records.task"
    " LEFT JOIN corrections ON corrections.record = records.id"
)
FROM_RECORDS = f"{COLUMNS} FROM records {JOINED}"


def store_task(connection: sqlite3.Connection, task: Task) -> int:
    """The number of a task's row; a task is stored once."""
    text = encode_task(task)
    digest = hashlib.sha256(text.encode()).hexdigest()
    connection.execute(
        "INSERT INTO tasks (digest, task) VALUES (?, ?) ON CONFLICT DO NOTHING",
        (digest, text),
    )
    found = connection.execute(
        "SELECT id FROM tasks WHERE digest = ?", (digest,)
    ).fetchone()
    return int(found["id"])


def insert_record(connection: sqlite3.Connection, record: Record) -> int | None:
    """Insert a record; its number, or None where its row of its job has an answer."""
    values = _values(record) | {"task": store_task(connection, record.task)}
    names = ", ".join(values)
    places = ", ".join(f":{name}" for name in values)
    inserted = connection.execute(
        f"INSERT INTO records ({names}) VALUES ({places})"  # noqa: S608 - names of ours
        " ON CONFLICT (job, row) WHERE job IS NOT NULL DO NOTHING RETURNING id",
        values,
    ).fetchone()
    if inserted is None:
        return None
    number = int(inserted["id"])
    if record.correction is not None:
        store_correction(connection, number, record, record.correction, record.at)
    return number


def store_correction(
    connection: sqlite3.Connection,
    number: int,
    record: Record,
    answer: AnswerData,
    at: datetime,
) -> None:
    """Keep the right answer of a record, in place of an earlier one."""
    connection.execute(
        "INSERT INTO corrections (record, task_id, text, answer, at) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (record) DO UPDATE SET answer = excluded.answer, at = excluded.at",
        (
            number,
            record.task_id,
            storable(record.text),
            encode_answer(answer),
            encode_time(at),
        ),
    )


def strip_record(connection: sqlite3.Connection, record: Record) -> None:
    """Put what is left of a record in its place."""
    values = _values(record) | {
        "id": record.id,
        "task": store_task(connection, record.task),
    }
    connection.execute(
        "UPDATE records SET text = :text, outcome = :outcome, name = :name, task = :task,"
        " error_detail = :error_detail WHERE id = :id",
        values,
    )
    connection.execute("DELETE FROM corrections WHERE record = ?", (record.id,))


def tidy_up(connection: sqlite3.Connection) -> None:
    """Remove tasks that nothing has any more, and words that the indexes still hold."""
    connection.execute(
        "DELETE FROM tasks WHERE id NOT IN (SELECT task FROM records)"
        " AND id NOT IN (SELECT task FROM jobs)"
    )
    connection.execute("INSERT INTO search (search) VALUES ('optimize')")
    connection.execute("INSERT INTO grams (grams) VALUES ('optimize')")


def read_record(row: sqlite3.Row) -> Record:
    """The record of a row that `FROM_RECORDS` selects.

    Raises:
        DataDamaged: the row does not hold one.
    """
    return Record(
        id=row["id"],
        at=decode_time(row["at"]),
        task=decode_task(row["task_json"]),
        task_id=row["task_id"],
        task_version=row["task_version"],
        text=row["text"],
        outcome=None if row["outcome"] is None else decode_outcome(row["outcome"]),
        error=row["error"],
        error_detail=row["error_detail"],
        correction=None if row["correction"] is None else decode_answer(row["correction"]),
        pinned=bool(row["pinned"]),
        job=row["job"],
        row=row["row"],
        name=row["name"],
    )


def _values(record: Record) -> dict[str, Any]:
    return {
        "at": encode_time(record.at),
        "kind": kind_of(record.task),
        "task_id": storable(record.task_id),
        "task_version": record.task_version,
        "text": storable(record.text),
        "outcome": encode_outcome(record.outcome) if record.outcome else None,
        "error": record.error,
        "error_detail": storable(record.error_detail),
        "pinned": int(record.pinned),
        "job": record.job,
        "row": record.row,
        "name": storable(record.name),
    }
