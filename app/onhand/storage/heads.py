"""The port of what tasks were taught: in the history, or beside it where there is none."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec

from onhand.domain.history_errors import HistoryKeyless
from onhand.domain.tasks import identity, version
from onhand.domain.teaching import Taught
from onhand.storage.safe_files import replace_data_file
from onhand.storage.stored_json import storable

if TYPE_CHECKING:
    from pathlib import Path

    from onhand.domain.tasks import Classify
    from onhand.services.teaching_ports import HeadStore
    from onhand.storage.database import Database


class SqliteHeads:
    """Heads in the history, by version of the task and model; the newest one counts."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._last: tuple[int, Taught | None] = (0, None)

    def load(self, task: Classify, model: str) -> Taught | None:
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
                return None
            if number != self._last[0]:
                found = connection.execute(
                    "SELECT taught FROM heads WHERE id = ?", (number,)
                ).fetchone()
                self._last = (number, _decode(found["taught"].encode()))
        return self._last[1]

    def save(self, task: Classify, model: str, taught: Taught) -> None:
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

    def undo(self, task: Classify, model: str) -> bool:
        """Answer as before the last lesson; False where there was none.

        Raises:
            As `load`; it is as it was then.
        """
        with self._database.writing() as connection:
            removed = connection.execute(
                "DELETE FROM heads WHERE id = (SELECT max(id) FROM heads"
                " WHERE task_version = ? AND model = ?)",
                (version(task), model),
            )
            return removed.rowcount > 0


class HeadFiles:
    """Heads as files, where no key could be had; they hold numbers, and no text.

    Only the last lesson is there, so undoing it leaves none.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load(self, task: Classify, model: str) -> Taught | None:
        """What a task answers with now."""
        try:
            return _decode(self._path(task, model).read_bytes())
        except OSError:
            return None

    def save(self, task: Classify, model: str, taught: Taught) -> None:
        """Answer with this from now on.

        Raises:
            DiskFull, DataFolderUnwritable: it is as it was.
        """
        replace_data_file(self._path(task, model), msgspec.json.encode(taught))

    def undo(self, task: Classify, model: str) -> bool:
        """Answer as before anything was taught."""
        there = self.load(task, model) is not None
        self._path(task, model).unlink(missing_ok=True)
        return there

    def forget(self) -> None:
        """Remove all of them."""
        for path in self._folder.glob("*.json"):
            path.unlink(missing_ok=True)

    def _path(self, task: Classify, model: str) -> Path:
        name = hashlib.sha256(f"{version(task)}\n{model}".encode()).hexdigest()[:32]
        return self._folder / f"{name}.json"


class KeptHeads:
    """Heads in the history; in files where there is neither a history nor a key for one."""

    def __init__(self, history: HeadStore, files: HeadFiles) -> None:
        self._history = history
        self._files = files

    def load(self, task: Classify, model: str) -> Taught | None:
        """What a task answers with now; see `SqliteHeads`."""
        try:
            return self._history.load(task, model) or self._files.load(task, model)
        except HistoryKeyless:
            return self._files.load(task, model)

    def save(self, task: Classify, model: str, taught: Taught) -> None:
        """Answer with this from now on; see `SqliteHeads`."""
        try:
            self._history.save(task, model, taught)
        except HistoryKeyless:
            self._files.save(task, model, taught)

    def undo(self, task: Classify, model: str) -> bool:
        """Answer as before the last lesson; see `SqliteHeads`."""
        try:
            return self._history.undo(task, model) or self._files.undo(task, model)
        except HistoryKeyless:
            return self._files.undo(task, model)


def _decode(text: bytes) -> Taught | None:
    try:
        return msgspec.json.decode(text, type=Taught)
    except (msgspec.MsgspecError, RecursionError):
        return None
