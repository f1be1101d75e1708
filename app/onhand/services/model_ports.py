"""What getting and keeping model files needs from outside, as protocols."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from onhand.domain.progress import ignore_progress

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime
    from pathlib import Path

    from onhand.domain.catalog import ModelSpec
    from onhand.domain.fetching import Attempt, Fetch, FetchState
    from onhand.domain.progress import CancelToken, OnProgress
    from onhand.domain.receipts import ExpectedFile, Measured, Receipt
    from onhand.services.ports import InstalledModel


@dataclass(frozen=True, kw_only=True)
class Unfinished:
    """A file of which a part is here.

    Attributes:
        name: the file's name, as it will be.
        done: bytes of it that have arrived, as far as that is noted.
        total: bytes in all; 0 where nobody knows any more.
    """

    name: str
    done: int
    total: int


class Place(Protocol):
    """The place of one file on the shelf, held against every other process."""

    @property
    def expected(self) -> ExpectedFile:
        """What shall lie here."""
        ...

    @property
    def part(self) -> Path:
        """Where the file lies until it is whole and right."""
        ...

    @property
    def notes(self) -> Path:
        """What is noted about the part (`domain.part_notes`)."""
        ...

    def raise_if_no_room(self) -> None:
        """See whether the rest of the file finds room, and some is left for others.

        Raises:
            DiskFull: it does not.
        """
        ...

    def write(
        self,
        blocks: Iterable[bytes],
        cancel: CancelToken,
        on_progress: OnProgress = ignore_progress,
    ) -> None:
        """Fill the part anew, from any source; progress counts bytes.

        Raises:
            DiskFull, DataFolderUnwritable: nothing is left of it.
            WrongChecksum: there are more bytes than expected; nothing is left of them.
            Cancelled: nothing is left of it.
            Whatever `blocks` raises: likewise.
        """
        ...

    def measure(
        self, cancel: CancelToken, on_progress: OnProgress = ignore_progress
    ) -> Measured:
        """Read the part as it lies on the disk, whole; progress counts bytes.

        Raises:
            DataFolderUnwritable: it cannot be read, or is gone.
            Cancelled: the user stopped it.
        """
        ...

    def note_missing(self, measured: Measured, wrong: Iterable[int]) -> None:
        """Note that some chunks of the part have to be fetched again, and no others."""
        ...

    def keep(self, measured: Measured, at: datetime) -> Receipt:
        """Give the part its name, durably, and write a receipt; the caller has compared.

        Raises:
            DiskFull, DataFolderUnwritable: the part is still there.
        """
        ...

    def set_aside(self) -> None:
        """Take the part out of the way, where nothing loads it, under the ending `.bad`."""
        ...

    def take_down(self) -> None:
        """Make the file that lies here a part again, so that it can be mended.

        Raises:
            DataFolderUnwritable: it cannot be moved, and stays.
        """
        ...

    def discard(self) -> int:
        """Remove the part and what was set aside; tells the bytes freed."""
        ...


class ModelShelf(Protocol):
    """The user's own model folder."""

    @property
    def reserve(self) -> int:
        """Bytes that shall stay free on the disk."""
        ...

    def claim(self, expected: ExpectedFile) -> AbstractContextManager[Place]:
        """Hold the place of a file for the length of a block.

        Raises:
            Locked: another process holds it.
            ModelUnusable: no model file can have this name.
            DataFolderUnwritable, DiskFull: there is no place for it.
        """
        ...

    def path(self, name: str) -> Path:
        """Where a file of this name lies, or would lie."""
        ...

    def holds(self, path: Path) -> bool:
        """Whether a file lies on this shelf, and not somewhere else."""
        ...

    def receipt(self, name: str) -> Receipt | None:
        """What is written down about a file; None where nothing is, or it is unreadable."""
        ...

    def write_receipt(self, receipt: Receipt) -> None:
        """Write down what is known about a file, in place of what was.

        Raises:
            DiskFull, DataFolderUnwritable: all is as it was.
        """
        ...

    def modified(self, name: str) -> tuple[int, int] | None:
        """Size of a file and when it was last written (ns); None where there is none."""
        ...

    def measure(
        self,
        path: Path,
        chunk_bytes: int,
        cancel: CancelToken,
        on_progress: OnProgress = ignore_progress,
    ) -> Measured:
        """Read any file as it lies on the disk, whole; progress counts bytes.

        Raises:
            ModelMissing: there is none.
            DataFolderUnwritable: it cannot be read.
            Cancelled: the user stopped it.
        """
        ...

    def unfinished(self) -> list[Unfinished]:
        """The files of which a part is here, by name."""
        ...

    def leftovers(self) -> list[Path]:
        """What lies in the folder and belongs to no file any more."""
        ...

    def remove(self, name: str) -> int:
        """Remove a file with all that belongs to it; tells the bytes freed.

        Raises:
            Locked: another process is at it.
            DataFolderUnwritable: it cannot be removed.
        """
        ...


class Fetcher(Protocol):
    """Fetches files of the Hub; the only way to the network."""

    def fetch(
        self, wanted: Fetch, cancel: CancelToken, on_state: Callable[[FetchState], None]
    ) -> None:
        """Fetch what is missing of a file; `on_state` is called on this thread.

        Raises:
            NetworkFailed: it did not come through; what has arrived is kept.
            WrongChecksum: the server has another file than the one that is expected.
            DiskFull, DataFolderUnwritable: there is no room for it, or no place.
            Cancelled: the user stopped it; what has arrived is kept.
        """
        ...


class Ledger(Protocol):
    """Every connection that was attempted."""

    def write(self, attempt: Attempt) -> None:
        """Write down an attempt, or what became of one with the same id.

        Raises:
            DiskFull, DataFolderUnwritable: it cannot be; so it must not be made.
        """
        ...

    def attempts(self) -> list[Attempt]:
        """All of them, oldest first, each as it is now."""
        ...


class Metering(Protocol):
    """What the connection to the network costs."""

    def is_metered(self) -> bool | None:
        """Whether bytes are counted; None where the system does not say."""
        ...


class KnownModels(Protocol):
    """The catalogue, and what is here."""

    def known(self) -> Sequence[ModelSpec]:
        """All models of the catalogue, smallest first."""
        ...

    def installed(self) -> list[InstalledModel]:
        """All that are here, smallest first."""
        ...

    def find(self, wanted: str) -> InstalledModel:
        """The model with this id, unambiguous start of an id, or path.

        Raises:
            ModelMissing: there is none, or the start fits several.
        """
        ...
