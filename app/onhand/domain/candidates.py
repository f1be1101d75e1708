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
_SIGNS = "$€£¥₹"
_CODES = (
    "AED|ARS|AUD|BRL|CAD|CHF|CLP|CNY|COP|CZK|DKK|EGP|EUR|GBP|HKD|HUF|IDR|ILS|INR|JPY|KRW|"
    r"MXN|MYR|NOK|NZD|PHP|PLN|RON|SAR|SEK|SGD|THB|TRY|TWD|UAH|USD|VND|ZAR|RM|Rs\.?"
)
_MONEY = rf"(?:{_CODES}|(?:US|AU?|CA?|HK|NT|NZ|S|R)?\$|[{_SIGNS}])"
_PATTERNS = {
    FieldType.DATE: re.compile(
        r"\b\d{4}[-./]\d{1,2}[-./]\d{1,2}\b"
        r"|\b\d{1,2} ?[-./] ?\d{1,2} ?[-./] ?(?:\d{4}|\d{2})\b"
        rf"|\b\d{{1,2}}(?:st|nd|rd|th)?[ /.-]?(?:of )?{_MONTH}"
        r"[ ,'/-]*(?:\d{4}|\d{2})?\b"
        rf"|\b{_MONTH}[ -]?\d{{1,2}}(?:st|nd|rd|th)?(?:,? ?\d{{4}})?\b"
        r"|\b(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)\d\d\b"
        r"|\b(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\b",
        re.IGNORECASE,
    ),
    FieldType.AMOUNT: re.compile(
        rf"(?<![\w.,]){_MONEY}?(?:\d{{1,3}}(?:[,.' ]\d{{3}}){{1,5}}|\d+)[.,]\d{{2}}(?!\d)"
        rf"[{_SIGNS}]?"
    ),
    FieldType.NUMBER: re.compile(r"(?<![\w.,])[-+]?\d+(?:[.,]\d+)*(?!\w)"),
    FieldType.EMAIL: re.compile(
        r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,9}"
    ),
    FieldType.PHONE: re.compile(
        # A card's number is taken whole, so that no part of it passes for a telephone's.
        r"(?<![\w.])\d{4}(?:[ -]\d{4}){3}(?!\w)|"
        r"(?<![\w.])\+?\(?\d(?:(?:[^\S\n]|[().\-/]){0,3}\d){5,14}"
        r"(?:[^\S\n]?(?:[xX]|[eE]xt\.?)[^\S\n]?\d{1,6})?(?!\w|[ .-]\d)"
    ),
    FieldType.URL: re.compile(r"(?:https?://|www\.)[^\s<>\"')\]]*[^\s<>\"')\].,;:!?]"),
}
_WHOLE_AMOUNT = re.compile(rf"(?<![\w.,]){_MONEY}?\d+(?![\w.,]?\d)[{_SIGNS}]?")
_ISO = re.compile(r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})")
_NUMERIC = re.compile(r"(\d{1,2}) ?[-./] ?(\d{1,2}) ?[-./] ?(\d{4}|\d{2})")
_NAMED = re.compile(
    # Bounded, so that a long text that a model calls a date is soon found to be none.
    rf"(?:(\d{{1,2}})\D{{0,30}}?)?({_MONTH})\D{{0,30}}?(\d{{1,4}})?"
    r"(?:\D{1,30}(\d{4}|\d{2}))?$",
    re.IGNORECASE,
)
_COMPACT = re.compile(
    r"(0[1-9]|[12]\d|3[01])(0[1-9]|1[0-2])((?:19|20)\d\d)"
    r"|((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])"
)
_CENTURY = 2000
_CARD = 13
"""Digits of the shortest card number; telephone numbers so long name their country."""

_LONGEST_PHONE = 15
_EXTENSION = re.compile(r"x|ext\.?", re.IGNORECASE)
_CURRENCIES = {"€": "EUR", "£": "GBP", "₹": "INR"}
"""The signs that stand for one currency."""


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
        case _:
            return _typed(field.type, text)


def normal_value(field: Field, text: str) -> str:
    """A value in its normal form; the text with single spaces where there is none.

    A date becomes YYYY-MM-DD (day first where day and month could be either; ISO 8601), an
    amount or number gets a decimal point and no separators, and an amount its currency
    behind it, by its code if the sign has only one. An e-mail address gets small letters. A
    telephone number that names its country becomes the plus and its digits (ITU-T E.164),
    with an extension as RFC 3966 has it.
    """
    plain = " ".join(text.split())
    form = _NORMAL.get(field.type)
    return (form(plain) if form else None) or plain


def _typed(kind: FieldType, text: str) -> tuple[tuple[int, int], ...]:
    found = _spans(_PATTERNS[kind], text)
    if kind is FieldType.PHONE:
        return tuple(span for span in found if _may_be_called(text[slice(*span)]))
    if kind is FieldType.AMOUNT:
        return found or _spans(_WHOLE_AMOUNT, text)
    return found


def _spans(pattern: re.Pattern[str], text: str) -> tuple[tuple[int, int], ...]:
    return tuple(match.span() for match in pattern.finditer(text))


def _may_be_called(number: str) -> bool:
    """Whether a telephone number looks neither like a day nor like the number of a card."""
    if _PATTERNS[FieldType.DATE].fullmatch(number):
        return False
    digits = _digits(_EXTENSION.split(number)[0])
    return len(digits) < _CARD or number.startswith(("+", "00"))


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
    if match := _COMPACT.fullmatch(text):
        day_first, year_first = match.groups()[:3][::-1], match.groups()[3:]
        return _day(*map(int, day_first if match[1] else year_first))
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


def _phone(text: str) -> str | None:
    number, *extension = _EXTENSION.split(text, maxsplit=1)
    if not number.startswith(("+", "00")):
        return None
    # The bracketed zero is for callers from inside the country.
    digits = _digits(number.replace("(0)", "")).removeprefix("00")
    behind = "".join(f";ext={_digits(each)}" for each in extension)
    return f"+{digits}{behind}" if len(digits) <= _LONGEST_PHONE else None


def _digits(text: str) -> str:
    return "".join(str(int(each)) for each in text if each.isdecimal())


def _day(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _year(year: int) -> int:
    return year + _CENTURY if year < 100 else year


def _amount(text: str) -> str | None:
    number, money = _number(text), re.sub(r"[\d.,' +-]+", "", text)
    if number is None or not money:
        return number
    return f"{number} {_CURRENCIES.get(money, money)}"


def _number(text: str) -> str | None:
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
    FieldType.NUMBER: _number,
    FieldType.PHONE: _phone,
    FieldType.EMAIL: str.lower,
}
