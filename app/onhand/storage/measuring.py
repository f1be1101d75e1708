"""Reading a file whole, as it lies on the disk, and hashing it and its chunks."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from typing import TYPE_CHECKING

from onhand.domain.progress import Progress
from onhand.domain.receipts import GGUF_MAGIC, Measured

if TYPE_CHECKING:
    from pathlib import Path

    from onhand.domain.progress import CancelToken, OnProgress


def measured(
    path: Path, chunk_bytes: int, cancel: CancelToken, on_progress: OnProgress
) -> Measured:
    """Hash a file; what the system remembers of it is put on the disk and read again.

    Raises:
        OSError: as the system reports it.
        Cancelled: the user stopped it.
    """
    whole = hashlib.sha256()
    chunks: list[str] = []
    beginning = b""
    with path.open("rb", buffering=0) as file:
        total = os.fstat(file.fileno()).st_size
        _forget_cached(file.fileno())
        done = 0
        while chunk := _chunk(file.fileno(), chunk_bytes):
            cancel.raise_if_cancelled()
            beginning = beginning or chunk[: len(GGUF_MAGIC)]
            whole.update(chunk)
            chunks.append(hashlib.sha256(chunk).hexdigest())
            done += len(chunk)
            on_progress(Progress(done=done, total=total))
    return Measured(
        bytes=done,
        sha256=whole.hexdigest(),
        chunk_bytes=chunk_bytes,
        chunks=tuple(chunks),
        is_gguf=beginning == GGUF_MAGIC,
    )


def _chunk(descriptor: int, length: int) -> bytes:
    """The next bytes; fewer only at the end of the file."""
    found = b""
    while len(found) < length and (more := os.read(descriptor, length - len(found))):
        found += more
    return found


def _forget_cached(descriptor: int) -> None:
    """Have the system read from the disk; sticks and cards return other bytes at times."""
    if hasattr(os, "posix_fadvise"):
        with suppress(OSError):
            os.fsync(descriptor)
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
