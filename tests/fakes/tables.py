"""Tables on the disk: `None` stands for a row with a cell too many."""

from __future__ import annotations

import csv

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
    """The names of the columns, then the rows, as the library of the extra reads them."""
    from pyarrow import parquet  # noqa: PLC0415 - an extra

    table = parquet.read_table(path, use_threads=False)
    lines = zip(*[column.to_pylist() for column in table.columns], strict=True)
    return [table.schema.names, *(list(line) for line in lines)]


def read_table(path):
    """The lines of an output, whatever its form."""
    match path.suffix:
        case ".xlsx":
            return read_workbook(path)[0]
        case ".parquet":
            return read_parquet(path)
        case _:
            return read_csv(path)
