"""Bytes to text: what a file, a pipe or an argument holds, with a word on how it was read.

The text comes out as it went in: line ends stay, nothing is normalised, and no character
is dropped or replaced without a note. Bytes that are no text are refused with what they
seem to be.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from onhand.domain.errors import InputUnreadable
from onhand.services.guessing import guess, is_odd, wide

if TYPE_CHECKING:
    from pathlib import Path

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32-be", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)
_KINDS = (
    (b"%PDF-", "a PDF document"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"RIFF", "a sound, film or picture"),
    (b"PK\x03\x04", "a ZIP archive or an office document (.docx, .xlsx, .odt)"),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "an older office document or mail (.doc, .xls, .msg)",
    ),
    (b"\x1f\x8b", "compressed data (gzip)"),
    (b"BZh", "compressed data (bzip2)"),
    (b"\xfd7zXZ\x00", "compressed data (xz)"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3\x00", "a SQLite database"),
    (b"GGUF", "a language model (GGUF)"),
    (b"PAR1", "a Parquet table"),
)


@dataclass(frozen=True, kw_only=True)
class ReadText:
    """A text and how it was read; `note` is a sentence for people, or empty."""

    text: str
    encoding: str
    note: str = ""


class ReadDocument(Protocol):
    """Takes documents apart."""

    def __call__(self, path: Path, *, own_words: bool = False) -> ReadText:
        """The text of a document of one of the kinds in `DOCUMENTS`.

        Of a mail only what its writer wrote in it, if `own_words`.

        Raises:
            InputUnreadable: there is none, or it takes more than the limits allow.
            DocumentSandboxMissing: it may not be read here.
        """
        ...


def read_text(data: bytes) -> ReadText:
    """The text that some bytes hold.

    Raises:
        InputUnreadable: they hold none; the detail says what they seem to be.
    """
    _raise_if_known(data)
    return (
        _marked(data)
        or _utf8(data)
        or _unmarked_wide(data)
        or _mended(data)
        or _guessed(data)
    )


def read_argument(argument: str) -> ReadText:
    """The text of a command-line argument; what Python could not decode is read anew.

    Raises:
        InputUnreadable: they are no text.
    """
    try:
        argument.encode()
    except UnicodeEncodeError:
        pass
    else:
        return ReadText(text=argument, encoding="utf-8")
    try:
        data = argument.encode(errors="surrogateescape")
    except UnicodeEncodeError:
        # Half a pair of UTF-16, from a system whose arguments are made of that.
        text = argument.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return ReadText(
            text=text,
            encoding="utf-16",
            note="Broken characters are shown as \N{REPLACEMENT CHARACTER}.",
        )
    return read_text(data)


def _raise_if_known(data: bytes) -> None:
    for start, kind in _KINDS:
        # A text may well begin with the letters of some of these.
        if data.startswith(start) and (b"\0" in data or not start.isalnum()):
            raise InputUnreadable(f"it seems to be {kind}")


def _marked(data: bytes) -> ReadText | None:
    """What begins with a byte order mark of UTF-16 or UTF-32.

    Raises:
        InputUnreadable: the mark promises what does not follow.
    """
    marks = [each for each in _MARKS if data.startswith(each[0])]
    for mark, codec, name in marks:
        try:
            text = data[len(mark) :].decode(codec)
        except UnicodeDecodeError:
            continue
        if not is_odd(text):
            return ReadText(text=text, encoding=codec, note=f"Read as {name}.")
    if marks:
        raise InputUnreadable(f"it begins like {marks[-1][2]} but is damaged or cut off")
    return None


def _utf8(data: bytes) -> ReadText | None:
    try:
        text = data.removeprefix(codecs.BOM_UTF8).decode()
    except UnicodeDecodeError:
        return None
    return None if is_odd(text) else ReadText(text=text, encoding="utf-8")


def _unmarked_wide(data: bytes) -> ReadText | None:
    """Text of two or four bytes a character, by its zero bytes or control characters.

    Raises:
        InputUnreadable: there are zero bytes, but no such text.
    """
    found = wide(data)
    if found is not None:
        text, codec = found
        name = codec[:6].upper()
        return ReadText(
            text=text, encoding=codec, note=f"Read as {name}, by the look of it."
        )
    if b"\0" in data:
        raise InputUnreadable("it holds zero bytes, so it is not a text")
    return None


def _mended(data: bytes) -> ReadText | None:
    """UTF-8 with a few bytes of something else, each read for itself."""
    text = data.removeprefix(codecs.BOM_UTF8).decode(errors="surrogateescape")
    strays = sum("\udc80" <= character <= "\udcff" for character in text)
    good = sum(character > "\x7f" for character in text) - strays
    if good < 2 * strays:
        return None
    whole = "".join(_stray(character) for character in text)
    if is_odd(whole):
        return None
    note = f"Read as UTF-8; bytes that are not UTF-8 ({strays}) were read as Windows-1252."
    return ReadText(text=whole, encoding="utf-8", note=note)


def _stray(character: str) -> str:
    if not "\udc80" <= character <= "\udcff":
        return character
    byte = bytes([ord(character) - 0xDC00])
    try:
        return byte.decode("cp1252")
    except UnicodeDecodeError:
        return byte.decode("latin-1")


def _guessed(data: bytes) -> ReadText:
    """Text in one of the older encodings.

    Raises:
        InputUnreadable: in none of them does it look like a text.
    """
    found = guess(data)
    if found is None:
        raise InputUnreadable("it looks like data of a program, not like a text")
    return ReadText(
        text=found.text,
        encoding=found.codec,
        note=f"Read as {found.name}, because it is not UTF-8.",
    )
