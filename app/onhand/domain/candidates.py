"""Spans of a text that could be the value of a typed field, and values in normal form."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from onhand.domain.tasks import Field, FieldType

if TYPE_CHECKING:
    from collections.abc import Callable

_MONTHS = (
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
)  # fmt: skip
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_PATTERNS = {
    FieldType.DATE: re.compile(
        r"\b\d{4}[-./]\d{1,2}[-./]\d{1,2}\b"
        r"|\b\d{1,2} ?[-./] ?\d{1,2} ?[-./] ?(?:\d{4}|\d{2})\b"
        rf"|\b\d{{1,2}}(?:st|nd|rd|th)?[ -]?(?:of )?{_MONTH}[ ,'-]*(?:\d{{4}}|\d{{2}})?\b"
        rf"|\b{_MONTH}[ -]?\d{{1,2}}(?:st|nd|rd|th)?(?:,? ?\d{{4}})?\b",
        re.IGNORECASE,
    ),
    FieldType.AMOUNT: re.compile(
        r"(?<![\w.,])\d{1,3}(?:[,.' ]\d{3}){1,5}[.,]\d{2}(?!\d)"
        r"|(?<![\w.,])\d+[.,]\d{2}(?!\d)"
    ),
    FieldType.NUMBER: re.compile(r"(?<![\w.,])[-+]?\d+(?:[.,]\d+)*(?!\w)"),
    FieldType.EMAIL: re.compile(
        r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,9}"
    ),
    FieldType.PHONE: re.compile(r"(?<![\w.])\+?\(?\d(?:[\s().\-/]{0,2}\d){5,14}(?!\w)"),
    FieldType.URL: re.compile(r"(?:https?://|www\.)[^\s<>\"')\]]*[^\s<>\"')\].,;:!?]"),
}
_WHOLE_AMOUNT = re.compile(r"(?<![\w.,])\d+(?![\w.,]?\d)")
_ISO = re.compile(r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})")
_NUMERIC = re.compile(r"(\d{1,2}) ?[-./] ?(\d{1,2}) ?[-./] ?(\d{4}|\d{2})")
_NAMED = re.compile(
    rf"(?:(\d{{1,2}})\D*?)?({_MONTH})\D*?(\d{{1,4}})?(?:\D+(\d{{4}}|\d{{2}}))?$",
    re.IGNORECASE,
)
_CENTURY = 2000


def candidates_of(field: Field, text: str) -> tuple[tuple[int, int], ...] | None:
    """Every span that has the form of the field's type.

    None where any words may do: the type has no form, or is a date and the text has none
    with day and month ("next Friday").
    """
    match field.type:
        case FieldType.TEXT:
            return None
        case FieldType.CHOICE:
            return _choices(field.choices, text)
        case FieldType.DATE:
            return _spans(_PATTERNS[FieldType.DATE], text) or None
        case FieldType.AMOUNT:
            return _spans(_PATTERNS[FieldType.AMOUNT], text) or _spans(_WHOLE_AMOUNT, text)
        case _:
            return _spans(_PATTERNS[field.type], text)


def normal_value(field: Field, text: str) -> str:
    """A value in its normal form; the text with single spaces where there is none.

    A date becomes YYYY-MM-DD (day first where day and month could be either), an amount or
    number gets a decimal point and no separators, an e-mail address small letters.
    """
    plain = " ".join(text.split())
    form = _NORMAL.get(field.type)
    return (form(plain) if form else None) or plain


def _spans(pattern: re.Pattern[str], text: str) -> tuple[tuple[int, int], ...]:
    return tuple(match.span() for match in pattern.finditer(text))


def _choices(choices: tuple[str, ...], text: str) -> tuple[tuple[int, int], ...]:
    spans = {
        match.span()
        for choice in choices
        for match in re.finditer(rf"(?<!\w){re.escape(choice)}(?!\w)", text, re.IGNORECASE)
    }
    return tuple(sorted(spans))


def _date(text: str) -> str | None:
    if match := _ISO.fullmatch(text):
        return _day(int(match[1]), int(match[2]), int(match[3]))
    if match := _NUMERIC.fullmatch(text):
        first, second, year = (int(group) for group in match.groups())
        day, month = (second, first) if second > 12 else (first, second)
        return _day(_year(year), month, day)
    if (match := _NAMED.fullmatch(text)) and match[2]:
        month = _MONTHS.index(match[2][:3].lower()) + 1
        numbers = [int(group) for group in (match[1], match[3], match[4]) if group]
        if len(numbers) == 2:
            return _day(_year(numbers[1]), month, numbers[0])
    return None


def _day(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _year(year: int) -> int:
    return year + _CENTURY if year < 100 else year


def _amount(text: str) -> str | None:
    """The last mark with one or two digits behind it is the decimal mark."""
    digits = re.sub(r"[^\d.,+-]", "", text)
    match = re.fullmatch(r"([-+]?[\d.,]*?)(?:[.,](\d{1,2}))?", digits)
    if not match:
        return None
    whole = re.sub(r"[.,]", "", match[1])
    return f"{whole}.{match[2]}" if match[2] else whole


_NORMAL: dict[FieldType, Callable[[str], str | None]] = {
    FieldType.DATE: _date,
    FieldType.AMOUNT: _amount,
    FieldType.NUMBER: _amount,
    FieldType.EMAIL: str.lower,
}
