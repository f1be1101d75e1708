"""Runs of digits that could be a telephone number, and what else such a run may be."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from onhand.domain.whole_words import NO_WORD_BEFORE, NO_WORD_BEHIND

if TYPE_CHECKING:
    from collections.abc import Iterator

BLANKS = " \u00a0\u2007\u2009\u202f"
"""Between the digits of one number; web pages and word processors use all of them."""

DASHES = r"\u2010-\u2013-"

FEWEST, MOST = 7, 15
"""Digits of a telephone number."""

_RUN = re.compile(
    # "Tel.:030 1234" has no blank, but the 30 of 12:30 belongs to a time.
    rf"{NO_WORD_BEFORE}(?:(?<![./$€£-])|(?<=[^\W\d_]\.)(?=[+(0]))(?<!\d[,:])"
    rf"(?:\+\s?)?\(?\d[\d()./{BLANKS}{DASHES}]{{4,60}}\d"
    rf"(?:\s?(?:x|ext\.?)\s?\d{{1,5}})?{NO_WORD_BEHIND}(?![%€$£]|[.,:]\d|-\d)"
)
_EXTENSION = re.compile("x|ext")
_MONEY = re.compile(
    r"\s?(?:€|\$|£|%|EUR|USD|GBP|CHF|dollars?|euros?|pounds?)", re.IGNORECASE
)
_ADDRESS = re.compile(r"[1-9]\d{3} \d{3,4}")
_NAMED = re.compile(r" [^\W\d_a-z]")
"""Two groups of digits and a name in capitals: numbers of a house and of its street."""

_DAY, _MONTH = "(?:0?[1-9]|[12]\\d|3[01])", "(?:0?[1-9]|1[0-2])"
_WHOLE = (
    rf"(?:{_DAY}[./-]{_MONTH}[./-](?:(?:19|20)\d\d|\d\d)"
    rf"|{_MONTH}/{_DAY}/(?:19|20)\d\d|(?:19|20)\d\d-{_MONTH}-{_DAY})"
)
_DAY_ALONE = re.compile(_WHOLE)
_DATE = re.compile(
    r"(?:\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./ ]\d{1,2}[-./ ](?:\d{4}|\d{2}))"
    r"(?:\s+\d{1,2})?"
)
"""Perhaps with an hour behind it."""

_PERIOD = re.compile(rf"(?:{_WHOLE}|{_DAY}\.(?:{_MONTH}\.?)?)\s?[-\u2013/ ]\s?{_WHOLE}")
"""From one day to another, as in 1.-5.2.2026."""

_YEARS = re.compile(r"(?:1[89]|20)\d\d\s?[-–/]\s?(?:(?:1[89]|20)\d\d|\d\d)")
_ZIP = re.compile(r"[1-9]\d{4}[ -]\d{2,4}")
"""A postal code with its extension, or with a house number behind it."""

_DECIMAL = re.compile(r"\d{1,3}[.,]\d+")
_MILLIONS = re.compile(rf"[1-9]([.{BLANKS}])\d{{3}}(?:\1\d{{3}})+")
_VERSION = re.compile(r"(?:\d+\.)+0(?:\.\d+)+")
"""Of a program: no group of a telephone number is a mere 0."""

_OTHERS = (_DATE, _PERIOD, _YEARS, _ZIP, _DECIMAL, _MILLIONS, _VERSION)

_LONGEST = 26
"""Code points of one number."""

_WHOLE_ONE = 9
"""Digits behind which another number may begin after a mere blank."""

_IN_AMERICA = r"\(?\d{3}\)?[-. ]?\d{3}[-. ]\d{4}(?!\d)"
_CUT = re.compile(
    rf"\s*/\s*|\s+[{DASHES}]\s+|\s+(?=[+(0]|{_IN_AMERICA}|{_WHOLE}{NO_WORD_BEHIND})"
)
_BEGIN = re.compile(rf"[+(0]|{_IN_AMERICA}")


def phone_runs(text: str) -> Iterator[tuple[int, int]]:
    """Where something stands that could be a telephone number."""
    for match in _RUN.finditer(text):
        written = match[0].rstrip(f"({BLANKS}")
        behind = text[match.end() : match.end() + 8]
        if _MONEY.match(behind) or (_ADDRESS.fullmatch(written) and _NAMED.match(behind)):
            continue
        for start, end in _numbers(written):
            if _could_be(without_extension(written[start:end])):
                yield match.start() + start, match.start() + end


def without_extension(number: str) -> str:
    """A number without what is dialled when somebody has answered."""
    return _EXTENSION.split(number)[0].strip()


def is_date_or_decimal(number: str) -> bool:
    """Whether the run is a day, perhaps with an hour, or a number with decimals."""
    return any(each.fullmatch(number) for each in (_DATE, _DECIMAL))


def is_set_apart(number: str) -> bool:
    """Whether the number names its country, or its digits are in groups."""
    return number.startswith("+") or not number.isdecimal()


def _could_be(number: str) -> bool:
    fits = FEWEST <= _digits(number) <= MOST
    return fits and not any(each.fullmatch(number) for each in _OTHERS)


def _numbers(run: str) -> Iterator[tuple[int, int]]:
    """Where the numbers of a run stand: there may be several, or a day beside one."""
    if _digits(run) <= MOST and len(run) <= _LONGEST:
        yield 0, len(run)
        return
    begin = 0
    for cut in _CUT.finditer(run):
        left = run[begin : cut.start()]
        fewest = FEWEST if cut[0].strip() else _WHOLE_ONE
        if _digits(left) < fewest and not _DAY_ALONE.fullmatch(left):
            continue
        yield from _fitting(run, begin, cut.start())
        begin = cut.end()
    yield from _fitting(run, begin, len(run))


def _fitting(run: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """A part that begins like a number, without groups that are too many for one."""
    if not _BEGIN.match(run, begin):
        return
    while _digits(run[begin:end]) > MOST:
        blank = max(run.rfind(each, begin, end) for each in BLANKS)
        if blank < 0:
            break
        end = blank
    yield begin, end


def _digits(text: str) -> int:
    return sum(each.isdecimal() for each in text)
