"""What making and taking model packs needs from outside, as protocols."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from onhand.domain.progress import ignore_progress

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from onhand.domain.progress import CancelToken, OnProgress


class SigningKey(Protocol):
    """A private key of the user."""

    @property
    def public(self) -> bytes:
        """The public key that belongs to it."""
        ...

    def sign(self, data: bytes) -> bytes:
        """A signature of some bytes."""
        ...


class Signatures(Protocol):
    """Ed25519."""

    def load(self, path: Path) -> SigningKey:
        """The key in a PEM file.

        Raises:
            KeyUnusable: there is none.
        """
        ...

    def create(self, path: Path) -> SigningKey:
        """Make a key in a new file that only its owner can read.

        Raises:
            KeyUnusable: the file is there already, or cannot be written.
        """
        ...

    def verify(self, key: bytes, signature: bytes, data: bytes) -> bool:
        """Whether the owner of a key has signed these bytes."""
        ...


class Signers(Protocol):
    """Whose packs are taken."""

    def trusted(self) -> frozenset[str]:
        """The fingerprints of their keys."""
        ...

    def trust(self, fingerprint: str) -> None:
        """Take packs of one more from now on.

        Raises:
            DataFolderUnwritable, DiskFull: all is as it was.
        """
        ...


class OpenPack(Protocol):
    """A pack that is open for reading; its entries are checked, their content is not.

    Everything here raises `PackDamaged` where the file does not hold what it says.
    """

    @property
    def seal(self) -> bytes:
        """The signature of the whole."""
        ...

    def entries(self) -> dict[str, int]:
        """The sizes of its files, by name."""
        ...

    def small(self, name: str, most: int) -> bytes:
        """A small file, whole."""
        ...

    def blocks(self, name: str) -> Iterator[bytes]:
        """A large file, piece by piece."""
        ...

    def sha256(
        self, cancel: CancelToken, on_progress: OnProgress = ignore_progress
    ) -> bytes:
        """The digest of everything but the seal; progress counts bytes."""
        ...


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A file that goes into a pack."""

    name: str
    size: int
    blocks: Iterable[bytes]


class Packs(Protocol):
    """Pack files."""

    def is_pack(self, path: Path) -> bool:
        """Whether a file is one, by its name or its beginning."""
        ...

    def open(self, path: Path) -> AbstractContextManager[OpenPack]:
        """Open a pack.

        Raises:
            ModelMissing: there is no such file.
            PackDamaged: it is no pack.
        """
        ...

    def write(
        self,
        path: Path,
        entries: Sequence[Entry],
        seal: Callable[[bytes], bytes],
        cancel: CancelToken,
        on_progress: OnProgress = ignore_progress,
    ) -> None:
        """Write a pack in one step; `seal` signs the digest of everything before the seal.

        Raises:
            OutputUnwritable, DiskFull: nothing is left of it.
            Cancelled: likewise; the user stopped it.
        """
        ...


class PolicyShelf(Protocol):
    """Where policies are kept that came with packs, for whoever reads policies."""

    def keep(self, name: str, data: bytes) -> Path:
        """Keep one, in place of an older one of the same name.

        Raises:
            DataFolderUnwritable, DiskFull: all is as it was.
        """
        ...
