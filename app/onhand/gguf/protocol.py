"""The one line that the child says."""

from __future__ import annotations

import msgspec

from onhand.domain.model_header import ModelHeader


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """A header, or why there is none."""

    header: ModelHeader | None = None
    reason: str = ""
