"""Entries of the history as CSV, JSON Lines or Markdown."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING, Protocol

from onhand.domain.answers import plain
from onhand.domain.export_form import Format
from onhand.domain.output import Answered, output_object
from onhand.domain.tasks import kind_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from onhand.domain.tasks import AnswerData

COLUMNS = (
    *("id", "at", "kind", "task", "text", "answer", "correction"),
    *("confidence", "lane", "route", "model", "seconds", "pinned", "error"),
)

_RUN = frozenset("=+-@\t\r\n")
"""What a cell begins with that a spreadsheet takes for a formula (OWASP ASVS 1.2.10)."""

_BLANKS = " \N{NO-BREAK SPACE}"
_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
_SEPARATORS = f".,'{_BLANKS}\u2009\u202f\N{RIGHT SINGLE QUOTATION MARK}"
_CURRENCY = r"[$\u00a2-\u00a5\u20a0-\u20cf]"
_NUMBER = re.compile(
    rf"[+-][{_BLANKS}]?{_CURRENCY}?[{_BLANKS}]?[.,]?[0-9][0-9{_SEPARATORS}]*"
    rf"(?:(?<=[0-9])[eE][+-]?[0-9]+[{_BLANKS}]?)?"
    rf"(?:%|{_CURRENCY}|°?[^\W\d_]{{1,3}})?"
)
"""A number as people write it, with the sign of a currency or a short unit. Letters stand
behind it alone, and no digit behind them: that would be a cell of the spreadsheet."""


class Entry(Answered, Protocol):
    """What is exported of an entry, beside its answer."""

    @property
    def at(self) -> datetime:
        """When it was answered."""
        ...

    @property
    def text(self) -> str:
        """What was asked about."""
        ...

    @property
    def correction(self) -> AnswerData | None:
        """The right answer, as the user gave it."""
        ...

    @property
    def pinned(self) -> bool:
        """Whether it is kept at hand."""
        ...


def header(form: Format) -> str:
    """What stands in front of the first entry, with its line end."""
    match form:
        case Format.CSV:
            return _csv_line(list(COLUMNS))
        case Format.JSONL:
            return ""
        case Format.MARKDOWN:
            return "# History\n"


def exported(form: Format) -> Callable[[Entry], str]:
    """How an entry is written, with its line end."""
    return {Format.CSV: _csv, Format.JSONL: _jsonl, Format.MARKDOWN: _markdown}[form]


def defused(cell: str) -> str:
    """A cell that no spreadsheet runs; a number stays as it is written.

    That is a number with a sign in front, whatever stands between its digits, and with a
    currency, a percent sign or a unit of at most three letters: "-1.234,56 EUR".
    """
    looked_at = cell.lstrip(_BLANKS + _MARK)
    if not looked_at or looked_at[0] not in _RUN:
        return cell
    return cell if _NUMBER.fullmatch(looked_at.rstrip(_BLANKS)) else "'" + cell


def _csv(entry: Entry) -> str:
    told = _object(entry)
    answer = plain(entry.outcome.answer) if entry.outcome else ""
    cells = {**told, "answer": answer, "error": entry.error}
    return _csv_line([_cell(cells[name]) for name in COLUMNS])


def _csv_line(cells: list[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float | int):
        return str(value)
    return defused(_told(value))


def _told(value: object) -> str:
    """A text as it is, anything else as JSON that people can read."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _jsonl(entry: Entry) -> str:
    return json.dumps(_object(entry), ensure_ascii=False) + "\n"


def _markdown(entry: Entry) -> str:
    answer = plain(entry.outcome.answer) if entry.outcome else f"({entry.error})"
    parts = [
        f"\n## r{entry.id}, {entry.at:%Y-%m-%d %H:%M}, {_task(entry)}\n",
        _fenced(entry.text),
        _fenced(answer),
    ]
    if entry.correction is not None:
        parts += ["Corrected to:\n", _fenced(_told(entry.correction))]
    return "\n".join(parts)


def _fenced(text: str) -> str:
    """A text that Markdown leaves as it is."""
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}\n{text}\n{fence}\n"


def _object(entry: Entry) -> dict[str, object]:
    """What is told of any answer, and what only an entry has."""
    return output_object(entry) | {
        "id": f"r{entry.id}",
        "at": entry.at.isoformat(),
        "task": _task(entry),
        "text": entry.text,
        "correction": entry.correction,
        "pinned": entry.pinned,
    }


def _task(entry: Entry) -> str:
    return entry.task.name or str(kind_of(entry.task))
