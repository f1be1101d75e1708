"""The key of the history: made once, kept in the keyring, or opened with a passphrase.

There is no way without a key: where nothing can hold one, nothing is kept.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from onhand.domain.errors import AppError
from onhand.domain.history_errors import (
    HistoryKeyless,
    HistoryLocked,
    KeyOfOneKind,
    KeyringUnusable,
    WrongPassphrase,
)
from onhand.services.key_ports import Asked, KeyState, Unlocked, Way
from onhand.storage.key_change import KeyChange, to_keyring
from onhand.storage.key_file import (
    KeyFile,
    KeySet,
    alone,
    fitting,
    has,
    key_from,
    opened_by,
    put_slot,
    read_key_file,
    sealed_for,
    stamp_of,
    still_good,
    ways_of,
    write_key_file,
)
from onhand.storage.key_slots import (
    KeyringSlot,
    OrganisationSlot,
    Secret,
    SecretSlot,
    check_of,
    new_code,
    new_key,
    raise_if_weak,
    seal,
    seal_for,
)
from onhand.storage.key_trust import Trust, ask_nobody

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from onhand.storage.key_slots import Slot

__all__ = ["Trust", "Vault", "ask_nobody"]

_log = logging.getLogger(__name__)


class Vault:
    """The key of one history. May be used from several threads.

    What failed once is not tried again until `retry` or `unlock`: a dialog that was closed
    shall not open at every answer.
    """

    def __init__(self, path: Path, trust: Trust) -> None:
        """`path` is the file of key slots; nothing is made before it is needed."""
        self.path = path
        self._trust = trust
        self._keys: tuple[bytes, ...] = ()
        self._stamp: tuple[int, ...] = ()
        self._failure: AppError | None = None
        self._sealed = False

    def keys(self) -> tuple[bytes, ...]:
        """The key; while it is being changed the one before, and then the new one.

        Raises:
            HistoryLocked: there is one, and the user has to bring it.
            HistoryKeyless: there is none, and no place for one.
            WrongPassphrase: what the user brought does not open it.
            DataDamaged, DataTooNew, DataFolderUnwritable, DiskFull: the slots cannot be
                read or written.
        """
        self._keys = self._still_good()
        if self._keys:
            return self._keys
        if self._failure is not None:
            raise self._failure
        try:
            self._keys = self._found() or self._made(Asked.NEW)
        except AppError as error:
            self._failure = error
            raise
        return self._keys

    def seal(self) -> None:
        """Forget the key here; the keyring keeps it, and `retry` or `unlock` finds it."""
        if read_key_file(self.path) is None:
            return
        self._sealed = True
        self._keys = ()
        self._failure = HistoryLocked()

    def retry(self) -> KeyState:
        """Try again what failed: the keyring may be open now."""
        self._failure = None
        self._sealed = False
        if (state := self.state()) is KeyState.LOCKED:
            self._failure = HistoryLocked()
        return state

    def state(self) -> KeyState:
        """Whether the history can be opened; asks nobody but the keyring.

        Raises:
            DataDamaged, DataTooNew, DataFolderUnwritable: the slots cannot be read.
        """
        if self._keys:
            return KeyState.OPEN
        if self._sealed:
            return KeyState.SEALED
        stored = read_key_file(self.path)
        try:
            if stored is None:
                self._trust.keyring.load("nothing")
                return KeyState.OPEN
            return KeyState.OPEN if self._in_keyring(stored) else KeyState.LOCKED
        except KeyringUnusable:
            return KeyState.LOCKED if stored else KeyState.KEYLESS

    def unlock(self, words: str) -> Unlocked:
        """Open with a passphrase or a recovery code; where there is none, set it.

        Raises:
            WrongPassphrase: they do not open it.
            PassphraseUnusable: they are too few to be a new passphrase.
        """
        stored = read_key_file(self.path)
        if stored is None:
            self._keys = self._made(Asked.NEW, words)
            return self._unlocked(new=True)
        keys = opened_by(stored, words)
        if (
            not keys
            and not self._sealed
            and not any(has(each, Secret.PASSPHRASE) for each in stored.sets)
        ):
            self._keys = self._keys or self._in_keyring_or_none(stored)
            if self._keys:
                self.set_passphrase(words)
                return self._unlocked(new=True)
        if not keys:
            raise WrongPassphrase
        self._keys = keys
        return self._unlocked(new=False)

    def unlock_as_organisation(self, private_pem: bytes) -> Unlocked:
        """Open with the private half of an organisation's key; see the port."""
        stored = read_key_file(self.path)
        if stored is None:
            raise WrongPassphrase("there is no history")
        keys = fitting(stored, lambda each: sealed_for(each, private_pem))
        if not keys:
            raise WrongPassphrase
        self._keys = keys
        return self._unlocked(new=False)

    def ways(self) -> frozenset[Way]:
        """What opens the history; see the port."""
        stored = read_key_file(self.path)
        return frozenset() if stored is None else ways_of(stored.sets[-1])

    def set_passphrase(self, words: str) -> None:
        """Let these words open it, in place of an earlier passphrase."""
        raise_if_weak(words)
        self._seal(words, Secret.PASSPHRASE)

    def add_recovery_code(self) -> str:
        """A new recovery code, in place of an earlier one."""
        code = new_code()
        self._seal(code, Secret.RECOVERY)
        return code

    def add_organisation(self, public_pem: bytes) -> None:
        """Let an organisation open it too, in place of an earlier one."""
        slot = seal_for(self.keys()[-1], public_pem)
        put_slot(self.path, slot, lambda old: isinstance(old, OrganisationSlot))

    def lock(self) -> None:
        """Forget the key, in the keyring too; a passphrase is needed from then on.

        Raises:
            KeyOfOneKind: there is no other way to open it.
            KeyringUnusable: the key may still be there.
        """
        stored = read_key_file(self.path)
        if stored is None:
            return
        for each in stored.sets:
            if not each.secrets:
                raise KeyOfOneKind
        for each in stored.sets:
            if each.keyring is not None:
                self._trust.keyring.delete(each.keyring.account)
        put_slot(self.path, None, lambda old: isinstance(old, KeyringSlot))
        self._keys = ()
        self._failure = HistoryLocked()

    @property
    def change(self) -> KeyChange:
        """What gives the history another key."""
        return KeyChange(self.path, self._trust.keyring, self._trust.cost)

    def _still_good(self) -> tuple[bytes, ...]:
        """The key that is at hand, unless another process gave the history a new one."""
        stamp = stamp_of(self.path)
        if not self._keys or stamp == self._stamp:
            return self._keys
        self._stamp = stamp
        return still_good(self.path, self._keys)

    def _found(self) -> tuple[bytes, ...]:
        """The key of the slots that there are; empty where there are none."""
        stored = read_key_file(self.path)
        if stored is None:
            return ()
        keys = self._in_keyring_or_none(stored)
        if keys:
            return keys
        words = self._trust.ask(Asked.KNOWN)
        if words is None:
            raise HistoryLocked
        keys = opened_by(stored, words)
        if not keys:
            raise WrongPassphrase
        return keys

    def _made(self, asked: Asked, words: str | None = None) -> tuple[bytes, ...]:
        """A new key, in all the slots that there can be now."""
        with alone(self.path):
            if read_key_file(self.path) is not None:
                # Another process was faster.
                return self._found()
            key = new_key()
            slots: list[Slot] = []
            try:
                slots.append(to_keyring(self._trust.keyring, key))
            except KeyringUnusable as error:
                words = self._trust.ask(asked) if words is None else words
                if words is None:
                    raise HistoryKeyless(error.detail) from error
            if words is not None:
                raise_if_weak(words)
                slots.append(seal(key, words, Secret.PASSPHRASE, self._trust.cost))
            made = KeySet(check=check_of(key), slots=tuple(slots))
            write_key_file(self.path, KeyFile(sets=(made,)))
            return (key,)

    def _unlocked(self, *, new: bool) -> Unlocked:
        """Put the key into the keyring as well, where there is one."""
        self._failure = None
        self._sealed = False
        stored = read_key_file(self.path)
        try:
            if stored is not None and not self._in_keyring(stored):
                slot = to_keyring(self._trust.keyring, self._keys[-1])
                put_slot(self.path, slot, lambda old: isinstance(old, KeyringSlot))
        except KeyringUnusable as error:
            _log.info("the keyring is not used: %s", error.detail)
            return Unlocked(new=new, in_keyring=False)
        return Unlocked(new=new, in_keyring=True)

    def _seal(self, words: str, secret: Secret) -> None:
        """Let words open it, in place of others of their kind."""
        slot = seal(self.keys()[-1], words, secret, self._trust.cost)
        put_slot(
            self.path,
            slot,
            lambda old: isinstance(old, SecretSlot) and old.secret is secret,
        )

    def _in_keyring_or_none(self, stored: KeyFile) -> tuple[bytes, ...]:
        try:
            return self._in_keyring(stored)
        except KeyringUnusable as error:
            _log.info("the keyring is not used: %s", error.detail)
            return ()

    def _in_keyring(self, stored: KeyFile) -> tuple[bytes, ...]:
        """The keys that the keyring holds; empty where it has lost them."""
        return fitting(stored, self._from_keyring)

    def _from_keyring(self, found: KeySet) -> Iterator[bytes | None]:
        if found.keyring is not None:
            kept = self._trust.keyring.load(found.keyring.account)
            yield key_from(kept) if kept else None
