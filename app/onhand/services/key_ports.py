"""The key of the history for the use cases: whether it is there, and who brings it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from onhand.domain.progress import OnProgress, ignore_progress


class Asked(StrEnum):
    """Which passphrase is wanted."""

    NEW = "new"
    KNOWN = "known"


AskPassphrase = Callable[[Asked], str | None]
"""Asks the user for a passphrase; None: nobody is there, or they want nothing kept."""


class KeyState(StrEnum):
    """Whether the history can be opened.

    OPEN: its key is at hand, or can be made and kept. LOCKED: the user has to bring it.
    KEYLESS: there is no history yet, and no keyring that could hold a key. SEALED: its key
    was given up in this process; the keyring may have it still.
    """

    OPEN = "open"
    LOCKED = "locked"
    KEYLESS = "keyless"
    SEALED = "sealed"


class Way(StrEnum):
    """What can open the history."""

    KEYRING = "keyring"
    PASSPHRASE = "passphrase"  # noqa: S105 - the name of a way
    RECOVERY = "recovery"
    ORGANISATION = "organisation"


@dataclass(frozen=True, kw_only=True)
class Unlocked:
    """What unlocking came to.

    Attributes:
        new: the passphrase opens the history from now on, and did not before.
        in_keyring: the keyring of the system holds the key too.
    """

    new: bool
    in_keyring: bool


@dataclass(frozen=True, kw_only=True)
class Rekeyed:
    """What a change of the key came to.

    Attributes:
        files: that are under the new key: the history, backups, what was set aside.
        deleted: names of copies that could not be read, and were deleted.
        recovery_code: a new one, where there was one before; that opens nothing any more.
    """

    files: int
    deleted: tuple[str, ...] = ()
    recovery_code: str | None = None


class Rekeying(Protocol):
    """Gives the history and all its copies another random key."""

    def needs_words(self) -> bool:
        """Whether the passphrase must be given, so that it opens the new key too."""
        ...

    def __call__(
        self,
        words: str | None,
        *,
        delete_unreadable: bool = False,
        on_progress: OnProgress = ignore_progress,
    ) -> Rekeyed:
        """Change the key; what was interrupted is gone on with.

        Args:
            words: the passphrase, where there is one.
            delete_unreadable: delete copies that cannot be read, for no key would open
                them afterwards.
            on_progress: is told of files.

        Raises:
            PassphraseWanted, WrongPassphrase: it is missing, or another one.
            HistoryLocked, HistoryKeyless: there is no key to change, or no place for one.
            HistoryInUse: somebody has the history open.
            CopiesUnreadable: there are some; both keys are kept.
            DataDamaged, DiskFull, DataFolderUnwritable, Locked: likewise, or nothing
                changed at all; all opens as before.
        """
        ...


class HistoryKeys(Protocol):
    """The ways to the key of the history. May be used from several threads."""

    def state(self) -> KeyState:
        """Whether the history can be opened; asks nobody but the keyring."""
        ...

    def unlock(self, words: str) -> Unlocked:
        """Open with a passphrase or a recovery code; where there is none, set it.

        Raises:
            WrongPassphrase: they do not open it.
            PassphraseUnusable: they are too few to be a new passphrase.
        """
        ...

    def unlock_as_organisation(self, private_pem: bytes) -> Unlocked:
        """Open with the private half of an organisation's key.

        Raises:
            WrongPassphrase: it does not open it.
            PassphraseUnusable: it is no such key.
        """
        ...

    def ways(self) -> frozenset[Way]:
        """What opens the history; nothing where there is none yet.

        Raises:
            DataDamaged, DataTooNew, DataFolderUnwritable: the slots cannot be read.
        """
        ...

    def set_passphrase(self, words: str) -> None:
        """Let these words open it, in place of an earlier passphrase.

        Raises:
            PassphraseUnusable: they are too few.
            HistoryLocked, HistoryKeyless: nothing can be added.
        """
        ...

    def add_recovery_code(self) -> str:
        """A new recovery code, in place of an earlier one.

        Raises:
            HistoryLocked, HistoryKeyless: nothing can be added.
        """
        ...

    def add_organisation(self, public_pem: bytes) -> None:
        """Let an organisation open it too, in place of an earlier one.

        Raises:
            HistoryLocked, HistoryKeyless: nothing can be added.
            PassphraseUnusable: this is no public key.
        """
        ...

    def seal(self) -> None:
        """Forget the key in this process; nothing happens where there is no history yet.

        The keyring keeps it: `retry` and `unlock` bring it back, nothing else does.
        """
        ...

    def retry(self) -> KeyState:
        """Ask the keyring once more: it may be open now, or its dialog answered.

        Raises:
            DataDamaged, DataTooNew, DataFolderUnwritable: the slots cannot be read.
        """
        ...

    def lock(self) -> None:
        """Forget the key, in the keyring too; a passphrase is needed from then on.

        Raises:
            KeyOfOneKind: there is no other way to open it.
            KeyringUnusable: the key may still be there.
        """
        ...
