"""Bytes by the name that their sender gives to their encoding, where that holds."""

from __future__ import annotations

import codecs
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# Senders name the smaller set and write the larger one, so that is what the name means
# (WHATWG Encoding). Their tables of names are in no library that we have; Python knows the
# names, and these are its encodings that mean another one.
_MEANT: Mapping[str, str] = MappingProxyType(
    {
        "iso8859-1": "cp1252",
        "iso8859-9": "cp1254",
        "iso8859-11": "cp874",
        "tis-620": "cp874",
        "gb2312": "gb18030",
        "gbk": "gb18030",
        "shift_jis": "cp932",
        "euc_kr": "cp949",
        "big5": "cp950",
    }
)
LOST = "\N{REPLACEMENT CHARACTER}"
"""Stands for what cannot be read."""


def codec_of(label: str) -> str | None:
    """Python's name of the encoding that is meant, or None where it knows none."""
    for name in (label, label.removeprefix("x-"), label.replace("windows-", "cp")):
        try:
            found = codecs.lookup(name).name
        except (LookupError, ValueError):
            continue
        return _MEANT.get(found, found)
    return None


def read_as(data: bytes, codec: str) -> str | None:
    """The text of bytes that are said to be encoded so; what is broken becomes `LOST`.

    None where they are not, and are better read by their look.
    """
    try:
        return _decoded(data, codec)
    except (LookupError, ValueError):
        pass
    if codec == "utf-8":
        return None  # by its look every byte of it is saved
    try:
        text = _decoded(data, codec, "replace")
    except (LookupError, ValueError):
        return None
    lost = text.count(LOST)
    good = sum(character > "\x7f" for character in text) - lost
    # Encodings that shift by escapes look like ASCII.
    return text if good >= 2 * lost or data.isascii() else None


def _decoded(data: bytes, codec: str, errors: str = "strict") -> str:
    return data.decode(codec, errors).removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")
