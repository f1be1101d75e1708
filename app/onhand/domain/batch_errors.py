"""Failures of batches that a person can do something about."""

from __future__ import annotations

from onhand.domain.errors import UsageError


class PartsUnfit(UsageError):
    """Outputs that shall be merged are not the parts of one batch."""

    code = "parts_unfit"
    title = "These are not all the parts of one batch"
    hint = (
        "Give the output of every part as 'onhand batch … --part' wrote it, with its"
        " .part.json beside it."
    )
    window_hint = "Give the output of every part as it was written."
