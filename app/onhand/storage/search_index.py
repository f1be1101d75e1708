"""The indexes over the words of records, which the newest records enter a few at a time.

A record enters two full-text indexes, and each writes as many pages as the record itself.
So a commit leaves that to every eighth; a search reads the few that wait.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.domain.answers import plain
from onhand.storage.folding import fold, grams
from onhand.storage.records import FROM_RECORDS, insert_record, read_record
from onhand.storage.stored_json import storable

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from onhand.services.history_ports import Record

MOST_WAITING = 8
"""As many records wait at most, whatever is written; a search reads each of them."""

LONGEST_WAITING = 4000
"""Letters of the longest text that waits: so that reading those that do stays instant."""


def store_record(connection: sqlite3.Connection, record: Record) -> int | None:
    """Insert a record; its number, or None where its row of its job has an answer.

    It can be searched at once; most of the time it waits for its place in the indexes.
    """
    number = insert_record(connection, record)
    if number is not None:
        waiting = number - indexed_to(connection)
        if waiting >= MOST_WAITING or len(record.text) > LONGEST_WAITING:
            index_waiting(connection)
    return number


def index_waiting(connection: sqlite3.Connection) -> None:
    """Index all records that are not indexed yet."""
    statement = f"{FROM_RECORDS} WHERE records.id > ? ORDER BY records.id"
    for row in connection.execute(statement, (indexed_to(connection),)).fetchall():
        record = read_record(row)
        folded = searched(record)
        connection.execute(
            "INSERT INTO search (rowid, text, answer, task) VALUES (?, ?, ?, ?)",
            (record.id, *folded),
        )
        _insert_grams(connection, record, folded)


def index_again(connection: sqlite3.Connection, record: Record) -> None:
    """Bring the indexes up to what a stored record says now."""
    index_waiting(connection)
    folded = text, answer, _ = searched(record)
    connection.execute(
        "UPDATE search SET text = ?, answer = ? WHERE rowid = ?", (text, answer, record.id)
    )
    connection.execute("DELETE FROM grams WHERE rowid = ?", (record.id,))
    _insert_grams(connection, record, folded)


def indexed_to(connection: sqlite3.Connection) -> int:
    """The number of the newest record in the indexes; all above it wait."""
    statement = "SELECT rowid FROM search ORDER BY rowid DESC LIMIT 1"
    row = connection.execute(statement).fetchone()
    return 0 if row is None else int(row[0])


def holds(record: Record, words: Sequence[str]) -> bool:
    """Whether folded words are all in what is searched of a record, each anywhere."""
    parts = searched(record)
    return all(any(word in part for part in parts) for word in words)


def searched(record: Record) -> tuple[str, str, str]:
    """Its text, its answer with its correction, and the name of its task, folded."""
    said = plain(record.outcome.answer) if record.outcome else ""
    match record.correction:
        case None:
            right: list[str] = []
        case str() as text:
            right = [text]
        case list() as labels:
            right = labels
        case dict() as fields:
            right = [value for values in fields.values() for value in values]
    answer = fold(storable("\n".join([said, *right])))
    return fold(storable(record.text)), answer, fold(record.task.name)


def _insert_grams(
    connection: sqlite3.Connection, record: Record, folded: tuple[str, str, str]
) -> None:
    connection.execute(
        "INSERT INTO grams (rowid, pieces) VALUES (?, ?)", (record.id, grams(*folded))
    )
