"""What an export of the history can be."""

from __future__ import annotations

from enum import StrEnum


class Format(StrEnum):
    """What an export can be."""

    CSV = "csv"
    JSONL = "jsonl"
    MARKDOWN = "md"
