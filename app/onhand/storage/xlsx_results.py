"""Output as a workbook, written as it comes: no copy in memory, none in another file."""

from __future__ import annotations

import math
import re
from contextlib import contextmanager
from datetime import UTC, date, datetime
from html import escape
from io import BytesIO
from itertools import chain, islice
from typing import TYPE_CHECKING, assert_never
from zipfile import ZIP_DEFLATED, ZipFile

from onhand.storage.result_files import OutputFile, table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import IO

    from onhand.domain.column_kinds import Cell
    from onhand.domain.tasks import Task
    from onhand.services.batch_ports import RowSource
    from onhand.services.history_ports import Record

MOST_ROWS = 1_048_576
MOST_CHARACTERS = 32_767
"""What a sheet and a cell can hold (ECMA-376, as Excel keeps to it)."""

_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LIKE_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
"""What a spreadsheet would take for a character that is written by its number."""

_CUT = " […]"
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - days of a workbook have no zone
_MOST_EXACT = 2**53
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml."
_TOP = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

_STYLES = (
    f'{_TOP}<styleSheet xmlns="{_MAIN}">'
    '<numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
    '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts>'
    '<fonts><font/></fonts><fills><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    "<borders><border/></borders>"
    "<cellStyleXfs><xf/></cellStyleXfs>"
    '<cellXfs><xf/><xf numFmtId="164" applyNumberFormat="1"/>'
    '<xf numFmtId="165" applyNumberFormat="1"/></cellXfs><cellStyles>'
    '<cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


class XlsxResults(OutputFile):
    """Output as .xlsx; it appears under its name only when it is complete."""

    def write(self, results: Iterable[Record], source: RowSource, task: Task) -> None:
        """Write the input's columns and the answers behind them.

        Texts are texts, whatever they begin with: no spreadsheet runs them.

        Raises:
            OutputUnwritable: the place cannot be written.
            DiskFull: there is no room; nothing appears.
            JobChanged: the rows are no longer those that were answered.
        """
        self.write_table(table(results, source, task))

    def write_table(self, lines: Iterator[list[Cell]], most: int = MOST_ROWS) -> None:
        """Write a header and rows; more than `most` lines go on to further sheets."""
        header = next(lines, [])
        names: list[str] = []
        with (
            self.replaced() as file,
            ZipFile(file, "w", ZIP_DEFLATED, allowZip64=True) as book,
        ):
            while (first := next(lines, None)) is not None or not names:
                names.append(f"Answers {len(names) + 1}" if names else "Answers")
                rest = [] if first is None else islice(chain([first], lines), most - 1)
                with _sheet(book, len(names)) as sheet:
                    _fill(sheet, chain([header], rest))
            _finish(book, names)


def workbook(sheets: Iterable[tuple[str, Iterable[Sequence[Cell]]]]) -> bytes:
    """A small workbook of named sheets; what does not fit on one is left out."""
    made = BytesIO()
    names: list[str] = []
    with ZipFile(made, "w", ZIP_DEFLATED) as book:
        for name, lines in sheets:
            names.append(name)
            with _sheet(book, len(names)) as sheet:
                _fill(sheet, islice(lines, MOST_ROWS))
        _finish(book, names)
    return made.getvalue()


@contextmanager
def _sheet(book: ZipFile, number: int) -> Iterator[IO[bytes]]:
    with book.open(f"xl/worksheets/sheet{number}.xml", "w", force_zip64=True) as sheet:
        sheet.write(f'{_TOP}<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
        yield sheet
        sheet.write(b"</sheetData></worksheet>")


def _fill(sheet: IO[bytes], lines: Iterable[Sequence[Cell]]) -> None:
    for line in lines:
        cells = "".join(_cell(cell) for cell in line)
        sheet.write(f"<row>{cells}</row>".encode())


def _cell(cell: Cell) -> str:
    match cell:
        case None | "":
            return "<c/>"
        case bool():
            return f'<c t="b"><v>{int(cell)}</v></c>'
        case int() | float():
            return _number(cell)
        case str():
            return _text(cell)
        case date():
            return _moment(cell)
        case _:
            assert_never(cell)


def _number(value: float) -> str:
    if math.isfinite(value) and abs(value) <= _MOST_EXACT:
        return f"<c><v>{value!r}</v></c>"
    return _text(str(value))


def _text(text: str) -> str:
    if len(text) > MOST_CHARACTERS:
        text = text[: MOST_CHARACTERS - len(_CUT)] + _CUT
    # A carriage return in XML is read as a line end unless it is spelled out.
    # Not xml.sax.saxutils, which loads what speaks to the network.
    fit = escape(_UNFIT.sub("\N{REPLACEMENT CHARACTER}", text), quote=False)
    fit = _LIKE_ESCAPED.sub("_x005F_", fit).replace("\r", "&#13;")
    return f'<c t="inlineStr"><is><t xml:space="preserve">{fit}</t></is></c>'


def _moment(at: date) -> str:
    """A date, or a date with a time, in days of the workbook."""
    if not isinstance(at, datetime):
        days = (datetime(at.year, at.month, at.day) - _EPOCH).days  # noqa: DTZ001
        return f'<c s="1"><v>{days}</v></c>' if days > 60 else _text(at.isoformat())
    plain = at.astimezone(UTC).replace(tzinfo=None) if at.tzinfo else at
    days_and_hours = (plain - _EPOCH).total_seconds() / 86400
    if days_and_hours <= 60:  # before the leap day that workbooks wrongly believe in
        return _text(at.isoformat())
    return f'<c s="2"><v>{days_and_hours!r}</v></c>'


def _finish(book: ZipFile, names: list[str]) -> None:
    """Write what holds the sheets together."""
    sheets = "".join(
        f'<sheet name="{escape(name)}" sheetId="{at}" r:id="rId{at}"/>'
        for at, name in enumerate(names, 1)
    )
    parts = [
        (f"rId{at}", "worksheet", f"worksheets/sheet{at}.xml")
        for at in range(1, len(names) + 1)
    ]
    styles = (f"rId{len(names) + 1}", "styles", "styles.xml")
    kinds = "".join(
        f'<Override PartName="/xl/{place}" ContentType="{_TYPE}{kind}+xml"/>'
        for _, kind, place in (*parts, styles)
    )
    book.writestr("xl/styles.xml", _STYLES)
    book.writestr(
        "xl/workbook.xml",
        f'{_TOP}<workbook xmlns="{_MAIN}" xmlns:r="{_DOCUMENT}">'
        f"<sheets>{sheets}</sheets></workbook>",
    )
    book.writestr("xl/_rels/workbook.xml.rels", _relations([*parts, styles]))
    book.writestr(
        "_rels/.rels", _relations([("rId1", "officeDocument", "xl/workbook.xml")])
    )
    book.writestr(
        "[Content_Types].xml",
        f'{_TOP}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}sheet.main+xml"/>'
        f"{kinds}</Types>",
    )


def _relations(parts: list[tuple[str, str, str]]) -> str:
    each = "".join(
        f'<Relationship Id="{number}" Type="{_DOCUMENT}/{kind}" Target="{place}"/>'
        for number, kind, place in parts
    )
    return f'{_TOP}<Relationships xmlns="{_PACKAGE}/relationships">{each}</Relationships>'
