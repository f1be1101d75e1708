"""Tables on the disk: `None` stands for a row with a cell too many."""

from __future__ import annotations

import csv
from datetime import UTC

from arro3.core import DataType
from arro3.io import read_parquet as open_parquet
from openpyxl import Workbook

HEADER = ("id", "text")


def lines_of(texts):
    """The header, and a line for each text."""
    yield list(HEADER)
    for position, text in enumerate(texts):
        yield [f"n{position}", *(["too", "many"] if text is None else [text])]


def write_csv(path, texts):
    """A table of commas or, as the name says, of tabs."""
    with path.open("w", encoding="utf-8", newline="") as file:
        delimiter = "\t" if path.suffix == ".tsv" else ","
        csv.writer(file, delimiter=delimiter).writerows(lines_of(texts))
    return path


def write_workbook(path, texts=(), lines=None):
    """A workbook with one sheet."""
    book = Workbook()
    for line in lines_of(texts) if lines is None else lines:
        book.active.append(line)
    book.save(path)
    return path


def read_workbook(path):
    """All sheets of a workbook, each as its lines."""
    from openpyxl import load_workbook  # noqa: PLC0415 - beside what writes one

    return [[list(line) for line in sheet.values] for sheet in load_workbook(path)]


def read_csv(path, delimiter=","):
    """The lines of a table."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter=delimiter))


def read_parquet(path):
    """The names of the columns, then the rows, as the library itself reads them."""
    table = open_parquet(path).read_all()
    lines = zip(*[cells(table.column(at)) for at in range(table.num_columns)], strict=True)
    return [table.schema.names, *(list(line) for line in lines)]


def cells(column):
    """The cells of a column; its moments are told in UTC, without tables of zones."""
    zone = column.type.tz
    if zone is not None:
        column = column.cast(DataType.timestamp(column.type.time_unit))
    found = [cell.as_py() for cell in column]
    if zone is None:
        return found
    return [None if cell is None else cell.replace(tzinfo=UTC) for cell in found]


def read_table(path):
    """The lines of an output, whatever its form."""
    match path.suffix:
        case ".xlsx":
            return read_workbook(path)[0]
        case ".parquet":
            return read_parquet(path)
        case ".tsv":
            return read_csv(path, "\t")
        case _:
            return read_csv(path)
