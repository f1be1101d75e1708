"""Builds the history: its key, its database, and what is kept in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from onhand.domain.errors import AppError
from onhand.domain.history_errors import HistoryKeyless
from onhand.storage.cipher import encrypted
from onhand.storage.database import Database
from onhand.storage.encrypting import encrypt_plain
from onhand.storage.history import SqliteHistory
from onhand.storage.jobs import SqliteJobs
from onhand.storage.priors import SqlitePriors
from onhand.storage.system_keyring import SystemKeyring
from onhand.storage.vault import Trust, Vault

if TYPE_CHECKING:
    from onhand.host import Paths
    from onhand.services.key_ports import AskPassphrase


@dataclass(frozen=True, kw_only=True)
class Store:
    """What is kept, over one connection."""

    keys: Vault
    database: Database
    history: SqliteHistory
    jobs: SqliteJobs
    priors: SqlitePriors

    def close(self) -> None:
        """Close the file; the key stays."""
        self.database.close()

    def can_be_kept(self) -> bool:
        """Whether there is, or can be, a history; one that is locked counts."""
        try:
            self.keys.keys()
        except HistoryKeyless:
            return False
        except AppError:
            return True
        return True


def new_vault(paths: Paths, ask: AskPassphrase) -> Vault:
    """The key of the history; several stores may share it.

    Args:
        paths: where things lie.
        ask: asks the user for a passphrase.
    """
    return Vault(paths.keys, Trust(keyring=SystemKeyring(), ask=ask))


def new_store(paths: Paths, vault: Vault) -> Store:
    """The history. Nothing is opened, and nothing can fail, before it is used."""
    database = Database(paths.database, encrypted(vault.keys, encrypt_plain))
    return Store(
        keys=vault,
        database=database,
        history=SqliteHistory(database),
        jobs=SqliteJobs(database, paths.data / "locks"),
        priors=SqlitePriors(database),
    )
