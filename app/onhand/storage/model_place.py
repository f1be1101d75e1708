"""The place of one file in the model folder, while it is held."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec

from onhand.domain.errors import DataFolderUnwritable, DiskFull
from onhand.domain.model_errors import WrongChecksum
from onhand.domain.part_notes import Chunk, Head, encoded
from onhand.domain.progress import Progress, ignore_progress
from onhand.domain.receipts import CHUNK_BYTES, ExpectedFile, Measured, Receipt, receipt_of
from onhand.storage.measuring import measured
from onhand.storage.safe_files import failures_as, replace_data_file, settle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime
    from pathlib import Path
    from typing import BinaryIO

    from onhand.domain.progress import CancelToken, OnProgress

PART, NOTES, BAD = ".part", ".part.jsonl", ".bad"

LOOK_BYTES = 32_000_000
"""So much is written between two looks at what is free on the disk."""

BLOCK_BYTES = 512
"""What `st_blocks` counts."""


class ModelPlace:
    """The place port over files beside the file that is to come."""

    def __init__(
        self,
        expected: ExpectedFile,
        path: Path,
        reserve: int,
        write_receipt: Callable[[Receipt], None],
    ) -> None:
        self._expected = expected
        self._path = path
        self._reserve = reserve
        self._write_receipt = write_receipt

    @property
    def expected(self) -> ExpectedFile:
        """What shall lie here."""
        return self._expected

    @property
    def part(self) -> Path:
        """Where the file lies until it is whole and right."""
        return self._path.with_name(self._path.name + PART)

    @property
    def notes(self) -> Path:
        """What is noted about the part."""
        return self._path.with_name(self._path.name + NOTES)

    @property
    def bad(self) -> Path:
        """Where a file lies that was wrong."""
        return self._path.with_name(self._path.name + BAD)

    def raise_if_no_room(self) -> None:
        """See whether the rest of the file finds room, and some is left for others.

        Raises:
            DiskFull: it does not.
        """
        with failures_as(DataFolderUnwritable, self._path.parent):
            free = shutil.disk_usage(self._path.parent).free
        needed = self._expected.bytes - _taken(self.part)
        if needed > 0 and free < needed + self._reserve:
            raise DiskFull(
                f"{self._path.name} needs {_megabytes(needed)} more, and"
                f" {_megabytes(self._reserve)} shall stay free; {_megabytes(free)} are"
            )

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
        self._clear()
        try:
            with failures_as(DataFolderUnwritable, self.part):
                descriptor = os.open(self.part, _NEW, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                self._fill(file, blocks, cancel, on_progress)
                with failures_as(DataFolderUnwritable, self.part):
                    file.flush()
                    os.fsync(file.fileno())
        except BaseException:
            self._clear()
            raise

    def measure(
        self, cancel: CancelToken, on_progress: OnProgress = ignore_progress
    ) -> Measured:
        """Read the part as it lies on the disk, whole; progress counts bytes.

        Raises:
            DataFolderUnwritable: it cannot be read, or is gone.
            Cancelled: the user stopped it.
        """
        length = self._expected.chunk_bytes if self._expected.chunks else CHUNK_BYTES
        with failures_as(DataFolderUnwritable, self.part):
            return measured(self.part, length, cancel, on_progress)

    def note_missing(self, measured: Measured, wrong: Iterable[int]) -> None:
        """Note that some chunks of the part have to be fetched again, and no others."""
        missing = set(wrong)
        head = Head(
            bytes=self._expected.bytes,
            sha256=self._expected.sha256,
            chunk_bytes=measured.chunk_bytes,
        )
        lines = [encoded(head)]
        lines += [
            encoded(Chunk(number=number, sha256=digest))
            for number, digest in enumerate(measured.chunks)
            if number not in missing
        ]
        replace_data_file(self.notes, b"".join(lines))

    def keep(self, measured: Measured, at: datetime) -> Receipt:
        """Give the part its name, durably, and write a receipt; the caller has compared.

        Raises:
            DiskFull, DataFolderUnwritable: the part is still there.
        """
        with failures_as(DataFolderUnwritable, self._path):
            with self.part.open("rb+") as file:
                os.fsync(file.fileno())
            modified = self.part.stat().st_mtime_ns
        receipt = receipt_of(self._expected, measured, at)
        # Before the file gets its name: so no file is ever there without a receipt.
        receipt = msgspec.structs.replace(receipt, modified=modified)
        self._write_receipt(receipt)
        with failures_as(DataFolderUnwritable, self._path):
            self.part.replace(self._path)
        settle(self._path.parent)
        self._clear()
        return receipt

    def set_aside(self) -> None:
        """Take the part out of the way, where nothing loads it, under the ending `.bad`."""
        with failures_as(DataFolderUnwritable, self.bad):
            self.part.replace(self.bad)
        with suppress(OSError):
            self.notes.unlink(missing_ok=True)

    def take_down(self) -> None:
        """Make the file that lies here a part again, so that it can be mended.

        Raises:
            DataFolderUnwritable: it cannot be moved, and stays.
        """
        with failures_as(DataFolderUnwritable, self._path):
            self._path.replace(self.part)

    def discard(self) -> int:
        """Remove the part and what was set aside; tells the bytes freed."""
        freed = _taken(self.part) + _taken(self.bad)
        self._clear()
        return freed

    def _fill(
        self,
        file: BinaryIO,
        blocks: Iterable[bytes],
        cancel: CancelToken,
        on_progress: OnProgress,
    ) -> None:
        total = self._expected.bytes
        done = looked = 0
        for block in blocks:
            cancel.raise_if_cancelled()
            done += len(block)
            if total and done > total:
                raise WrongChecksum(
                    f"{self._path.name} has more than the {total} bytes it should have"
                )
            with failures_as(DataFolderUnwritable, self.part):
                file.write(block)
            if done - looked >= LOOK_BYTES:
                looked = done
                self._raise_if_reserve_is_touched()
            on_progress(Progress(done=done, total=total))

    def _raise_if_reserve_is_touched(self) -> None:
        with failures_as(DataFolderUnwritable, self._path.parent):
            free = shutil.disk_usage(self._path.parent).free
        if free < self._reserve:
            raise DiskFull(f"only {_megabytes(free)} are free")

    def _clear(self) -> None:
        for each in (self.part, self.notes, self.bad):
            with suppress(OSError):
                each.unlink(missing_ok=True)


_NEW = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)


def _taken(path: Path) -> int:
    """Bytes of the disk that a file takes; 0 where there is none."""
    try:
        found = path.stat()
    except OSError:
        return 0
    blocks: int | None = getattr(found, "st_blocks", None)
    return found.st_size if blocks is None else min(found.st_size, blocks * BLOCK_BYTES)


def _megabytes(count: int) -> str:
    return f"{count / 1e6:.0f} MB"
