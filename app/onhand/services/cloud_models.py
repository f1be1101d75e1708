"""The cloud models that the user has added: adding them, removing them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.domain.cloud_errors import ProviderKeyless, ProviderUnknown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onhand.domain.cloud import Provider
    from onhand.services.spending_ports import ProviderKeys, ProviderStore


class CloudModels:
    """What is known about cloud models on this laptop. Reaches no network."""

    def __init__(self, providers: ProviderStore, keys: ProviderKeys) -> None:
        self.providers = providers
        self.keys = keys

    def known(self, name: str) -> Provider | None:
        """One that the program knows; None where it does not."""
        return next((each for each in self.providers.known() if each.name == name), None)

    def described(self, name: str) -> Provider | None:
        """One as it was added, or else as the program knows it; None where neither is."""
        added = (each for each in self.added() if each.name == name)
        return next(added, None) or self.known(name)

    def has_key(self, name: str) -> bool:
        """Whether its key is here."""
        try:
            return bool(self.keys.load(name))
        except ProviderKeyless:
            return False

    def added(self) -> Sequence[Provider]:
        """Those that the user has added."""
        return self.providers.added()

    def add(self, provider: Provider, key: str) -> bool:
        """Keep a cloud model and its key; "" leaves the key as it is.

        False where the key is only here until the program ends.

        Raises:
            ProviderInvalid: this is no key; nothing is kept.
            DataFolderUnwritable, DiskFull: it is not kept.
        """
        kept = self.keys.save(provider.name, key) if key else True
        self.providers.add(provider)
        return kept

    def remove(self, name: str) -> None:
        """Keep a cloud model and its key no longer.

        Raises:
            ProviderUnknown: there is none of this name.
            KeyringUnusable: the key may still be in the keyring.
        """
        if all(each.name != name for each in self.added()):
            raise ProviderUnknown(name)
        self.keys.delete(name)
        self.providers.remove(name)
