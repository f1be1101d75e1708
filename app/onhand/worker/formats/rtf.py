"""Rich texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from striprtf.striprtf import rtf_to_text

from onhand.domain.errors import InputUnreadable

if TYPE_CHECKING:
    from collections.abc import Callable


def text_of_rtf(data: bytes) -> tuple[str, str]:
    """The text without its dress."""
    if not data.lstrip().startswith(b"{\\rtf"):
        raise InputUnreadable("it is damaged, or no rich text")
    # The format itself is ASCII; other letters stand in it as escapes.
    read = cast("Callable[..., str]", rtf_to_text)
    return read(data.decode("cp1252", errors="replace"), errors="replace"), ""
