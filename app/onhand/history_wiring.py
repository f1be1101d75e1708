"""Builds the history: its key, its database, and what is kept in it."""

from __future__ import annotations

import logging
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from onhand.domain.errors import AppError
from onhand.domain.history_errors import HistoryKeyless
from onhand.host import SystemClock
from onhand.services.data_place import DataPlace
from onhand.services.exporting import ExportHistory
from onhand.services.keeping_ports import Which
from onhand.storage.backups import Backups, Places
from onhand.storage.cipher import encrypted
from onhand.storage.database import Database
from onhand.storage.drafts import SqliteDrafts
from onhand.storage.encrypting import encrypt_plain
from onhand.storage.export_file import raise_if_there, write_export
from onhand.storage.exports import SqliteExports
from onhand.storage.forgetting import StoredForgetting
from onhand.storage.heads import HeadFiles, KeptHeads, SqliteHeads
from onhand.storage.history import SqliteHistory
from onhand.storage.jobs import SqliteJobs
from onhand.storage.key_slots import derived
from onhand.storage.measurements import SqliteMeasurements
from onhand.storage.own_tasks import OwnTasks
from onhand.storage.place_notes import PlaceNotesFile
from onhand.storage.prefix_folder import PrefixFolder
from onhand.storage.priors import SqlitePriors
from onhand.storage.rekeying import StoredRekeying
from onhand.storage.system_keyring import SystemKeyring
from onhand.storage.task_examples import TaskExamples
from onhand.storage.task_samples import SqliteSamples
from onhand.storage.vault import Trust, Vault, ask_nobody

if TYPE_CHECKING:
    from collections.abc import Iterator

    from onhand.domain.settings import Settings
    from onhand.host import Paths
    from onhand.services.key_ports import AskPassphrase
    from onhand.services.ports import SettingsStore

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Store:
    """What is kept, over one connection."""

    keys: Vault
    database: Database
    history: SqliteHistory
    jobs: SqliteJobs
    priors: SqlitePriors
    samples: SqliteSamples
    heads: KeptHeads
    measurements: SqliteMeasurements
    drafts: SqliteDrafts
    prefixes: PrefixFolder
    backups: Backups
    forget: StoredForgetting
    exports: ExportHistory
    rekey: StoredRekeying
    examples: TaskExamples
    own_tasks: OwnTasks

    def close(self) -> None:
        """Close the file, after a backup if one is due; the key stays."""
        if self.database.written:
            try:
                self.backups.make_if_due()
            except AppError as error:
                _log.warning("no backup was made: %s", error.code)
        self.database.close()

    def tidy(self, settings: Settings) -> None:
        """Keep no longer than the settings say, where the history was used.

        Raises:
            AppError: it could not be done; the next run tries again.
        """
        if not settings.keeps_texts:
            self.prefixes.forget()
        if self.database.is_open:
            self.own_tasks.seal()
        if settings.keep_days and self.database.written:
            which = Which(older=settings.keep_days)
            if self.forget.count(which):
                self.forget(which)

    def can_be_kept(self) -> bool:
        """Whether there is, or can be, a history; one that is locked counts."""
        try:
            self.keys.keys()
        except HistoryKeyless:
            return False
        except AppError:
            return True
        return True


class _Files:
    """The export port over the disk."""

    raise_if_there = staticmethod(raise_if_there)
    write = staticmethod(write_export)


def open_vault(paths: Paths, ask: AskPassphrase = ask_nobody) -> Vault:
    """The key of the history, which everything that is opened on it may share.

    Args:
        paths: where things lie.
        ask: asks the user for a passphrase, where the keyring does not have the key.
    """
    return Vault(paths.keys, Trust(keyring=SystemKeyring(), ask=ask))


def prefix_key(vault: Vault) -> bytes | None:
    """The key of decoded prefixes; None where the history cannot be opened."""
    try:
        return derived(vault.keys()[0], b"prefixes")
    except AppError:
        return None


def prepared(paths: Paths) -> str:
    """Make the data folder usable, and say where it is; raises as `Paths.prepare`."""
    paths.prepare()
    return f"{paths.data} can be written"


def data_place(paths: Paths) -> DataPlace:
    """Warns where the data folder lies in a bad place."""

    def look() -> str:
        # psutil takes a moment to load, and is not always needed.
        from onhand.machine.shared_place import shared_place  # noqa: PLC0415

        return shared_place(paths.data)

    return DataPlace(look, PlaceNotesFile(paths.place_notes))


def new_store(paths: Paths, vault: Vault) -> Store:
    """The history. Nothing is opened, and nothing can fail, before it is used."""
    now = SystemClock().now
    places = Places(history=paths.database, slots=paths.keys, folder=paths.backups)
    backups = Backups(places, vault.keys, now)

    def keys() -> tuple[bytes, ...]:
        backups.bring_back_slots()
        return vault.keys()

    driver = encrypted(keys, encrypt_plain, lambda _: backups.make())
    database = Database(paths.database, driver)
    history = SqliteHistory(database)
    prefixes = PrefixFolder(paths.prefixes, lambda: prefix_key(vault))
    examples = TaskExamples(database)
    return Store(
        keys=vault,
        database=database,
        history=history,
        jobs=SqliteJobs(database, paths.data / "locks"),
        priors=SqlitePriors(database),
        samples=SqliteSamples(database),
        heads=KeptHeads(SqliteHeads(database), HeadFiles(paths.heads)),
        measurements=SqliteMeasurements(database),
        drafts=SqliteDrafts(database),
        prefixes=prefixes,
        backups=backups,
        exports=ExportHistory(
            history=history,
            known=SqliteExports(database),
            files=_Files(),
            clock=SystemClock(),
        ),
        forget=StoredForgetting(database, backups, prefixes, now),
        rekey=StoredRekeying(database, backups, vault, prefixes),
        examples=examples,
        own_tasks=OwnTasks(paths.tasks, examples),
    )


@contextmanager
def tidied(store: Store, settings: SettingsStore) -> Iterator[None]:
    """Leave nothing behind that the user does not want kept any more."""
    try:
        yield
    finally:
        with suppress(AppError):
            store.tidy(settings.load())
        store.close()
