"""Another key for a history, so that a kill at any moment leaves every file openable.

While files are rewritten the slots of both keys lie side by side, and each key is sealed
with the other one: whoever can open one set of slots has both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.domain.errors import DataDamaged
from onhand.domain.history_errors import (
    HistoryLocked,
    KeyringUnusable,
    PassphraseWanted,
    WrongPassphrase,
)
from onhand.storage.key_file import (
    FORMAT,
    KeyFile,
    KeySet,
    alone,
    has,
    read_key_file,
    write_key_file,
)
from onhand.storage.key_slots import (
    BridgeSlot,
    Cost,
    KeyringSlot,
    OrganisationSlot,
    Secret,
    SecretSlot,
    bridge,
    check_of,
    new_code,
    new_key,
    seal,
    seal_again,
    unseal,
)

if TYPE_CHECKING:
    from pathlib import Path

    from onhand.storage.key_slots import Slot
    from onhand.storage.system_keyring import Keyring


def to_keyring(keyring: Keyring, key: bytes) -> KeyringSlot:
    """Keep a key in a keyring, under a name that tells keys apart.

    Raises:
        KeyringUnusable: it is not kept.
    """
    account = f"history {check_of(key)[:16]}"
    keyring.save(account, key.hex())
    return KeyringSlot(account=account)


class KeyChange:
    """One change of a history's key; one that was interrupted is gone on with."""

    def __init__(self, path: Path, keyring: Keyring, cost: Cost) -> None:
        self._path = path
        self._keyring = keyring
        self._cost = cost

    def needs_words(self) -> bool:
        """Whether `begin` wants the passphrase, so that it opens the new key too.

        Raises:
            DataDamaged, DataTooNew, DataFolderUnwritable: the slots cannot be read.
        """
        stored = read_key_file(self._path)
        if stored is None or len(stored.sets) > 1:
            return False
        return has(stored.sets[0], Secret.PASSPHRASE)

    def begin(self, key: bytes, words: str | None) -> None:
        """Put the slots of a new key beside those that there are.

        Args:
            key: the one before.
            words: the passphrase, where there is one.

        Raises:
            PassphraseWanted, WrongPassphrase: it is missing, or another one.
            HistoryLocked: no keyring and no passphrase could hold the new key.
            DataDamaged, DataTooNew, DataFolderUnwritable, DiskFull, Locked: nothing
                changed.
        """
        with alone(self._path):
            stored = self._stored()
            if len(stored.sets) > 1:
                return
            [before] = stored.sets
            new = new_key()
            slots = [*self._slots(before, new, words), bridge(new, key)]
            before = KeySet(check=before.check, slots=(*before.slots, bridge(key, new)))
            after = KeySet(check=check_of(new), slots=tuple(slots))
            write_key_file(self._path, KeyFile(format=FORMAT, sets=(before, after)))

    def end(self, key: bytes) -> str | None:
        """Leave the slots of the new key alone, once nothing is under the one before.

        Returns:
            A new recovery code, where there was one before: that opens nothing any more.
        """
        with alone(self._path):
            before, after = self._stored().sets
            lost = has(before, Secret.RECOVERY) and not has(after, Secret.RECOVERY)
            code = new_code() if lost else None
            slots = [each for each in after.slots if not isinstance(each, BridgeSlot)]
            if code is not None:
                slots.append(seal(key, code, Secret.RECOVERY, self._cost))
            # In this order: until the end, whoever has the new key has the other one too.
            self._drop(before)
            made = KeySet(check=after.check, slots=tuple(slots))
            write_key_file(self._path, KeyFile(sets=(made,)))
            return code

    def _slots(self, before: KeySet, new: bytes, words: str | None) -> list[Slot]:
        """For everybody who could open it before, but for who has a recovery code."""
        slots = [
            made for slot in before.slots for made in self._slots_like(slot, new, words)
        ]
        if not any(isinstance(each, KeyringSlot | SecretSlot) for each in slots):
            raise HistoryLocked("neither a keyring nor a passphrase can hold the new key")
        return slots

    def _slots_like(self, slot: Slot, new: bytes, words: str | None) -> list[Slot]:
        match slot:
            case KeyringSlot():
                return self._in_keyring(new)
            case OrganisationSlot():
                return [seal_again(new, slot)]
            case SecretSlot(secret=Secret.PASSPHRASE):
                if words is None:
                    raise PassphraseWanted
                if unseal(slot, words) is None:
                    raise WrongPassphrase
                return [seal(new, words, Secret.PASSPHRASE, self._cost)]
            case _:
                # A recovery code is made anew in the end, when it can be told.
                return []

    def _in_keyring(self, new: bytes) -> list[Slot]:
        try:
            return [to_keyring(self._keyring, new)]
        except KeyringUnusable:
            return []

    def _drop(self, before: KeySet) -> None:
        try:
            if before.keyring is not None:
                self._keyring.delete(before.keyring.account)
        except KeyringUnusable:
            # It opens nothing any more.
            return

    def _stored(self) -> KeyFile:
        stored = read_key_file(self._path)
        if stored is None:
            raise DataDamaged(f"{self._path} is gone")
        return stored
