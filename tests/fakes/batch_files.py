"""Inputs and outputs of batches in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.domain.errors import OutputExists
from onhand.services.batch_files import BatchFiles

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from onhand.services.batch_ports import ResultSink, RowSource


def fake_batch_files(
    open_rows: Callable[[Path, str], RowSource], open_results: Callable[[Path], ResultSink]
) -> BatchFiles:
    """What opens these; parts are not noted, and merging only counts.

    Under the name there.csv something is there.
    """
    return BatchFiles(
        open_rows=open_rows,
        open_results=open_results,
        open_part=lambda sink, _: sink,
        merge=_merge,
    )


def _merge(target: Path, parts: Sequence[Path], *, replace: bool) -> int:
    if target.name == "there.csv" and not replace:
        raise OutputExists(str(target))
    return 10 * len(parts)
