"""Spans of a text that could be the value of a typed field, and values in normal form."""

from __future__ import annotations

import re
import unicodedata
from functools import partial
from typing import TYPE_CHECKING

from onhand.domain.day_forms import days_in, is_day, iso_day
from onhand.domain.number_forms import amount_value, amounts_in, number_value, numbers_in
from onhand.domain.tasks import Field, FieldType
from onhand.domain.whole_words import (
    NO_WORD_BEFORE,
    NO_WORD_BEHIND,
    UNSPACED,
    is_plain,
    whole_words,
)

if TYPE_CHECKING:
    from collections.abc import Callable

_LOCAL = rf"(?:[^\W{UNSPACED}]|[.+-]){{1,64}}"
_DOMAIN = rf"(?:[^\W{UNSPACED}]|-){{1,63}}"
_EMAIL = re.compile(
    rf"{NO_WORD_BEFORE}(?<![.+-])(?=[\w.+'-]{{1,194}}@)"
    rf"{_LOCAL}(?:'{_LOCAL}){{0,2}}@{_DOMAIN}(?:\.{_DOMAIN}){{1,9}}"
    # A domain of Chinese characters, say, which no blank sets apart from other words.
    rf"|(?<![\w.+-])[\w.+-]{{1,64}}@(?=(?:[\w-]{{1,63}}\.){{0,9}}[{UNSPACED}])"
    r"[\w-]{1,63}(?:\.[\w-]{1,63}){1,9}"
)
_DASH = r"\-\u2010-\u2013"
_PHONE = re.compile(
    rf"{NO_WORD_BEFORE}(?<!\.)(?:"
    # A card's number is taken whole, so that no part of it passes for a telephone's.
    rf"\d{{4}}(?:[ {_DASH}]\d{{4}}){{3}}{NO_WORD_BEHIND}|"
    rf"\+?\(?\d(?:(?:[^\S\n]|[().{_DASH}/]){{0,3}}\d){{5,14}}"
    r"(?:[^\S\n]?(?:[xX]|[eE]xt\.?)[^\S\n]?\d{1,6})?"
    # The 08 of 2026 08:12 belongs to a time.
    rf"{NO_WORD_BEHIND}(?![ .:{_DASH}]\d))"
)
_BY_YEAR = re.compile(r"(?:19|20)\d\d[-/]\d{3,6}")
"""How invoices and files are numbered."""

_OCTET = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_COMPUTER = re.compile(rf"{_OCTET}(?:\.{_OCTET}){{3}}")
_NO_URL = (
    r"\s<>\"'()\[\]"
    # quotation marks, the ellipsis
    r"\xab\xbb\u2018-\u201f\u2026\u2039\u203a"
    # marks of full width
    r"\u3001\u3002\u3008-\u3011\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f"
)
_BRACKETED = rf"\([^{_NO_URL}]*\)|\[[^{_NO_URL}]*\]"
_URL = re.compile(
    rf"(?:https?://|{NO_WORD_BEFORE}www\.)"
    rf"(?:[^{_NO_URL}]|{_BRACKETED})*(?:[^{_NO_URL}.,;:!?]|{_BRACKETED})",
    re.IGNORECASE,
)
_CARD = 13
"""Digits of the shortest card number; telephone numbers so long name their country."""

_LONGEST_PHONE = 15
_EXTENSION = re.compile(r"x|ext\.?", re.IGNORECASE)
_TRACES = {
    FieldType.AMOUNT: re.compile(r"\d"),
    FieldType.NUMBER: re.compile(r"\d"),
    FieldType.EMAIL: re.compile("@"),
}
"""What no value of a type is without; other types have nothing as plain as that."""


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
            return days_in(text) or None
        case _:
            return _FINDERS[field.type](text)


def may_hide_one(field: Field, text: str) -> bool:
    """Whether a text without candidates has something that all values of the type have."""
    trace = _TRACES.get(field.type)
    return trace is not None and trace.search(text) is not None


def normal_value(field: Field, text: str) -> str:
    """A value in its normal form; the text with single spaces where there is none.

    A date becomes YYYY-MM-DD (day first where day and month could be either; ISO 8601), an
    amount or number gets a decimal point and no separators, and an amount its currency
    behind it, by its code if the sign has only one. An e-mail address gets small letters. A
    telephone number that names its country becomes the plus and its digits (ITU-T E.164),
    with an extension as RFC 3966 has it. A choice is written as the task writes it.
    """
    plain = " ".join(text.split())
    if field.type is FieldType.CHOICE:
        return _choice(field.choices, plain)
    form = _NORMAL.get(field.type)
    return (form(plain) if form else None) or plain


def _phones(text: str) -> tuple[tuple[int, int], ...]:
    found = _spans(_PHONE, text)
    return tuple(span for span in found if _may_be_called(text[slice(*span)]))


def _spans(pattern: re.Pattern[str], text: str) -> tuple[tuple[int, int], ...]:
    return tuple(match.span() for match in pattern.finditer(text))


def _may_be_called(number: str) -> bool:
    """Whether it looks like no day, computer's address, or number of a card or file."""
    if is_day(number) or _COMPUTER.fullmatch(number) or _BY_YEAR.fullmatch(number):
        return False
    digits = _digits(_EXTENSION.split(number)[0])
    return len(digits) < _CARD or number.startswith(("+", "00"))


def _choices(choices: tuple[str, ...], text: str) -> tuple[tuple[int, int], ...]:
    loosely = not is_plain(text)
    spans = {
        match.span()
        for choice in choices
        for match in re.finditer(
            whole_words(choice, loosely=loosely or not is_plain(choice)),
            text,
            re.IGNORECASE,
        )
    }
    return tuple(sorted(spans))


def _choice(choices: tuple[str, ...], text: str) -> str:
    """The choice that a text names; the text itself where that is none."""
    same = [each for each in choices if _folded(each) == _folded(text)]
    return same[0] if same and text not in choices else text


def _folded(text: str) -> str:
    plain = " ".join(text.replace("\u00ad", "").split())
    return unicodedata.normalize("NFC", plain).casefold()


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


_FINDERS: dict[FieldType, Callable[[str], tuple[tuple[int, int], ...]]] = {
    FieldType.AMOUNT: amounts_in,
    FieldType.NUMBER: numbers_in,
    FieldType.EMAIL: partial(_spans, _EMAIL),
    FieldType.PHONE: _phones,
    FieldType.URL: partial(_spans, _URL),
}
_NORMAL: dict[FieldType, Callable[[str], str | None]] = {
    FieldType.DATE: iso_day,
    FieldType.AMOUNT: amount_value,
    FieldType.NUMBER: number_value,
    FieldType.PHONE: _phone,
    FieldType.EMAIL: str.lower,
}
