"""The history in SQLite: every answer, found again by any part of its words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.domain.errors import RecordUnknown
from onhand.domain.tasks import identity
from onhand.services.history_ports import ANY, Correction, Occurring
from onhand.storage.finding import LARGEST, MODEL, find
from onhand.storage.records import FROM_RECORDS, read_record, store_correction
from onhand.storage.search_index import index_again, store_record
from onhand.storage.stored_json import (
    decode_answer,
    decode_task,
    decode_time,
    encode_answer,
    encode_time,
    storable,
)

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence
    from datetime import datetime

    from onhand.domain.tasks import AnswerData, Example, Kind
    from onhand.services.history_ports import Narrowed, Record
    from onhand.storage.database import Database

_MODELS = (
    "WITH RECURSIVE found(model) AS ("  # noqa: S608 - names of ours
    f" SELECT min({MODEL}) FROM records"
    f" UNION ALL SELECT (SELECT min({MODEL}) FROM records WHERE {MODEL} > found.model)"
    " FROM found WHERE found.model IS NOT NULL)"
    " SELECT model FROM found WHERE model IS NOT NULL"
)
"""Each model once, by jumps through the index: as many steps as there are models."""


class SqliteHistory:
    """The history port over a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, record: Record) -> int:
        """Store an answer durably; returns its number.

        Raises:
            DiskFull, DataFolderUnwritable, DataDamaged, DataTooNew, Locked: nothing was
                stored.
        """
        with self._database.writing() as connection:
            number = store_record(connection, record)
            if number is None:
                raise ValueError("this row of the job has an answer already")
            return number

    def get(self, record_id: int) -> Record:
        """One answer.

        Raises:
            RecordUnknown: there is none of this number.
        """
        with self._database.reading() as connection:
            return _get(connection, record_id)

    def search(
        self,
        words: str,
        *,
        kind: Kind | None,
        limit: int,
        before: int | None,
        only: Narrowed = ANY,
    ) -> list[Record]:
        """Answers whose text, answer or task name holds all words, newest first.

        Case and accents do not count. `before` is the number of the last answer of the page
        before. Of very many words only the longest are looked for.
        """
        with self._database.reading() as connection:
            return find(connection, words, kind=kind, limit=limit, before=before, only=only)

    def occurring(self) -> Occurring:
        """The tasks and models that its entries have."""
        with self._database.reading() as connection:
            tasks = [
                decode_task(row["task"])
                for row in connection.execute("SELECT task FROM tasks ORDER BY id")
            ]
            models = [row["model"] for row in connection.execute(_MODELS)]
        return Occurring(tasks={identity(each): each for each in tasks}, models=models)

    def correct(self, record_id: int, answer: AnswerData, at: datetime) -> None:
        """Keep the right answer with the entry and as an example of its task.

        Raises:
            RecordUnknown: there is none of this number.
        """
        with self._database.writing() as connection:
            store_correction(connection, record_id, _get(connection, record_id), answer, at)
            index_again(connection, _get(connection, record_id))

    def pin(self, record_id: int, *, pinned: bool) -> None:
        """Keep an entry at hand, for comparing models.

        Raises:
            RecordUnknown: there is none of this number.
        """
        with self._database.writing() as connection:
            _get(connection, record_id)
            connection.execute(
                "UPDATE records SET pinned = ? WHERE id = ?", (int(pinned), record_id)
            )

    def teach(self, task_id: str, examples: Sequence[Example], at: datetime) -> None:
        """Keep labelled texts as examples of a task, all or none.

        A text that is an example of the task already gets the new answer.
        """
        with self._database.writing() as connection:
            for each in examples:
                text, answer = storable(each.text), encode_answer(each.answer)
                connection.execute(
                    "DELETE FROM corrections"
                    " WHERE record IS NULL AND task_id = ? AND text = ?",
                    (storable(task_id), text),
                )
                connection.execute(
                    "INSERT INTO corrections (task_id, text, answer, at)"
                    " VALUES (?, ?, ?, ?)",
                    (storable(task_id), text, answer, encode_time(at)),
                )

    def corrections(self, task_id: str) -> list[Correction]:
        """What the user corrected in a task and taught it, oldest first."""
        with self._database.reading() as connection:
            return [
                Correction(
                    task_id=row["task_id"],
                    text=row["text"],
                    answer=decode_answer(row["answer"]),
                    at=decode_time(row["at"]),
                    id=row["id"],
                    record=row["record"],
                )
                for row in connection.execute(
                    "SELECT id, record, task_id, text, answer, at FROM corrections"
                    " WHERE task_id = ? ORDER BY at, id",
                    (task_id,),
                )
            ]

    def unteach(self, task_id: str, numbers: Sequence[int]) -> int:
        """Remove some of these by their numbers; tells how many there were."""
        with self._database.writing() as connection:
            found = [
                row["record"]
                for number in numbers
                for row in connection.execute(
                    "DELETE FROM corrections WHERE id = ? AND task_id = ? RETURNING record",
                    (min(number, LARGEST), storable(task_id)),
                ).fetchall()
            ]
            for record in found:
                if record is not None:
                    index_again(connection, _get(connection, record))
        return len(found)

    def corrected(self, limit: int) -> list[Record]:
        """The entries that the user has corrected, of all tasks, newest first."""
        statement = (
            f"{FROM_RECORDS} WHERE corrections.answer IS NOT NULL"
            " ORDER BY records.id DESC LIMIT ?"
        )
        with self._database.reading() as connection:
            return [read_record(row) for row in connection.execute(statement, (limit,))]

    def pinned(self, limit: int) -> list[Record]:
        """The entries that the user keeps at hand, newest first."""
        statement = f"{FROM_RECORDS} WHERE records.pinned ORDER BY records.id DESC LIMIT ?"
        with self._database.reading() as connection:
            values = (min(limit, LARGEST),)
            return [read_record(row) for row in connection.execute(statement, values)]

    def judged(self, task_id: str, task_version: str, limit: int) -> list[Record]:
        """The answers of a task's version that the user has corrected, newest first."""
        statement = (
            f"{FROM_RECORDS} WHERE corrections.task_id = ? AND records.task_version = ?"
            " AND records.outcome IS NOT NULL ORDER BY records.id DESC LIMIT ?"
        )
        with self._database.reading() as connection:
            values = (storable(task_id), task_version, min(limit, LARGEST))
            return [read_record(row) for row in connection.execute(statement, values)]


def _get(connection: sqlite3.Connection, record_id: int) -> Record:
    if 0 < record_id <= LARGEST:
        statement = f"{FROM_RECORDS} WHERE records.id = ?"
        row = connection.execute(statement, (record_id,)).fetchone()
        if row is not None:
            return read_record(row)
    raise RecordUnknown(f"number {record_id}")
