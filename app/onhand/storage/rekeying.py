"""Writes the history and all its copies anew under another key."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from onhand.domain.errors import DataDamaged
from onhand.domain.history_errors import CopiesUnreadable
from onhand.domain.progress import Progress, ignore_progress
from onhand.services.key_ports import Rekeyed
from onhand.storage.checked_copies import told
from onhand.storage.cipher import errors, keyed
from onhand.storage.encrypting import remove_database
from onhand.storage.open_lock import exchanging

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from onhand.domain.progress import OnProgress
    from onhand.services.ports import PrefixStore
    from onhand.storage.backups import Backups
    from onhand.storage.database import Database
    from onhand.storage.vault import Vault


class StoredRekeying:
    """The rekeying port over the history, its backups and what was set aside.

    Each file is copied, put under the new key, checked and replaced in one step; until all
    are, the slots of both keys open everything. Who is stopped in between goes on with the
    same two keys.
    """

    def __init__(
        self, database: Database, backups: Backups, vault: Vault, prefixes: PrefixStore
    ) -> None:
        self._database = database
        self._backups = backups
        self._vault = vault
        self._prefixes = prefixes

    def needs_words(self) -> bool:
        """Whether the passphrase must be given."""
        return self._vault.change.needs_words()

    def __call__(
        self,
        words: str | None,
        *,
        delete_unreadable: bool = False,
        on_progress: OnProgress = ignore_progress,
    ) -> Rekeyed:
        """Give the history a new random key."""
        # An older form is adopted first, and what is wrong with the history is told.
        with self._database.reading():
            pass
        with self._backups.alone() as files, exchanging(self._database.path):
            self._vault.change.begin(self._vault.keys()[0], words)
            *_, new = self._vault.keys()
            # Before any file is under the new key, the copy of the slots knows it too.
            self._backups.keep_slots()
            unreadable = self._written_anew(files, new, on_progress)
            if unreadable and not delete_unreadable:
                raise CopiesUnreadable(", ".join(map(str, unreadable)))
            for each in unreadable:
                remove_database(each)
            self._write_anew(self._database.path, new)
            on_progress(Progress(done=len(files) + 1, total=len(files) + 1))
            self._prefixes.forget()
            code = self._vault.change.end(new)
            self._backups.keep_slots()
        return Rekeyed(
            files=len(files) + 1 - len(unreadable),
            deleted=tuple(map(str, unreadable)),
            recovery_code=code,
        )

    def _written_anew(
        self, files: Sequence[Path], new: bytes, on_progress: OnProgress
    ) -> list[Path]:
        """Write copies anew; those that cannot be read."""
        unreadable = []
        for number, path in enumerate(files):
            on_progress(Progress(done=number, total=len(files) + 1))
            try:
                self._write_anew(path, new)
            except DataDamaged:
                unreadable.append(path)
        return unreadable

    def _write_anew(self, path: Path, new: bytes) -> None:
        if _opens(path, new):
            return
        # What a journal holds is under the key before.
        self._backups.copies.empty_journal(path)
        self._backups.copies.rewrite(path, lambda part: self.put(part, new))

    def put(self, part: Path, new: bytes) -> None:
        """Put a copy that nobody else knows of under another key.

        Raises:
            DataDamaged: it is not afterwards.
        """
        key = next(each for each in (*self._vault.keys(),) if each != new)
        with told(part), closing(keyed(part, key)) as connection:
            connection.execute(f"PRAGMA rekey = \"x'{new.hex()}'\"")
        if not _opens(part, new):
            raise DataDamaged(f"{part} cannot be put under another key")


def _opens(path: Path, key: bytes) -> bool:
    try:
        with closing(keyed(path, key, read_only=True)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except errors():
        return False
    return True
