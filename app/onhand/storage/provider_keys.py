"""The keys of cloud models: in the keyring of the system, else in memory alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.domain.cloud_errors import ProviderInvalid, ProviderKeyless
from onhand.domain.history_errors import KeyringUnusable

if TYPE_CHECKING:
    from onhand.storage.system_keyring import Keyring

LONGEST = 1280
"""Characters that the keyring of Windows takes."""


class KeyringKeys:
    """The port `ProviderKeys`."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring
        self._held: dict[str, str] = {}

    def __repr__(self) -> str:
        """What is held is shown nowhere."""
        return "KeyringKeys()"

    def save(self, name: str, key: str) -> bool:
        """See `ProviderKeys`."""
        self.hold(name, key)
        try:
            self._keyring.save(_account(name), self._held[name])
        except KeyringUnusable:
            return False
        return True

    def hold(self, name: str, key: str) -> None:
        """See `ProviderKeys`."""
        bare = key.strip()
        if not bare or len(bare) > LONGEST:
            raise ProviderInvalid(f"a key has 1 to {LONGEST} characters")
        if not (bare.isascii() and bare.isprintable()) or " " in bare:
            raise ProviderInvalid("a key has letters, digits and signs, and no blanks")
        self._held[name] = bare

    def load(self, name: str) -> str:
        """See `ProviderKeys`."""
        if name in self._held:
            return self._held[name]
        try:
            kept = self._keyring.load(_account(name))
        except KeyringUnusable:
            kept = None
        if not kept:
            raise ProviderKeyless(name)
        return kept

    def delete(self, name: str) -> None:
        """See `ProviderKeys`."""
        self._held.pop(name, None)
        try:
            kept = self._keyring.load(_account(name)) is not None
        except KeyringUnusable:
            # Nothing of ours can be in a keyring that never took anything.
            return
        if kept:
            self._keyring.delete(_account(name))


def _account(name: str) -> str:
    return f"cloud model {name}"
