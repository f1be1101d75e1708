"""How much a document may grow to when it is taken apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.domain.errors import InputUnreadable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zipfile import ZipFile

MOST_CHARACTERS = 20_000_000
MOST_UNPACKED = 64_000_000
_CHUNK = 1 << 16


def unpacked(archive: ZipFile, name: str) -> Iterator[bytes]:
    """A part of an archive, piece by piece.

    Raises:
        InputUnreadable: it unpacks to too much, whatever the archive says of its size, or
            is protected.
    """
    if archive.getinfo(name).flag_bits & 1:
        raise InputUnreadable("it is protected by a password")
    total = 0
    with archive.open(name) as part:
        while chunk := part.read(_CHUNK):
            total += len(chunk)
            if total > MOST_UNPACKED:
                raise InputUnreadable(f"it unpacks to over {MOST_UNPACKED // 1_000_000} MB")
            yield chunk
