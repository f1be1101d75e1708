"""The key of a history, without a file, a keyring or a cipher."""

from __future__ import annotations

from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)

from onhand.domain.history_errors import (
    CopiesUnreadable,
    HistoryKeyless,
    KeyOfOneKind,
    PassphraseWanted,
    WrongPassphrase,
)
from onhand.domain.progress import Progress, ignore_progress
from onhand.services.key_ports import KeyState, Rekeyed, Unlocked, Way
from onhand.storage.key_slots import new_code, raise_if_weak


def public_of(private_pem: bytes) -> bytes:
    """The public half of a key; what is no key stands for both halves."""
    try:
        private = load_pem_private_key(private_pem, password=None)
    except ValueError:
        return private_pem
    return private.public_key().public_bytes(
        Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
    )


class FakeKeys:
    """Opened by words, and by a keyring where `keyring` says so.

    Attributes:
        words: what opens it; each set or told once.
        organisations: keys that open it too.
    """

    def __init__(self, *, keyring: bool = True, exists: bool = True) -> None:
        self.keyring = keyring
        self.words: list[str] = []
        self.organisations: list[bytes] = []
        self._codes: list[str] = []
        self._exists = exists
        self._open = exists and keyring
        self._sealed = False

    def state(self) -> KeyState:
        """Whether the history can be opened."""
        if self._sealed:
            return KeyState.SEALED
        if self._open or (not self._exists and self.keyring):
            return KeyState.OPEN
        return KeyState.LOCKED if self._exists else KeyState.KEYLESS

    def unlock(self, words: str) -> Unlocked:
        """Open with words; where there are none, set them."""
        can_be_new = not self._sealed and (self._open or not self._exists)
        new = not self.words and can_be_new
        if new:
            raise_if_weak(words)
            self.words.append(words)
        elif words not in self.words:
            raise WrongPassphrase
        self._exists = self._open = True
        self._sealed = False
        return Unlocked(new=new, in_keyring=self.keyring)

    def unlock_as_organisation(self, private_pem: bytes) -> Unlocked:
        """Open with an organisation's key."""
        if public_of(private_pem) not in self.organisations:
            raise WrongPassphrase
        self._open = True
        self._sealed = False
        return Unlocked(new=False, in_keyring=self.keyring)

    def ways(self) -> frozenset[Way]:
        """What opens the history."""
        ways = {
            Way.KEYRING: self.keyring and self._exists,
            Way.PASSPHRASE: any(each not in self._codes for each in self.words),
            Way.RECOVERY: bool(self._codes),
            Way.ORGANISATION: bool(self.organisations),
        }
        return frozenset(way for way, there in ways.items() if there)

    def set_passphrase(self, words: str) -> None:
        """Let words open it, in place of earlier ones."""
        raise_if_weak(words)
        if self.state() is not KeyState.OPEN:
            raise HistoryKeyless
        self.words = [*(each for each in self.words if each in self._codes), words]

    def add_recovery_code(self) -> str:
        """A new recovery code, in place of an earlier one."""
        if self.state() is not KeyState.OPEN:
            raise HistoryKeyless
        code = new_code()
        self.words = [*(each for each in self.words if each not in self._codes), code]
        self._codes = [code]
        return code

    def add_organisation(self, public_pem: bytes) -> None:
        """Let an organisation open it too."""
        self.organisations.append(public_pem)

    def seal(self) -> None:
        """Forget the key; the keyring has it still."""
        if self._exists:
            self._open, self._sealed = False, True

    def retry(self) -> KeyState:
        """Ask the keyring once more."""
        self._sealed = False
        self._open = self._exists and self.keyring
        return self.state()

    def lock(self) -> None:
        """Forget the key."""
        if not self.words:
            raise KeyOfOneKind
        self._open = self.keyring = False


class FakeRekeying:
    """Changes the key of nothing.

    Attributes:
        passphrase: what must be given; None: nothing.
        unreadable: copies that cannot be read.
        changes: how often the key was changed.
    """

    def __init__(self) -> None:
        self.passphrase: str | None = None
        self.unreadable: tuple[str, ...] = ()
        self.recovery = False
        self.changes = 0

    def needs_words(self) -> bool:
        """Whether the passphrase must be given."""
        return self.passphrase is not None

    def __call__(
        self, words, *, delete_unreadable=False, on_progress=ignore_progress
    ) -> Rekeyed:
        """Change it."""
        if self.passphrase is not None and words is None:
            raise PassphraseWanted
        if words != self.passphrase:
            raise WrongPassphrase
        if self.unreadable and not delete_unreadable:
            raise CopiesUnreadable(", ".join(self.unreadable))
        on_progress(Progress(done=1, total=1))
        deleted, self.unreadable = self.unreadable, ()
        self.changes += 1
        code = new_code() if self.recovery else None
        return Rekeyed(files=1, deleted=deleted, recovery_code=code)
