"""Days with their month as they may be copied from a text, and as YYYY-MM-DD (ISO 8601)."""

from __future__ import annotations

import re
from datetime import date

from onhand.domain.whole_words import NO_WORD_BEFORE, NO_WORD_BEHIND
from onhand.domain.written_dates import MONTH, month_of, whole_year

_LAST_MONTH = 12
_FIRST = "".join(sorted({name[0] for name in MONTH.split("|")}))
_BLANK = "[ \u00a0\u2009\u202f]"
_MONTH = rf"(?:{MONTH})(?![^\W\d_])"
_ORDINAL = r"(?:st|nd|rd|th|er|º|°|\.)?"
_OF = r"(?:(?:of|del?|di) )?"
_DAY_MONTH = r"(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])"
_MONTH_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_FORM = re.compile(
    # Almost everywhere this look ahead says no, and fast.
    rf"(?=[\d{_FIRST}]){NO_WORD_BEFORE}(?:"
    # A time may follow, as in ISO 8601.
    rf"\d{{4}}[-./]\d{{1,2}}[-./]\d{{1,2}}(?:(?=T\d)|{NO_WORD_BEHIND})"
    r"|(?:"
    rf"\d{{1,2}}{_BLANK}?[-./]{_BLANK}?\d{{1,2}}{_BLANK}?[-./]{_BLANK}?(?:\d{{4}}|\d\d)"
    rf"|\d{{1,2}}{_ORDINAL}(?:{_BLANK}|[/.-])?{_OF}{_MONTH}"
    rf"(?:\.?(?:{_BLANK}|[,'’/-]){{0,3}}(?:del? )?(?:\d{{4}}|\d\d){NO_WORD_BEHIND})?"
    rf"|{_MONTH}\.?(?:{_BLANK}|-)?(?:the )?\d{{1,2}}(?:st|nd|rd|th)?"
    rf"(?:,?{_BLANK}?\d{{4}}{NO_WORD_BEHIND})?"
    rf"|{_DAY_MONTH}(?:19|20)\d\d"
    rf"|(?:19|20)\d\d{_MONTH_DAY}"
    rf"){NO_WORD_BEHIND})",
    re.IGNORECASE,
)
_ISO = re.compile(r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})")
_NUMERIC = re.compile(r"(\d{1,2}) ?[-./] ?(\d{1,2}) ?[-./] ?(\d{4}|\d{2})")
_NAMED = re.compile(
    # Bounded, so that a long text that a model calls a day is soon found to be none.
    rf"(?:(\d{{1,2}})\D{{0,30}}?)?({_MONTH})\D{{0,30}}?(\d{{1,4}})?"
    r"(?:\D{1,30}(\d{4}|\d{2}))?$",
    re.IGNORECASE,
)
_COMPACT = re.compile(
    r"(0[1-9]|[12]\d|3[01])(0[1-9]|1[0-2])((?:19|20)\d\d)"
    r"|((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])"
)


def days_in(text: str) -> tuple[tuple[int, int], ...]:
    """Every span that is a day with its month, in figures or in words of five languages."""
    return tuple(match.span() for match in _FORM.finditer(text))


def is_day(text: str) -> bool:
    """Whether a text is just such a day."""
    return _FORM.fullmatch(text) is not None


def iso_day(text: str) -> str | None:
    """The day that a text with single spaces is; None if it is none or lacks its year.

    The day comes first where day and month could be either.
    """
    if match := _ISO.fullmatch(text):
        return _day(int(match[1]), int(match[2]), int(match[3]))
    if match := _COMPACT.fullmatch(text):
        day_first, year_first = match.groups()[:3][::-1], match.groups()[3:]
        return _day(*map(int, day_first if match[1] else year_first))
    if match := _NUMERIC.fullmatch(text):
        first, second = int(match[1]), int(match[2])
        day, month = (second, first) if second > _LAST_MONTH else (first, second)
        return _day(whole_year(match[3]), month, day)
    if match := _NAMED.fullmatch(text):
        numbers = [group for group in (match[1], match[3], match[4]) if group]
        if len(numbers) == 2:
            return _day(whole_year(numbers[1]), month_of(match[2]), int(numbers[0]))
    return None


def _day(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None
