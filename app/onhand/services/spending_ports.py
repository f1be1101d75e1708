"""What of cloud models is kept on this laptop, as protocols: providers, keys, spending."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onhand.domain.cloud import Provider


@dataclass(frozen=True, kw_only=True)
class Spending:
    """One request to a cloud model. Money is in millionths of a US dollar.

    Attributes:
        id: tells requests apart.
        task_id: identity of the task; "" for a trial and in private.
        digest: SHA-256 of what was sent.
        sent: bytes.
        reserved: what it can cost at most; None where no price is known.
        cost: what counts as spent: `reserved` until it is settled, and ever after where
            the program did not live to settle it.
        settled: whether it is known what became of it.
        read, written: tokens as the provider counts them; None where it did not tell.
    """

    id: str
    at: datetime
    provider: str
    model: str
    host: str
    task_id: str
    digest: str
    sent: int
    reserved: int | None
    cost: int | None = None
    settled: bool = False
    read: int | None = None
    written: int | None = None


class SpendingStore(Protocol):
    """What was spent, on all requests ever; several processes may use it at once."""

    def reserve(self, spending: Spending, limit: int | None) -> None:
        """Set aside what a request can cost, all or nothing, durably.

        Args:
            spending: the request.
            limit: what may be spent in its month (UTC); None: anything.

        Raises:
            OverBudget: that would be more; nothing is set aside.
            DiskFull, DataFolderUnwritable, DataDamaged, Locked: nothing is set aside.
        """
        ...

    def settle(
        self, spending_id: str, cost: int | None, read: int | None, written: int | None
    ) -> None:
        """Say what became of a request; it costs no more than was set aside."""
        ...

    def spent(self, at: datetime) -> int:
        """What counts as spent in the month of a moment (UTC)."""
        ...

    def all(self) -> Sequence[Spending]:
        """Every request, oldest first."""
        ...


class ProviderStore(Protocol):
    """The cloud models that the user has added, and those that come to mind."""

    def known(self) -> Sequence[Provider]:
        """Those that the program knows: addresses, models, prices as of a day."""
        ...

    def added(self) -> Sequence[Provider]:
        """Those that the user has added, in order."""
        ...

    def add(self, provider: Provider) -> None:
        """Keep one, in place of one of the same name.

        Raises:
            DataFolderUnwritable, DiskFull: it is not kept.
        """
        ...

    def remove(self, name: str) -> None:
        """Keep one no longer.

        Raises:
            ProviderUnknown: there is none of this name.
        """
        ...


class ProviderKeys(Protocol):
    """The keys of cloud models: in the keyring, or in memory for as long as this runs."""

    def save(self, name: str, key: str) -> bool:
        """Keep a key; False where it can only be kept until the program ends.

        Raises:
            ProviderInvalid: this is no key.
        """
        ...

    def hold(self, name: str, key: str) -> None:
        """Keep a key in memory alone.

        Raises:
            ProviderInvalid: this is no key.
        """
        ...

    def load(self, name: str) -> str:
        """A key.

        Raises:
            ProviderKeyless: it is not here.
        """
        ...

    def delete(self, name: str) -> None:
        """Keep a key no longer.

        Raises:
            KeyringUnusable: it may still be in the keyring.
        """
        ...
