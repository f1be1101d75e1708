"""The outputs of parts of an input, put together in its order."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import msgspec

from onhand.domain.batch_errors import PartsUnfit
from onhand.domain.column_kinds import Cell, column_kinds
from onhand.domain.delimiters import DELIMITERS
from onhand.domain.errors import InputUnreadable, OutputExists, UsageError
from onhand.domain.result_columns import ABOUT
from onhand.storage.csv_rows import read_records
from onhand.storage.jsonl_rows import JsonlResults
from onhand.storage.parquet_results import ParquetResults
from onhand.storage.part_results import PartNote, note_path
from onhand.storage.safe_files import failures_as
from onhand.storage.xlsx_results import XlsxResults

if TYPE_CHECKING:
    from collections.abc import Sequence
    from io import BufferedReader

    from onhand.storage.parquet_results import MakeParquet

TableOpener = Callable[[Path], Iterator[list[Cell]]]
"""The lines of a workbook or a Parquet table, its header first."""

_MARK = b"\xef\xbb\xbf"
_Line = TypeVar("_Line")


def merge(
    target: Path,
    parts: Sequence[Path],
    open_table: TableOpener,
    make: MakeParquet,
    *,
    replace: bool = False,
) -> int:
    """Put the outputs of all parts together, in the order of the input.

    Args:
        target: where the whole output goes.
        parts: the outputs, in any order; each has its note beside it.
        open_table: reads a workbook or a Parquet table.
        make: makes the latter.
        replace: replace what is there, unless it is one of the parts.

    Returns:
        How many rows there are.

    Raises:
        OutputExists: there is something at the target.
        UsageError: the target is one of the parts.
        PartsUnfit: they are not all the parts of one run, or not as they were written.
        InputUnreadable: one of them cannot be read.
        OutputUnwritable, DiskFull, TableUnmade: nothing appears.
    """
    _raise_if_in_the_way(target, parts, replace=replace)
    kinds = {path.suffix.lower() for path in (target, *parts)}
    if len(kinds) != 1:
        raise PartsUnfit("all parts, and what they are merged into, have one format")
    found = [(_note(path), path) for path in parts]
    found.sort(key=lambda each: each[0].part)
    _raise_if_unlike([note for note, _ in found])
    for note, path in found:
        _raise_if_changed(note, path)
    paths = [path for _, path in found]
    match kinds.pop():
        case ".xlsx":
            XlsxResults(target).write_table(_whole(paths, open_table))
        case ".parquet":
            _merge_parquet(target, paths, open_table, make)
        case ".csv" | ".tsv" | ".tab":
            _merge_csv(target, paths)
        case _:
            _merge_lines(target, paths)
    return sum(note.rows for note, _ in found)


def _raise_if_in_the_way(target: Path, parts: Sequence[Path], *, replace: bool) -> None:
    sink = JsonlResults(target)
    if sink.path in {JsonlResults(part).path for part in parts}:
        raise UsageError("the output would replace one of the parts")
    if sink.occupied() and not replace:
        raise OutputExists(str(target))


def _note(path: Path) -> PartNote:
    place = note_path(path)
    try:
        return msgspec.json.decode(place.read_bytes(), type=PartNote)
    except FileNotFoundError as error:
        raise PartsUnfit(f"{place} is missing") from error
    except OSError as error:
        raise InputUnreadable(f"{place}: {error.strerror or error}") from error
    except msgspec.MsgspecError as error:
        raise PartsUnfit(f"{place} cannot be read") from error


def _raise_if_unlike(notes: Sequence[PartNote]) -> None:
    for what, values in (
        ("numbers of parts", {note.of for note in notes}),
        ("inputs", {note.input for note in notes}),
        ("columns", {note.column for note in notes}),
        ("tasks", {note.task_version for note in notes if note.rows}),
        ("models", _models_apart(notes)),
    ):
        if len(values) > 1:
            raise PartsUnfit(f"these are parts of different {what}")
    given = [note.part for note in notes]
    wanted = [*range(1, notes[0].of + 1)]
    missing = [str(each) for each in wanted if each not in given]
    if missing:
        raise PartsUnfit(f"of {notes[0].of} parts these are missing: {', '.join(missing)}")
    if given != wanted:
        raise PartsUnfit("a part is given twice")
    counts = [note.rows for note in notes]
    total = sum(counts)
    shares = [len(range(at, total, len(notes))) for at in range(len(notes))]
    if counts != shares:
        raise PartsUnfit("the parts do not make up a whole input")


def _models_apart(notes: Sequence[PartNote]) -> set[frozenset[str]]:
    """Which models answered, each time; one set where they are those of one run.

    Where a smaller model answers first, one part may have rows of both and another one not.
    """
    given = {frozenset(note.models or {note.model} - {""}) for note in notes}
    most = max(given, key=len)
    return {most} if all(each <= most for each in given) else given


def _raise_if_changed(note: PartNote, path: Path) -> None:
    with failures_as(InputUnreadable, path), path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != note.sha256:
            raise PartsUnfit(f"{path} was changed after it was written")


def _in_turn(sources: Sequence[Iterator[_Line]]) -> Iterator[_Line]:
    """One of each in turn, until none has any."""
    for lines in zip_longest(*sources):
        yield from (line for line in lines if line is not None)


def _merge_lines(target: Path, paths: Sequence[Path]) -> None:
    with ExitStack() as stack, JsonlResults(target).replaced() as merged:
        merged.writelines(_in_turn([_opened(stack, path) for path in paths]))


def _merge_csv(target: Path, paths: Sequence[Path]) -> None:
    with ExitStack() as stack, JsonlResults(target).replaced() as merged:
        files = [_opened(stack, path) for path in paths]
        delimiter = _delimiter(paths[0])
        if files[0].read(len(_MARK)) == _MARK:
            merged.write(_MARK)
        files[0].seek(0)
        tables = [read_records(each, delimiter) for each in files]
        headers = [next(each) for each in tables]
        text = io.TextIOWrapper(merged, encoding="utf-8", newline="")
        writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
        writer.writerow(headers[0])
        writer.writerows(_in_turn(tables))
        text.detach()


def _delimiter(path: Path) -> str:
    """What stands between the cells of an output, by its last columns."""
    for delimiter in DELIMITERS:
        with path.open(encoding="utf-8-sig", newline="") as text:
            names = next(csv.reader(text, delimiter=delimiter), [])
        if len(names) > len(ABOUT):
            return delimiter
    raise PartsUnfit("the columns of the answers are missing")


def _merge_parquet(
    target: Path, paths: Sequence[Path], open_table: TableOpener, make: MakeParquet
) -> None:
    """Read all parts twice: together a column may be of another kind than in each."""
    lines = _whole(paths, open_table)
    header = next(lines)
    kinds = column_kinds(len(header) - len(ABOUT), lines)
    ParquetResults(target, make).write_table(_whole(paths, open_table), kinds)


def _whole(paths: Sequence[Path], open_table: TableOpener) -> Iterator[list[Cell]]:
    """The header of the first, then the lines of all in turn."""
    tables = [open_table(path) for path in paths]
    headers = [next(each) for each in tables]
    yield headers[0]
    yield from _in_turn(tables)


def _opened(stack: ExitStack, path: Path) -> BufferedReader:
    with failures_as(InputUnreadable, path):
        return stack.enter_context(path.open("rb"))
