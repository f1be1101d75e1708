"""Rich texts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from striprtf.striprtf import rtf_to_text

from onhand.domain.errors import InputUnreadable
from onhand.worker.formats.labels import codec_of, read_as

if TYPE_CHECKING:
    from collections.abc import Callable

_ENCODING = re.compile(rb"\\(?:ansicpg(\d{1,5})|(mac|pca?))(?![a-z])")
_WORDS = {b"mac": "mac_roman", b"pc": "cp437", b"pca": "cp850"}
_START = 512
_APART = re.compile(rb"\\(?:footnote|shptxt)(?![a-z])")
_LEFT_OUT = "Footnotes and text boxes were left out."


def text_of_rtf(data: bytes) -> tuple[str, str]:
    """The text without its dress, and a note where it has words beside it."""
    if not data.lstrip().startswith(b"{\\rtf"):
        raise InputUnreadable("it is damaged, or no rich text")
    codec = _codec(data)
    read = cast("Callable[..., str]", rtf_to_text)
    text = read(_decoded(data, codec), encoding=codec, errors="replace")
    return text, _LEFT_OUT if _APART.search(data) else ""


def _codec(data: bytes) -> str:
    """The encoding of what is no escape, and of escaped bytes in no other font."""
    found = _ENCODING.search(data[:_START])
    if not found:
        return "cp1252"
    page, word = found[1], found[2]
    label = _WORDS[word] if word else f"cp{page.decode()}"
    return codec_of(label) or "cp1252"


def _decoded(data: bytes, codec: str) -> str:
    """The format is ASCII; other letters are escapes, but not every program knows that."""
    # Of pictures the length in bytes is told, so these must be characters of one each.
    if data.isascii() or b"\\bin" in data:
        return data.decode("cp1252", errors="replace")
    return read_as(data, "utf-8") or data.decode(codec, errors="replace")
