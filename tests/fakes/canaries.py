"""Words that stand in nothing else, and finding them again however they are written."""

from __future__ import annotations

import base64
import gzip
import io
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

STEM = "qzvögel"
"""Begins every canary. It has a letter that most ways of writing change."""

PAGE, RESERVED, SALT = 4096, 80, 16
WAL_HEAD, FRAME_HEAD = 32, 24


def canary(way: str) -> str:
    """The word that is planted in one way."""
    return f"{STEM}{way}"


def _in_base64(data: bytes) -> Iterator[bytes]:
    """What stays the same of some bytes in base64, whatever stands around them."""
    for before in range(3):
        whole = base64.b64encode(bytes(before) + data)
        first = -(-before * 8 // 6)
        last = (before + len(data)) * 8 // 6
        yield whole[first:last]


def forms(word: str = STEM) -> Mapping[str, tuple[bytes, ...]]:
    """How a word may lie on a disk, by the name of the form."""
    escaped = word.encode("ascii", "backslashreplace").decode()
    wide = word.encode("utf-16-le")
    folded = unicodedata.normalize("NFD", word).encode("ascii", "ignore")
    return {
        "utf-8": (word.encode(), word.upper().encode()),
        "latin-1": (word.encode("latin-1"),),
        "utf-16": (wide, word.encode("utf-16-be")),
        "utf-32": (word.encode("utf-32-le"),),
        "decomposed": (unicodedata.normalize("NFD", word).encode(),),
        "without accents": (folded,),
        "url": (quote(word).encode(), quote(word).replace("%", "=").encode()),
        "escaped": (escaped.replace("\\x", "\\u00").encode(), escaped.encode()),
        "html": (word.encode("ascii", "xmlcharrefreplace"),),
        "hex": (word.encode().hex().encode(), wide.hex().encode()),
        "base64": (*_in_base64(word.encode()), *_in_base64(wide)),
    }


_FORMS = forms()
_CASELESS = {
    name: tuple(each.lower() for each in found)
    for name, found in _FORMS.items()
    if name != "base64"
}


def forms_in(content: bytes) -> set[str]:
    """The forms in which any canary stands in some bytes; what is packed is unpacked."""
    found = set()
    for each in _unpacked(content):
        low = each.lower()
        found |= {
            name for name, ways in _CASELESS.items() if any(way in low for way in ways)
        }
        found |= {"base64"} if any(way in each for way in _FORMS["base64"]) else set()
    return found


def ways_in(content: bytes, ways: tuple[str, ...]) -> set[str]:
    """The ways whose canary stands in some bytes as ordinary text."""
    return {
        way for each in _unpacked(content) for way in ways if canary(way).encode() in each
    }


def _unpacked(content: bytes) -> Iterator[bytes]:
    yield content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield "\n".join(archive.namelist()).encode()
            yield from (archive.read(each) for each in archive.namelist())
    elif content.startswith(b"\x1f\x8b"):
        yield gzip.decompress(content)
    elif content[:1] == b"\x78":
        try:
            yield zlib.decompress(content)
        except zlib.error:
            return


@dataclass(frozen=True)
class Hit:
    """A place where a canary lies, and how it is written there."""

    place: str
    form: str


def hits(folder: Path, key: bytes | None = None) -> list[Hit]:
    """Where canaries lie below a folder: in names and contents.

    With the history's key also under the encryption of histories, on their free pages and
    in their journals.
    """
    found = []
    for path in sorted(folder.rglob("*")):
        place = path.relative_to(folder).as_posix()
        seen = {f"name: {each}" for each in forms_in(place.encode())}
        if path.is_file() and not path.is_symlink():
            content = path.read_bytes()
            seen |= forms_in(content)
            if key is not None:
                seen |= {f"decrypted: {each}" for each in forms_in(opened(path, key))}
        found += [Hit(place, form) for form in sorted(seen)]
    return found


def opened(path: Path, key: bytes) -> bytes:
    """What the pages of a history, a copy of one or its journal hold; free ones too."""
    content = path.read_bytes()
    if path.name.endswith("-wal"):
        frames = range(WAL_HEAD + FRAME_HEAD, len(content), PAGE + FRAME_HEAD)
        pages = [content[at : at + PAGE] for at in frames]
    elif ".db" in path.name and not path.name.endswith("-shm"):
        pages = [content[at : at + PAGE] for at in range(0, len(content), PAGE)]
    else:
        return b""
    with path.with_name(path.name.removesuffix("-wal")).open("rb") as file:
        salt = file.read(SALT)
    return b"".join(_page(each, key, salt) for each in pages)


def _page(page: bytes, key: bytes, salt: bytes) -> bytes:
    """One page under its encryption (SQLCipher 4)."""
    if len(page) < PAGE:
        return b""
    begin = SALT if page[:SALT] == salt else 0
    iv = page[PAGE - RESERVED : PAGE - RESERVED + 16]
    reader = Cipher(algorithms.AES(key), modes.CBC(iv)).decryptor()
    return reader.update(page[begin : PAGE - RESERVED]) + reader.finalize()
