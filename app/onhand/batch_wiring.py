"""Wires batches, and what a path stands for as the input or output of one."""

from __future__ import annotations

from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

from onhand.host import SystemClock, own_command
from onhand.privacy_wiring import document_reader
from onhand.services.batch_files import BatchFiles
from onhand.services.labelled_rows import LabelledRows
from onhand.services.run_batch import RunBatch
from onhand.services.try_batch import TryBatch
from onhand.storage.folder_rows import FolderRows
from onhand.storage.memory_jobs import MemoryJobs
from onhand.storage.merging import merge
from onhand.storage.part_results import PartResults
from onhand.storage.row_files import TEXTS, open_results, open_text_rows, raise_if_unknown
from onhand.tables.client import TableRows
from onhand.tables.making import make_parquet as parquet_pieces
from onhand.tables.protocol import TABLES

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Sequence
    from pathlib import Path

    from onhand.domain.column_kinds import Cell, ColumnKind
    from onhand.history_wiring import Store
    from onhand.services.answering import Answering
    from onhand.services.batch_ports import ResultSink, RowSource
    from onhand.services.calibrating import Calibrations
    from onhand.services.models import Models
    from onhand.services.ports import SettingsStore, TaskRunner


def run_batch(  # noqa: PLR0913 - wired in two places
    runner: TaskRunner,
    models: Models,
    store: Store,
    settings: SettingsStore,
    calibrations: Calibrations,
    *,
    together: int = 1,
) -> RunBatch:
    """Runs batches, with the history as their journal.

    The runner is asked about so many chunks together.
    """
    return RunBatch(
        runner=runner,
        together=together,
        select_model=models.select,
        jobs=store.jobs,
        private_jobs=MemoryJobs,
        clock=SystemClock(),
        keeps_history=lambda: settings.load().keep_history and store.can_be_kept(),
        measures=lambda: settings.load().metrics_only,
        calibration=calibrations,
        keep_model=models.keep,
        find_model=models.another,
    )


def try_batch(answering: Answering, models: Models, calibrations: Calibrations) -> TryBatch:
    """Tries some rows, and keeps nothing."""
    return TryBatch(
        runner=answering,
        select_model=models.select,
        clock=SystemClock(),
        calibration=calibrations,
        keep_model=models.keep,
    )


def batch_files(settings: SettingsStore) -> BatchFiles:
    """What opens inputs and outputs; nothing is opened before it is used."""
    return BatchFiles(
        open_rows=partial(open_rows, settings),
        open_results=open_output,
        open_part=PartResults,
        merge=partial(merge, open_table=partial(_lines, settings), make=make_parquet),
    )


def open_rows(settings: SettingsStore, path: Path, column: str) -> RowSource:
    """The rows of an input, with their text in a column.

    Raises:
        UsageError: its format cannot be read.
    """
    if path.is_dir():
        return FolderRows(path, document_reader(settings))
    raise_if_unknown(path, TEXTS | TABLES.keys())
    if path.suffix.lower() in TABLES:
        return _table(settings, path, column)
    return open_text_rows(path, column)


def open_output(path: Path) -> ResultSink:
    """Where the answers of a batch go.

    Raises:
        UsageError: the format cannot be written.
    """
    return open_results(path, make_parquet)


def open_labelled(
    settings: SettingsStore, path: Path, columns: tuple[str, str]
) -> LabelledRows:
    """Labelled texts, by the columns of text and label; "" where only names are asked.

    Raises:
        UsageError: the format cannot be read.
    """
    text, label = columns
    return LabelledRows(open_rows(settings, path, text or "#1"), label)


def table_command() -> list[str]:
    """The command line of a process that reads a table."""
    return own_command("table")


def make_parquet(
    names: Sequence[str], kinds: Sequence[ColumnKind], lines: Iterable[Sequence[Cell]]
) -> Generator[bytes]:
    """The bytes of a Parquet table; see `MakeParquet`."""
    return parquet_pieces(table_command(), names, kinds, lines)


def _table(settings: SettingsStore, path: Path, column: str) -> TableRows:
    confined = settings.load().require_sandbox
    return TableRows(table_command(), path, column, confined=confined)


def _lines(settings: SettingsStore, path: Path) -> Iterator[list[Cell]]:
    """The lines of a table of ours, its header first."""
    table = _table(settings, path, "#1")
    yield [*table.columns()]
    with closing(table.rows()) as rows:
        for row in rows:
            yield [*row.cells]
