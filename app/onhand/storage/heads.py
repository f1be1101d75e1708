"""The port of what tasks were taught: in the history, or beside it where there is none.

Of a lesson that was undone nothing stays but when that was, so that it is not learned again
from the same texts: in a row under another version, where no task looks for a lesson. So it
is with one that came to nothing.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec

from onhand.domain.errors import DataDamaged
from onhand.domain.history_errors import HistoryKeyless
from onhand.domain.tasks import identity, version
from onhand.domain.teaching import Taught
from onhand.storage.safe_files import replace_data_file
from onhand.storage.stored_json import decode_time, encode_time, storable

if TYPE_CHECKING:
    import sqlite3
    from datetime import datetime
    from pathlib import Path

    from onhand.domain.tasks import Task
    from onhand.services.teaching_ports import HeadStore
    from onhand.storage.database import Database

UNDONE = "undone "
"""Before the version of a task in the row that tells when a lesson was undone."""


class SqliteHeads:
    """Heads in the history, by version of the task and model; the newest one counts."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._last: tuple[int, Taught | None] = (0, None)

    def load(self, task: Task, model: str) -> Taught | None:
        """What a task answers with now; None where nothing usable was taught.

        Raises:
            HistoryLocked, HistoryKeyless, DataDamaged, DataTooNew, DataFolderUnwritable,
                DiskFull, Locked: the database cannot be read.
        """
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT max(id) AS id FROM heads WHERE task_version = ? AND model = ?",
                (version(task), model),
            ).fetchone()
            number = row["id"]
            if number is None:
                self._last = (0, None)  # what was forgotten stays nowhere
                return None
            if number != self._last[0]:
                found = connection.execute(
                    "SELECT taught FROM heads WHERE id = ?", (number,)
                ).fetchone()
                self._last = (number, _decode(found["taught"].encode()))
        return self._last[1]

    def save(self, task: Task, model: str, taught: Taught) -> None:
        """Answer with this from now on; what was before stays for `undo`.

        Raises:
            As `load`; it is as it was then.
        """
        with self._database.writing() as connection:
            connection.execute(
                "INSERT INTO heads (task_id, task_version, model, taught)"
                " VALUES (?, ?, ?, ?)",
                (
                    storable(identity(task)),
                    version(task),
                    model,
                    msgspec.json.encode(taught).decode(),
                ),
            )

    def undo(self, task: Task, model: str, at: datetime | None) -> bool:
        """Answer as before the last lesson; False where there was none.

        `at` is remembered as the moment when it was undone; None: nothing is.

        Raises:
            As `load`; it is as it was then.
        """
        with self._database.writing() as connection:
            removed = connection.execute(
                "DELETE FROM heads WHERE id = (SELECT max(id) FROM heads"
                " WHERE task_version = ? AND model = ?)",
                (version(task), model),
            )
            if not removed.rowcount:
                return False
            if at is not None:
                _mark(connection, task, model, at)
        return True

    def pass_over(self, task: Task, model: str, at: datetime) -> None:
        """Remember when a lesson came to nothing, as if one had been undone then.

        Raises:
            As `load`; it is as it was then.
        """
        with self._database.writing() as connection:
            _mark(connection, task, model, at)

    def undone(self, task: Task, model: str) -> datetime | None:
        """When a lesson was undone or came to nothing last, as far as that is remembered.

        Raises:
            As `load`.
        """
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT max(taught) AS at FROM heads WHERE task_version = ? AND model = ?",
                (UNDONE + version(task), model),
            ).fetchone()
        return None if row["at"] is None else decode_time(row["at"])


class HeadFiles:
    """Heads as files, where no key could be had; they hold numbers, and no text.

    Only the last lesson is there, so undoing it leaves none.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load(self, task: Task, model: str) -> Taught | None:
        """What a task answers with now."""
        try:
            return _decode(self._path(task, model).read_bytes())
        except OSError:
            return None

    def save(self, task: Task, model: str, taught: Taught) -> None:
        """Answer with this from now on.

        Raises:
            DiskFull, DataFolderUnwritable: it is as it was.
        """
        replace_data_file(self._path(task, model), msgspec.json.encode(taught))

    def undo(self, task: Task, model: str, at: datetime | None) -> bool:
        """Answer as before anything was taught, and remember when that was.

        Raises:
            DiskFull, DataFolderUnwritable: it is as it was.
        """
        there = self.load(task, model) is not None
        if there and at is not None:
            replace_data_file(self._mark(task, model), encode_time(at).encode())
        self._path(task, model).unlink(missing_ok=True)
        return there

    def pass_over(self, task: Task, model: str, at: datetime) -> None:
        """Remember when a lesson came to nothing.

        Raises:
            DiskFull, DataFolderUnwritable: it is as it was.
        """
        replace_data_file(self._mark(task, model), encode_time(at).encode())

    def undone(self, task: Task, model: str) -> datetime | None:
        """When a lesson was undone last; a file that cannot be read tells nothing."""
        try:
            return decode_time(self._mark(task, model).read_bytes().decode())
        except (OSError, UnicodeDecodeError, DataDamaged):
            return None

    def forget(self) -> None:
        """Remove all of them."""
        for path in self._folder.glob("*.json"):
            path.unlink(missing_ok=True)

    def _path(self, task: Task, model: str) -> Path:
        name = hashlib.sha256(f"{version(task)}\n{model}".encode()).hexdigest()[:32]
        return self._folder / f"{name}.json"

    def _mark(self, task: Task, model: str) -> Path:
        return self._path(task, model).with_suffix(".undone.json")


class KeptHeads:
    """Heads in the history; in files where there is neither a history nor a key for one."""

    def __init__(self, history: HeadStore, files: HeadFiles) -> None:
        self._history = history
        self._files = files

    def load(self, task: Task, model: str) -> Taught | None:
        """What a task answers with now; see `SqliteHeads`."""
        try:
            return self._history.load(task, model) or self._files.load(task, model)
        except HistoryKeyless:
            return self._files.load(task, model)

    def save(self, task: Task, model: str, taught: Taught) -> None:
        """Answer with this from now on; see `SqliteHeads`."""
        try:
            self._history.save(task, model, taught)
        except HistoryKeyless:
            self._files.save(task, model, taught)

    def undo(self, task: Task, model: str, at: datetime | None) -> bool:
        """Answer as before the last lesson; see `SqliteHeads`."""
        try:
            return self._history.undo(task, model, at) or self._files.undo(task, model, at)
        except HistoryKeyless:
            return self._files.undo(task, model, at)

    def pass_over(self, task: Task, model: str, at: datetime) -> None:
        """Remember when a lesson came to nothing; see `SqliteHeads`."""
        try:
            self._history.pass_over(task, model, at)
        except HistoryKeyless:
            self._files.pass_over(task, model, at)

    def undone(self, task: Task, model: str) -> datetime | None:
        """When a lesson was undone last, here or there; see `SqliteHeads`."""
        found = [self._files.undone(task, model)]
        with suppress(HistoryKeyless):
            found.append(self._history.undone(task, model))
        return max((each for each in found if each is not None), default=None)


def _mark(connection: sqlite3.Connection, task: Task, model: str, at: datetime) -> None:
    """Remember that moment in the place of an earlier one."""
    place = UNDONE + version(task), model
    connection.execute("DELETE FROM heads WHERE task_version = ? AND model = ?", place)
    connection.execute(
        "INSERT INTO heads (task_id, task_version, model, taught) VALUES (?, ?, ?, ?)",
        (storable(identity(task)), *place, encode_time(at)),
    )


def _decode(text: bytes) -> Taught | None:
    try:
        return msgspec.json.decode(text, type=Taught)
    except (msgspec.MsgspecError, RecursionError):
        return None
