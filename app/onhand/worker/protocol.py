"""What the worker's child answers: one line of JSON, then it ends."""

from __future__ import annotations

import msgspec


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """A document's text, or why there is none.

    Attributes:
        note: a sentence for people on how it was read; "" where there is none.
        reason: why there is no text; "" where there is.
    """

    text: str = ""
    note: str = ""
    reason: str = ""
