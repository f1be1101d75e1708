"""The rows of a batch and its output, by the ending of a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.domain.errors import UsageError
from onhand.storage.jsonl_rows import JsonlResults, JsonlRows

if TYPE_CHECKING:
    from pathlib import Path

ROW_FORMATS = frozenset({".jsonl", ".ndjson"})


def open_rows(path: Path, column: str) -> JsonlRows:
    """The rows of a file, with their text in a column.

    Raises:
        UsageError: its format cannot be read.
    """
    _raise_if_unknown(path)
    return JsonlRows(path, column)


def open_results(path: Path) -> JsonlResults:
    """Where the answers of a batch go.

    Raises:
        UsageError: the format cannot be written.
    """
    _raise_if_unknown(path)
    return JsonlResults(path)


def _raise_if_unknown(path: Path) -> None:
    if path.suffix.lower() not in ROW_FORMATS:
        raise UsageError(f"{path.name}: a batch reads and writes .jsonl")
