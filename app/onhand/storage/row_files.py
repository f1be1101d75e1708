"""The rows of a batch and its output, by the ending of a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.domain.errors import UsageError
from onhand.storage.csv_rows import CsvResults, CsvRows
from onhand.storage.jsonl_rows import JsonlResults, JsonlRows
from onhand.storage.parquet_results import ParquetResults
from onhand.storage.xlsx_results import XlsxResults

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from onhand.services.batch_ports import ResultSink, RowSource
    from onhand.storage.parquet_results import MakeParquet

LINES = frozenset({".jsonl", ".ndjson"})
CELLS = frozenset({".csv", ".tsv", ".tab"})
TEXTS = LINES | CELLS
"""Formats that are read here."""

OUTPUTS = TEXTS | {".xlsx", ".parquet"}


def open_text_rows(path: Path, column: str) -> RowSource:
    """The rows of a file in one of `TEXTS`, with their text in a column."""
    if path.suffix.lower() in CELLS:
        return CsvRows(path, column)
    return JsonlRows(path, column)


def open_results(path: Path, make: MakeParquet) -> ResultSink:
    """Where the answers of a batch go; `make` makes Parquet tables.

    Raises:
        UsageError: the format cannot be written.
    """
    if path.suffix.lower() not in OUTPUTS:
        formats = ", ".join(sorted(OUTPUTS))
        raise UsageError(f"{path.name}: rows are written to {formats}")
    match path.suffix.lower():
        case ".xlsx":
            return XlsxResults(path)
        case ".parquet":
            return ParquetResults(path, make)
        case suffix if suffix in CELLS:
            return CsvResults(path)
        case _:
            return JsonlResults(path)


def raise_if_unknown(path: Path, known: Collection[str]) -> None:
    """Raise `UsageError` if rows are not read from files whose name ends like this."""
    if path.suffix.lower() not in known:
        raise UsageError(f"{path.name}: rows are read from {', '.join(sorted(known))}")
