"""The history in SQLite: every answer, found again by any part of its words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.domain.errors import RecordUnknown
from onhand.domain.tasks import identity
from onhand.services.history_ports import ANY, Correction, Occurring
from onhand.storage.folding import fold
from onhand.storage.records import (
    COLUMNS,
    FROM_RECORDS,
    JOINED,
    index_again,
    read_record,
    store_correction,
    store_record,
)
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
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from onhand.domain.tasks import AnswerData, Example, Kind
    from onhand.services.history_ports import Narrowed, Record
    from onhand.storage.database import Database

LARGEST = 2**63 - 1
"""The largest number that SQLite takes."""

SHORTEST_INDEXED = 3
"""Letters of the shortest word that the index of texts finds; others have their own."""

MOST_WORDS = 64
LONGEST_WORD = 200
"""A pasted page is searched by its longest words, and those by their beginning."""

_FROM_SEARCH = (
    f"{COLUMNS} FROM search CROSS JOIN records ON records.id = search.rowid {JOINED}"
)
_FROM_GRAMS = (
    f"{COLUMNS} FROM grams CROSS JOIN records ON records.id = grams.rowid {JOINED}"
)
_MODEL, _LANE = (f"json_extract(records.outcome, '$.{key}')" for key in ("model", "lane"))
_MODELS = (
    "WITH RECURSIVE found(model) AS ("  # noqa: S608 - names of ours
    f" SELECT min({_MODEL}) FROM records"
    f" UNION ALL SELECT (SELECT min({_MODEL}) FROM records WHERE {_MODEL} > found.model)"
    " FROM found WHERE found.model IS NOT NULL)"
    " SELECT model FROM found WHERE model IS NOT NULL"
)
"""Each model once, by jumps through the index: as many steps as there are models."""

_FIRST = "SELECT min(+id) FROM records WHERE at >= ?"
_LAST = "SELECT max(+id) FROM records WHERE at < ?"
"""With a plus, so that the index on times answers and not the order of numbers."""

_HOLDS_SHORT = "(instr(search.text, ?) OR instr(search.answer, ?) OR instr(search.task, ?))"


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
        conditions: list[str] = []
        values: list[str | int] = []
        wanted = _wanted(words)
        indexed = [word for word in wanted if len(word) >= SHORTEST_INDEXED]
        short = [word for word in wanted if len(word) < SHORTEST_INDEXED]
        source, number = FROM_RECORDS, "records.id"
        if indexed:
            source, number = _FROM_SEARCH, "search.rowid"
            conditions.append("search MATCH ?")
            values.append(" ".join(_quoted(word) for word in indexed))
            for word in short:
                conditions.append(_HOLDS_SHORT)
                values += [word, word, word]
        elif short:
            source, number = _FROM_GRAMS, "grams.rowid"
            conditions.append("grams MATCH ?")
            values.append(" ".join(_pair(word) for word in short))
        if kind is not None:
            conditions.append("records.kind = ?")
            values.append(kind)
        for condition, value in _narrowing(only):
            conditions.append(condition)
            values.append(value)
        conditions.append(f"{number} < ?")
        values += [LARGEST if before is None else before, min(limit, LARGEST)]
        statement = (
            f"{source} WHERE {' AND '.join(conditions)} ORDER BY {number} DESC LIMIT ?"
        )
        with self._database.reading() as connection:
            return [read_record(row) for row in connection.execute(statement, values)]

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


def _narrowing(only: Narrowed) -> Iterator[tuple[str, str]]:
    """Conditions on records, each with its value."""
    if only.task_id is not None:
        yield "records.task_id = ?", storable(only.task_id)
    if only.lane is not None:
        yield f"{_LANE} = ?", only.lane
    if only.model is not None:
        yield f"{_MODEL} = ?", storable(only.model)
    # Numbers mostly follow the time: bounds on them spare a walk through all entries.
    if only.since is not None:
        yield "records.at >= ?", encode_time(only.since)
        yield f"records.id >= ({_FIRST})", encode_time(only.since)
    if only.until is not None:
        yield "records.at < ?", encode_time(only.until)
        yield f"records.id <= ({_LAST})", encode_time(only.until)


def _wanted(words: str) -> list[str]:
    distinct = dict.fromkeys(fold(words).split())
    longest_first = sorted(distinct, key=len, reverse=True)
    return [word[:LONGEST_WORD] for word in longest_first[:MOST_WORDS]]


def _pair(word: str) -> str:
    """A word of one letter or two, as the index of them has it."""
    return '"' + "x".join(f"{ord(letter):x}" for letter in word) + '"'


def _quoted(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'
