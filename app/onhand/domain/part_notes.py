"""What is noted beside a model file that has not arrived whole: JSON lines that only grow.

A line that a power cut tore counts as not written. Nothing that is noted of a chunk is
believed before its bytes were read again and have that hash.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator

SCHEMA = 1


class Head(msgspec.Struct, frozen=True, kw_only=True, tag="head"):
    """The first line: which file this shall become."""

    schema: int = SCHEMA
    bytes: int
    sha256: str
    chunk_bytes: int


class Origin(msgspec.Struct, frozen=True, kw_only=True, tag="origin"):
    """Where the bytes come from, and the server's mark for this state of its file."""

    etag: str


class Chunk(msgspec.Struct, frozen=True, kw_only=True, tag="chunk"):
    """A chunk has arrived with this hash; "": it is not here any more."""

    number: int
    sha256: str


Line = Head | Origin | Chunk

_ENCODER = msgspec.json.Encoder()
_DECODER: msgspec.json.Decoder[Line] = msgspec.json.Decoder(Line)


def encoded(line: Line) -> bytes:
    """A line with its end."""
    return _ENCODER.encode(line) + b"\n"


@dataclass(kw_only=True)
class PartNotes:
    """All that is noted beside a part.

    Attributes:
        etag: of the last answer; "" where there was none.
        chunks: the hashes of those that have arrived, by their numbers.
    """

    head: Head
    etag: str = ""
    chunks: dict[int, str] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many chunks the file has."""
        return -(-self.head.bytes // self.head.chunk_bytes)

    @property
    def done(self) -> int:
        """Bytes of the chunks that have arrived."""
        return sum(end - start for start, end in map(self.span, self.chunks))

    def span(self, number: int) -> tuple[int, int]:
        """Where a chunk begins and ends."""
        start = number * self.head.chunk_bytes
        return start, min(start + self.head.chunk_bytes, self.head.bytes)

    def missing(self) -> list[tuple[int, int]]:
        """The ranges that have not arrived, in order; as long as they can be."""
        found: list[tuple[int, int]] = []
        for number in range(self.count):
            if number in self.chunks:
                continue
            start, end = self.span(number)
            if found and found[-1][1] == start:
                start = found.pop()[0]
            found.append((start, end))
        return found


def read_notes(data: bytes) -> PartNotes | None:
    """The notes as far as they can be read; None where they do not begin as notes do."""
    lines = _lines(data)
    head = next(lines, None)
    if not isinstance(head, Head) or not _is_sane(head):
        return None
    notes = PartNotes(head=head)
    for line in lines:
        match line:
            case Origin(etag=etag):
                notes.etag = etag
            case Chunk(number=number, sha256=sha256) if 0 <= number < notes.count:
                notes.chunks[number] = sha256
            case _:
                pass
    notes.chunks = {number: digest for number, digest in notes.chunks.items() if digest}
    return notes


def _is_sane(head: Head) -> bool:
    return head.schema == SCHEMA and head.bytes > 0 and head.chunk_bytes > 0


def _lines(data: bytes) -> Iterator[Line]:
    for line in data.split(b"\n")[:-1]:
        try:
            yield _DECODER.decode(line)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            continue
