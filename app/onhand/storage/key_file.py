"""The file of key slots beside the database: replaced in one step, no secret in clear."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

import msgspec

from onhand.domain.errors import (
    AppError,
    DataDamaged,
    DataFolderUnwritable,
    DataTooNew,
)
from onhand.services.key_ports import Way
from onhand.storage.file_lock import FileLock
from onhand.storage.key_slots import (
    BridgeSlot,
    KeyringSlot,
    OrganisationSlot,
    Secret,
    SecretSlot,
    Slot,
    check_of,
    unbridge,
    unseal,
    unseal_as,
)
from onhand.storage.safe_files import failures_as, replace_data_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

FORMAT = 2
"""2 only while the key is being changed."""

PATIENCE = 10.0
"""Seconds to wait for another process that changes the slots."""

LARGEST = 1 << 20
"""Bytes beyond which a file is none of ours."""


class KeySet(msgspec.Struct, frozen=True, kw_only=True):
    """The slots of one key.

    Attributes:
        check: tells whether a key is the one of these slots, so that a wrong key is not
            taken for a damaged database.
    """

    check: str
    slots: tuple[Slot, ...]

    def fits(self, key: bytes) -> bool:
        """Whether this is the key."""
        return hmac.compare_digest(check_of(key), self.check)

    @property
    def keyring(self) -> KeyringSlot | None:
        """The slot in the keyring."""
        return next((each for each in self.slots if isinstance(each, KeyringSlot)), None)

    @property
    def secrets(self) -> tuple[SecretSlot, ...]:
        """The slots that words open."""
        return tuple(each for each in self.slots if isinstance(each, SecretSlot))


class KeyFile(msgspec.Struct, frozen=True, kw_only=True):
    """All slots.

    Attributes:
        sets: one; two while the key is being changed, the one before first.
    """

    format: int = 1
    sets: tuple[KeySet, ...]


class _Format(msgspec.Struct):
    format: int


def read_key_file(path: Path) -> KeyFile | None:
    """The slots; None where there is no file.

    Raises:
        DataDamaged: the file does not hold slots.
        DataTooNew: it was written by a newer version.
        DataFolderUnwritable: it cannot be read.
    """
    with failures_as(DataFolderUnwritable, path):
        try:
            with path.open("rb") as file:
                content = file.read(LARGEST)
        except FileNotFoundError:
            return None
    try:
        if msgspec.json.decode(content, type=_Format).format > FORMAT:
            raise DataTooNew(f"{path}")
        found = msgspec.json.decode(content, type=KeyFile)
    except msgspec.MsgspecError as error:
        raise DataDamaged(f"{path}: the key slots cannot be read") from error
    if not found.sets:
        raise DataDamaged(f"{path}: there is no key slot")
    return found


def write_key_file(path: Path, keys: KeyFile) -> None:
    """Replace the file in one step.

    Raises:
        DataFolderUnwritable, DiskFull: it is as it was.
    """
    replace_data_file(path, msgspec.json.format(msgspec.json.encode(keys), indent=1))


def stamp_of(path: Path) -> tuple[int, ...]:
    """Changes whenever the file is another one; empty where there is none."""
    try:
        status = path.stat()
    except OSError:
        return ()
    return (status.st_ino, status.st_mtime_ns, status.st_size)


def alone(path: Path) -> AbstractContextManager[None]:
    """Keep other processes from changing the slots; raises `Locked`."""
    return FileLock(path.with_name(f"{path.name}.lock")).held(wait=PATIENCE)


def put_slot(path: Path, slot: Slot | None, replaced: Callable[[Slot], bool]) -> None:
    """Put a slot into the newest set, in place of others; None: only remove those.

    Raises:
        DataDamaged, DataTooNew, DataFolderUnwritable, DiskFull, Locked: nothing changed.
    """
    with alone(path):
        stored = read_key_file(path)
        if stored is None:
            raise DataDamaged(f"{path} is gone")
        *before, newest = stored.sets
        slots = [each for each in newest.slots if not replaced(each)]
        slots += [] if slot is None else [slot]
        newest = KeySet(check=newest.check, slots=tuple(slots))
        write_key_file(path, KeyFile(format=stored.format, sets=(*before, newest)))


def fitting(
    stored: KeyFile, look: Callable[[KeySet], Iterator[bytes | None]]
) -> tuple[bytes, ...]:
    """The keys that are found for the sets, and that they confirm; in their order."""
    found = []
    for each in stored.sets:
        keys = (key for key in look(each) if key is not None)
        found.append(next((key for key in keys if each.fits(key)), None))
    return bridged(stored, tuple(key for key in found if key is not None))


def bridged(stored: KeyFile, known: Sequence[bytes]) -> tuple[bytes, ...]:
    """The keys of the sets, in their order, as far as some known ones tell them."""
    found = (_known_to(each, known) for each in stored.sets)
    return tuple(key for key in found if key is not None)


def still_good(path: Path, known: tuple[bytes, ...]) -> tuple[bytes, ...]:
    """The keys of a file, as far as those that opened it before tell them all; else none.

    Where the file cannot be read now, those before are taken to be good.
    """
    try:
        stored = read_key_file(path)
    except AppError:
        return known
    if stored is None:
        return known
    keys = bridged(stored, known)
    return keys if len(keys) == len(stored.sets) else ()


def _known_to(wanted: KeySet, known: Sequence[bytes]) -> bytes | None:
    slots = [each for each in wanted.slots if isinstance(each, BridgeSlot)]
    unsealed = (unbridge(slot, key) for slot in slots for key in known)
    candidates = (*known, *(key for key in unsealed if key is not None))
    return next((key for key in candidates if wanted.fits(key)), None)


def opened_by(stored: KeyFile, words: str) -> tuple[bytes, ...]:
    """The keys that some words unseal."""
    return fitting(stored, lambda each: (unseal(slot, words) for slot in each.secrets))


def sealed_for(found: KeySet, private_pem: bytes) -> Iterator[bytes | None]:
    """What an organisation's key unseals."""
    for slot in found.slots:
        if isinstance(slot, OrganisationSlot):
            yield unseal_as(slot, private_pem)


def has(found: KeySet, secret: Secret) -> bool:
    """Whether a set has a slot for words of a kind."""
    return any(slot.secret is secret for slot in found.secrets)


def ways_of(found: KeySet) -> frozenset[Way]:
    """What the slots of a key are for."""
    ways: set[Way] = set()
    for slot in found.slots:
        match slot:
            case KeyringSlot():
                ways.add(Way.KEYRING)
            case OrganisationSlot():
                ways.add(Way.ORGANISATION)
            case SecretSlot(secret=secret):
                ways.add(Way(secret.value))
            case BridgeSlot():
                pass  # leads from one key to the next while it is changed
    return frozenset(ways)


def key_from(text: str) -> bytes | None:
    """A key as a keyring gives it back."""
    try:
        return bytes.fromhex(text)
    except ValueError:
        return None
