"""The encoding and the dialect of a .csv file, found out without holding the file."""

from __future__ import annotations

import codecs
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from onhand.domain.delimiters import Dialect, dialect_of
from onhand.domain.errors import InputUnreadable
from onhand.services.reading import ReadText, read_text

if TYPE_CHECKING:
    from typing import BinaryIO

LOOK = 65536
"""Bytes at the beginning that are looked at, and of lines that are not ASCII."""

BLOCK = 1 << 20
_MOST_ZEROS = 0.01
_MOST_CONTROLS = 0.1
_NAMED = re.compile(r'"?sep=([,;\t|])"?[\r\n]*', re.IGNORECASE)
"""A first line by which spreadsheets are told what stands between cells."""

_LATIN = {"latin-1", "iso-8859-1", "latin_1", "iso8859-1"}


@dataclass(frozen=True, kw_only=True)
class Writing:
    """How a table is written down.

    Attributes:
        encoding: Python's name of it.
        dialect: what stands between cells.
        told: both as a sentence for people.
        is_named: whether the first line says what stands between cells, and nothing else.
    """

    encoding: str
    dialect: Dialect
    told: str
    is_named: bool = False


def writing_of(file: BinaryIO, *, tabs: bool) -> Writing:
    """Look at the beginning of a file and at what in it is not ASCII.

    Args:
        file: open at its beginning.
        tabs: whether there are tabs between cells, as the file's name says.

    Raises:
        InputUnreadable: it is no text.
        OSError: as the system reports it.
    """
    head = file.read(LOOK)
    sample = _up_to_line(head) if len(head) == LOOK else head
    wide = sample[:2] in {b"\xff\xfe", b"\xfe\xff"} or sample[:400].count(0) > 100
    if not wide:
        sample += _foreign_lines(file)
    zeros = 0 if wide else sample.count(0)
    if zeros:
        if zeros > _MOST_ZEROS * len(sample):
            raise InputUnreadable("it holds zero bytes, so it is not a text")
        sample = sample.replace(b"\0", b"")
    if not sample.strip():
        return Writing(encoding="utf-8", dialect=Dialect(), told="The file is empty.")
    read = _plain(sample) or read_text(sample)
    lines = list(io.StringIO(read.text[:LOOK], newline=""))
    named = _NAMED.fullmatch(lines[0]) if lines else None
    dialect = dialect_of(lines[1:] if named else lines)
    if named or tabs:
        dialect = Dialect(named[1] if named else "\t", dialect.escape)
    name = read.note.rstrip(".") or "Read as UTF-8"
    told = f"{name}, with {dialect.told}."
    if zeros:
        told += " Zero bytes in it are left out."
    # Where the one has control characters, the other has the letters that are meant.
    encoding = "cp1252" if read.encoding in _LATIN else read.encoding
    return Writing(
        encoding=encoding, dialect=dialect, told=told, is_named=named is not None
    )


def _plain(sample: bytes) -> ReadText | None:
    """UTF-8, though a few control characters be in it."""
    try:
        text = sample.removeprefix(codecs.BOM_UTF8).decode()
    except UnicodeDecodeError:
        return None
    odd = sum(each < " " and each not in "\t\r\n" for each in text)
    if odd > _MOST_CONTROLS * len(text):
        return None
    return ReadText(text=text, encoding="utf-8")


def _up_to_line(block: bytes) -> bytes:
    """The block without the line that it cuts."""
    end = max(block.rfind(b"\n"), block.rfind(b"\r"))
    return block[: end + 1] if end >= 0 else block.rstrip(bytes(range(128, 256)))


def _foreign_lines(file: BinaryIO) -> bytes:
    """Lines of the rest that are not ASCII: they tell the encoding."""
    found: list[bytes] = []
    size = 0
    file.readline(BLOCK)  # what the head has cut
    while size < LOOK and (block := file.read(BLOCK)):
        if block.isascii():
            continue
        lines = (block + file.readline(BLOCK)).split(b"\n")
        foreign = [line for line in lines if not line.isascii() and len(line) < LOOK]
        found += foreign
        size += sum(map(len, foreign))
    return b"".join(line + b"\n" for line in found)
