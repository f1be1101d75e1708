"""What gets, checks and removes model files, for who needs neither engine nor history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from onhand.services.update_ports import CheckingUpdate

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from onhand.domain.progress import CancelToken, OnProgress
    from onhand.domain.transfers import OnTransfer, Transfer
    from onhand.services.import_models import Consent, Imported
    from onhand.services.import_pack import TakenPack
    from onhand.services.ports import InstalledModel


class Downloading(Protocol):
    """Downloads of models of the catalogue."""

    def __call__(
        self, wanted: str, cancel: CancelToken, on_transfer: OnTransfer
    ) -> InstalledModel:
        """Fetch a model, or the rest of it."""
        ...

    def unfinished(self) -> list[Transfer]:
        """Those that were begun and have not ended."""
        ...

    def discard(self, wanted: str) -> int:
        """Give one up; returns the bytes freed."""
        ...

    def must_ask(self) -> bool:
        """Whether bytes cost money here, and the user wants to be asked then."""
        ...


class Verified(Protocol):
    """What comparing a file with what it should be comes to."""

    @property
    def ok(self) -> bool:
        """Whether it is what it should be."""
        ...

    @property
    def damaged(self) -> int:
        """Chunks that are not."""
        ...

    @property
    def known(self) -> bool:
        """Whether there was anything to compare it with."""
        ...


class Keeping(Protocol):
    """Care of the models that are here."""

    def verify(self, wanted: str, cancel: CancelToken, on_progress: OnProgress) -> Verified:
        """Compare a file with what it should be."""
        ...

    def repair(self, wanted: str, cancel: CancelToken, on_transfer: OnTransfer) -> Verified:
        """Fetch what is damaged of a file."""
        ...

    def remove(self, wanted: str) -> int:
        """Remove a file of the user's own; returns the bytes freed."""
        ...


class Importing(Protocol):
    """Bringing in models from files and folders."""

    def __call__(
        self, source: Path, consent: Consent, cancel: CancelToken, on_progress: OnProgress
    ) -> Sequence[Imported]:
        """Bring in a file, or every model of a folder."""
        ...


class Unpacking(Protocol):
    """Bringing in model packs."""

    def is_pack(self, path: Path) -> bool:
        """Whether a file is a pack."""
        ...

    def __call__(
        self, path: Path, accepted: str, cancel: CancelToken, on_progress: OnProgress
    ) -> TakenPack:
        """Take a pack; `accepted` is the fingerprint of a signer to be trusted, or ""."""
        ...


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """Called from one thread at a time, which may be another than that of the services."""

    downloads: Downloading
    keep: Keeping
    importing: Importing
    packs: Unpacking
    check_update: CheckingUpdate
