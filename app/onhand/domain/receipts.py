"""What a model file must be, what was found, and what is written down about it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from datetime import datetime

CHUNK_BYTES = 512 * 1024
"""Length of the chunks of a file that have hashes of their own.

So much is lost at most when a download is killed, and fetched again for one wrong bit.
"""

GGUF_MAGIC = b"GGUF"


@dataclass(frozen=True, kw_only=True)
class ExpectedFile:
    """A model file as it shall be.

    Attributes:
        name: its name in the model folder.
        bytes: its size; 0 where that is not known.
        sha256: in hexadecimal digits; "" where it is not known.
        chunks: the same for each of its chunks, in order; () where they are not known.
        source: where it comes from, in words for people.
        licence: under which it may be used.
        trusted: whether size and hash come from the catalogue or from a signature.
    """

    name: str
    bytes: int
    sha256: str
    chunk_bytes: int = CHUNK_BYTES
    chunks: tuple[str, ...] = ()
    source: str = ""
    licence: str = ""
    trusted: bool = True


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """What is known about a file that was put on the shelf.

    Attributes:
        file: its name.
        chunks: the sha256 of each chunk, in order.
        source, licence: as expected.
        at: when it came, in ISO 8601.
        verified: whether it was compared with the catalogue or a signature.
        modified: when the file was last written, in nanoseconds since 1970.
        damaged: numbers of chunks that were found to be wrong since.
    """

    file: str
    bytes: int
    sha256: str
    chunk_bytes: int
    chunks: tuple[str, ...]
    source: str
    at: str
    licence: str
    verified: bool
    modified: int = 0
    damaged: tuple[int, ...] = ()

    def expected(self) -> ExpectedFile:
        """The file as it was when it came."""
        return ExpectedFile(
            name=self.file,
            bytes=self.bytes,
            sha256=self.sha256,
            chunk_bytes=self.chunk_bytes,
            chunks=self.chunks,
            source=self.source,
            licence=self.licence,
            trusted=self.verified,
        )


@dataclass(frozen=True, kw_only=True)
class Measured:
    """A file as it is: read once, from its beginning to its end.

    Attributes:
        is_gguf: whether it begins as GGUF files do.
    """

    bytes: int
    sha256: str
    chunk_bytes: int
    chunks: tuple[str, ...]
    is_gguf: bool


@dataclass(frozen=True, kw_only=True)
class Verified:
    """What a comparison of a file with what is known about it found.

    Attributes:
        ok: whether it is as it shall be; True where nothing is known.
        damaged: so many chunks are wrong; 0 where that cannot be told.
        known: whether there is anything to compare with.
        chunks: so many there are.
    """

    ok: bool
    damaged: int
    known: bool
    chunks: int = 0


def receipt_of(expected: ExpectedFile, measured: Measured, at: datetime) -> Receipt:
    """What is to be written down about a file that was found to be right."""
    return Receipt(
        file=expected.name,
        bytes=measured.bytes,
        sha256=measured.sha256,
        chunk_bytes=measured.chunk_bytes,
        chunks=measured.chunks,
        source=expected.source,
        at=at.isoformat(timespec="seconds"),
        licence=expected.licence,
        verified=expected.trusted and bool(expected.sha256),
    )


def is_right(expected: ExpectedFile, measured: Measured) -> bool:
    """Whether a file is what it shall be, as far as that is known."""
    return (
        measured.is_gguf
        and expected.bytes in (0, measured.bytes)
        and expected.sha256.lower() in ("", measured.sha256)
    )


def wrong_chunks(expected: ExpectedFile, measured: Measured) -> tuple[int, ...]:
    """Which chunks differ, where their hashes are known; those that are missing as well."""
    if not expected.chunks or expected.chunk_bytes != measured.chunk_bytes:
        return ()
    found = measured.chunks
    return tuple(
        number
        for number, wanted in enumerate(expected.chunks)
        if number >= len(found) or found[number] != wanted
    )


def can_have_chunks(expected: ExpectedFile) -> bool:
    """Whether the list of chunks covers the file, so that it can be relied on."""
    if not expected.chunks or expected.bytes <= 0 or expected.chunk_bytes <= 0:
        return False
    return len(expected.chunks) == -(-expected.bytes // expected.chunk_bytes)


def with_chunks(expected: ExpectedFile, receipt: Receipt | None) -> ExpectedFile:
    """The same file with the chunks of a receipt, if that is about the same bytes."""
    if expected.chunks or receipt is None or receipt.sha256 != expected.sha256.lower():
        return expected
    return dataclasses.replace(
        expected, chunk_bytes=receipt.chunk_bytes, chunks=receipt.chunks
    )
