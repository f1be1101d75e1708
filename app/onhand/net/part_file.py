"""The part of a file that has arrived, and its notes, while they grow.

A chunk is written and noted when all of it is here. What is noted is read again when the
part is opened, so that nothing that a kill or a power cut left behind passes unnoticed.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from onhand.domain.errors import DataFolderUnwritable, DiskFull
from onhand.domain.part_notes import Chunk, Head, Origin, PartNotes, encoded, read_notes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from onhand.domain.fetching import Fetch
    from onhand.domain.part_notes import Line

SETTLE_BYTES = 32_000_000
"""So much is written between two looks at the free disk, and put on the disk then."""

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class PartGone(Exception):
    """The part was removed or renamed while it was written."""


class PartFile:
    """A part that is being filled, in any order of chunks."""

    def __init__(self, wanted: Fetch) -> None:
        """Open it, and find out what of it is right.

        Raises:
            DiskFull, DataFolderUnwritable: it cannot be written.
        """
        self._path = Path(wanted.part)
        self._notes_path = Path(wanted.notes)
        self._reserve = wanted.reserve
        self._expected = wanted.expected
        self._head = Head(
            bytes=wanted.expected.bytes,
            sha256=wanted.expected.sha256,
            chunk_bytes=wanted.expected.chunk_bytes,
        )
        self._unsettled = 0
        self._pending = bytearray()
        self._pending_number = 0
        with self._failures():
            self.notes = self._read_notes()
            self._file = os.open(self._path, _FLAGS, 0o600)
            self._log = os.open(self._notes_path, _FLAGS | os.O_APPEND, 0o600)
            if self.notes.chunks:
                os.write(self._log, b"\n")  # behind a line that may have been torn
                self._drop_wrong()
            else:
                self.start_over()

    @property
    def size(self) -> int:
        """Bytes of the whole file."""
        return self._head.bytes

    @property
    def done(self) -> int:
        """Bytes that are here; those that are not written yet included."""
        return self.notes.done + len(self._pending)

    @property
    def etag(self) -> str:
        """The mark of the server's file that this is a part of."""
        return self.notes.etag

    def missing(self) -> tuple[int, int] | None:
        """The first range that is to be fetched; None when all is here."""
        ranges = self.notes.missing()
        if not ranges:
            return None
        start, end = ranges[0]
        if self._pending_number * self._head.chunk_bytes != start:
            self.seek(start)
        return start + len(self._pending), end

    @property
    def end(self) -> int:
        """Where the last range ends that is missing."""
        ranges = self.notes.missing()
        return ranges[-1][1] if ranges else 0

    def seek(self, start: int) -> None:
        """What is added next begins here, which is the beginning of a chunk."""
        self._pending.clear()
        self._pending_number = start // self._head.chunk_bytes

    def add(self, block: bytes) -> Iterator[int]:
        """Add bytes behind those before; yields chunks that are not what they should be.

        Raises:
            PartGone: the file is not there any more.
            DiskFull, DataFolderUnwritable: they cannot be written.
        """
        self._pending += block
        while self._pending_number < self.notes.count:
            first, last = self.notes.span(self._pending_number)
            if len(self._pending) < last - first:
                return
            number, chunk = self._pending_number, bytes(self._pending[: last - first])
            del self._pending[: last - first]
            self._pending_number += 1
            if number not in self.notes.chunks and not self._take(number, chunk):
                yield number

    @property
    def position(self) -> int:
        """Where in the file the next whole chunk begins."""
        return self._pending_number * self._head.chunk_bytes

    def begin(self, etag: str) -> None:
        """Bytes come from the file with this mark."""
        if etag != self.notes.etag:
            self.notes.etag = etag
            self._note(Origin(etag=etag))

    def start_over(self) -> None:
        """Forget all that has arrived."""
        self.seek(0)
        self.notes = PartNotes(head=self._head)
        with self._failures():
            os.ftruncate(self._log, 0)
            os.ftruncate(self._file, 0)
        self._note(self._head)

    def close(self) -> None:
        """Put all on the disk and let go of the files."""
        with self._failures():
            os.fsync(self._file)
            os.fsync(self._log)
        self.abandon()

    def abandon(self) -> None:
        """Let go of the files as they are."""
        for descriptor in (self._file, self._log):
            with suppress(OSError):
                os.close(descriptor)

    def _take(self, number: int, chunk: bytes) -> bool:
        """Write a whole chunk; False where it is known that it should be another one."""
        digest = hashlib.sha256(chunk).hexdigest()
        if self._expected.chunks and self._expected.chunks[number] != digest:
            return False
        self._raise_if_gone()
        with self._failures():
            _write_at(self._file, self.notes.span(number)[0], chunk)
        self._note(Chunk(number=number, sha256=digest))
        self.notes.chunks[number] = digest
        self._settle(len(chunk))
        return True

    def _read_notes(self) -> PartNotes:
        found = None
        if self._path.is_file() and not self._path.is_symlink():
            with suppress(FileNotFoundError):
                found = read_notes(self._notes_path.read_bytes())
        if found is None or found.head != self._head:
            # Whatever lies there is nothing to go on with, or a trap for who follows links.
            for path in (self._path, self._notes_path):
                path.unlink(missing_ok=True)
            return PartNotes(head=self._head)
        return found

    def _drop_wrong(self) -> None:
        """Read again all that is noted, and forget what is not so."""
        wanted = self._expected.chunks
        for number, digest in sorted(self.notes.chunks.items()):
            start, end = self.notes.span(number)
            chunk = _read_at(self._file, start, end - start)
            right = hashlib.sha256(chunk).hexdigest() == digest
            if not right or (wanted and wanted[number] != digest):
                del self.notes.chunks[number]
                self._note(Chunk(number=number, sha256=""))

    def _note(self, line: Line) -> None:
        with self._failures():
            os.write(self._log, encoded(line))

    def _settle(self, count: int) -> None:
        self._unsettled += count
        if self._unsettled < SETTLE_BYTES:
            return
        self._unsettled = 0
        with self._failures():
            os.fsync(self._file)
            os.fsync(self._log)
            free = shutil.disk_usage(self._path.parent).free
        if free < self._reserve:
            raise DiskFull(f"only {free / 1e6:.0f} MB are free")

    def _raise_if_gone(self) -> None:
        try:
            there = self._path.stat()
        except OSError as error:
            raise PartGone from error
        if there.st_ino != os.fstat(self._file).st_ino:
            raise PartGone

    @contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            kind = DiskFull if error.errno in NO_ROOM else DataFolderUnwritable
            raise kind(f"{self._path}: {error.strerror or error}") from error


_FLAGS: int = (
    os.O_CREAT
    | os.O_RDWR
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_CLOEXEC", 0)
)


def _read_at(descriptor: int, start: int, length: int) -> bytes:
    """Bytes of a file; fewer where it ends before."""
    os.lseek(descriptor, start, os.SEEK_SET)
    found = b""
    while len(found) < length and (more := os.read(descriptor, length - len(found))):
        found += more
    return found


def _write_at(descriptor: int, start: int, data: bytes) -> None:
    os.lseek(descriptor, start, os.SEEK_SET)
    while data:
        data = data[os.write(descriptor, data) :]
