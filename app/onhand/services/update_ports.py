"""What checking an update needs from outside, as protocols."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from onhand.domain.progress import ignore_progress

if TYPE_CHECKING:
    from onhand.domain.progress import CancelToken, OnProgress


@dataclass(frozen=True, kw_only=True)
class Here:
    """What an update must be for.

    Attributes:
        version: that of this program.
        system: "linux", "windows" or "macos".
        machine: "x86_64" or "arm64".
        key: the fingerprint of the key that the program carries; "" where it has none.
    """

    version: str
    system: str
    machine: str
    key: str


class Signatures(Protocol):
    """Ed25519."""

    def verify(self, key: bytes, signature: bytes, data: bytes) -> bool:
        """Whether the owner of a key has signed these bytes."""
        ...


class UpdateFiles(Protocol):
    """A package and what lies beside it. Nothing is written."""

    def is_there(self, path: Path) -> bool:
        """Whether there is a file."""
        ...

    def small(self, path: Path, most: int) -> bytes:
        """A small file, whole.

        Raises:
            UpdateDamaged: it cannot be read, or is larger than `most` bytes.
        """
        ...

    def measure(
        self, path: Path, cancel: CancelToken, on_progress: OnProgress = ignore_progress
    ) -> tuple[int, str]:
        """Bytes and SHA-256 of a file, as it lies on the disk; progress counts bytes.

        Raises:
            UpdateDamaged: it cannot be read.
            Cancelled: the user stopped it.
        """
        ...


class CheckingUpdate(Protocol):
    """Checking an update."""

    def __call__(
        self, path: Path, cancel: CancelToken, on_progress: OnProgress = ignore_progress
    ) -> CheckedUpdate:
        """Check a package, or the file that vouches for it."""
        ...


@dataclass(frozen=True, kw_only=True)
class CheckedUpdate:
    """An update that may be installed.

    Attributes:
        signer: the fingerprint of the key that it is signed with.
        installed: the version of this program.
    """

    version: str
    package: Path
    signer: str
    installed: str
