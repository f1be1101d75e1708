"""The values of an extraction as rows that can be edited, and as what is copied of them."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import zip_longest
from typing import TYPE_CHECKING

from onhand.domain.answers import Value
from onhand.domain.export import defused
from onhand.domain.whole_words import whole_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from onhand.domain.answers import Extraction


class CopyForm(StrEnum):
    """How values are copied."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


@dataclass(frozen=True, kw_only=True)
class FieldRow:
    """One value of a field, or a field without one.

    Attributes:
        found: what the model found; None where it found nothing.
        edited: what the user put in its place, "" for no value; None where untouched.
        place: where in the text that stands, in code points; None where it does not.
    """

    field: str
    found: Value | None = None
    edited: str | None = None
    place: tuple[int, int] | None = None

    @property
    def text(self) -> str:
        """The value as it is now; "" for none."""
        if self.edited is not None:
            return self.edited
        return "" if self.found is None else self.found.text

    @property
    def source(self) -> tuple[int, int] | None:
        """Where in the text the value stands, in code points."""
        found = self.found
        if self.edited is not None:
            return self.place
        if found is None or found.start is None or found.end is None:
            return None
        return found.start, found.end


def edited_row(row: FieldRow, typed: str, text: str) -> FieldRow:
    """The row with another value; what the model found again is no edit."""
    value = typed.strip()
    if value == ("" if row.found is None else row.found.text):
        return replace(row, edited=None, place=None)
    return replace(row, edited=value, place=_place(value, row.found, text))


def rows_of(
    answer: Extraction, correction: Mapping[str, list[str]] | None, text: str
) -> list[FieldRow]:
    """A row for every value, the corrected ones where there are such."""
    rows = []
    for name, values in answer.fields.items():
        if correction is None:
            rows += [FieldRow(field=name, found=each) for each in values or (None,)]
            continue
        pairs = _paired(values, correction.get(name, []))
        rows += [
            edited_row(FieldRow(field=name, found=found), right, text)
            for found, right in pairs or [(None, "")]
        ]
    return rows


def _place(value: str, found: Value | None, text: str) -> tuple[int, int] | None:
    """Where a value stands by itself, as near as possible to what was found instead."""
    if not value:
        return None
    near = (found.start if found else None) or 0
    places = [each.span() for each in re.finditer(whole_words(value, numbers=True), text)]
    return min(places, key=lambda place: abs(place[0] - near), default=None)


def _paired(found: Sequence[Value], right: Sequence[str]) -> list[tuple[Value | None, str]]:
    """What was found with what is right instead; equal ones belong together."""
    pairs: list[tuple[Value | None, str]] = []
    matcher = SequenceMatcher(a=[each.text for each in found], b=right, autojunk=False)
    for _, i1, i2, j1, j2 in matcher.get_opcodes():
        pairs += (
            (each, instead or "")
            for each, instead in zip_longest(found[i1:i2], right[j1:j2])
        )
    return pairs


def values_in(rows: Iterable[FieldRow]) -> dict[str, list[str]]:
    """The values of every field, in the form of a correction."""
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row.field, [])
        if row.text:
            found[row.field].append(row.text)
    return found


def as_csv(rows: Iterable[FieldRow], state: Callable[[FieldRow], str]) -> str:
    """A line for each row under a header; no cell is run by a spreadsheet."""
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\r\n")
    writer.writerow(("field", "value", "state"))
    for row in rows:
        writer.writerow([defused(cell) for cell in (row.field, row.text, state(row))])
    return lines.getvalue()


def as_json(rows: Iterable[FieldRow]) -> str:
    """An object of fields, each a list of values with their places in the text."""
    fields: dict[str, list[dict[str, object]]] = {}
    for row in rows:
        values = fields.setdefault(row.field, [])
        if row.text:
            start, end = row.source or (None, None)
            edited = row.edited is not None or row.found is None
            sure = row.found.confidence if row.found else None
            told: dict[str, object] = {"text": row.text, "start": start, "end": end}
            values.append(told | ({"edited": True} if edited else {"confidence": sure}))
    return json.dumps({"fields": fields}, ensure_ascii=False, indent=2) + "\n"
