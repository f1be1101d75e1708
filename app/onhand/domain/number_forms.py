"""Numbers and amounts of money as they may be copied from a text, and in normal form."""

from __future__ import annotations

import re

from onhand.domain.whole_words import NO_WORD_BEFORE, NO_WORD_BEHIND, UNSPACED

_SIGNS = "$€£¥₹"
_CODES = (
    "AED|ARS|AUD|BRL|CAD|CHF|CLP|CNY|COP|CZK|DKK|EGP|EUR|GBP|HKD|HUF|IDR|ILS|INR|JPY|KRW|"
    r"MXN|MYR|NOK|NZD|PHP|PLN|RON|SAR|SEK|SGD|THB|TRY|TWD|UAH|USD|VND|ZAR|RM|Rs\.?"
)
_MONEY = rf"(?:{_CODES}|(?:US|AU?|CA?|HK|NT|NZ|S|R)?\$|[{_SIGNS}])"
_MONEY_WORDS = "kr|Kč|zł|Fr|[Ee]uros?|[Dd]ollars?|[Pp]ounds?|[Yy]en|円|元|圆|원"
_LONGEST_MONEY = 5
_CURRENCIES = {"€": "EUR", "£": "GBP", "₹": "INR"}
"""The signs that stand for one currency."""

_MINUS = r"\-\u2212"
_TIGHT = "'\u2019\u00a0\u2009\u202f"
"""What groups digits and nothing else: apostrophes, and blanks where no line breaks."""

_BLANK = "[ \u00a0\u2009\u202f]"
_BEFORE = rf"{NO_WORD_BEFORE}(?<![.,])"
_LAKHS = r"\d{1,2}(?:,\d\d)+,\d{3}"
"""Digits grouped as in India."""

_AMOUNT = re.compile(
    rf"(?=[\d{_MINUS}{_SIGNS}A-Z]){_BEFORE}[{_MINUS}]?(?P<money>{_MONEY})?[{_MINUS}]?"
    rf"(?:{_LAKHS}(?!\d)|\d{{1,3}}(?P<mark>[., {_TIGHT}])\d{{3}}(?:(?P=mark)\d{{3}})*(?!\d)"
    r"|\d+)"
    # 5k is not 5: a letter behind may stand for thousands or millions.
    r"(?:(?P<cents>[.,]\d\d)(?!\d)|(?:[.,]\d+)?(?![\w.,]?\d))(?![kKmM](?!\w))"
    rf"(?P<sign>[{_SIGNS}])?"
)
_MONEY_BEFORE = re.compile(rf"{NO_WORD_BEFORE}{_MONEY}{_BLANK}?\Z")
_MONEY_BEHIND = re.compile(
    rf"[.,][-–—]|{_BLANK}?(?:{_MONEY}|{_MONEY_WORDS}){NO_WORD_BEHIND}"
)
_NO_WORD = re.compile(NO_WORD_BEHIND)
_NUMBER = re.compile(
    rf"{_BEFORE}[+{_MINUS}]?\d+(?:[.,]\d+|[{_TIGHT}]\d{{3}}(?!\d))*"
    # A unit may touch it, but not what goes on in figures, as in a key or a size.
    rf"(?![.,]?\d)(?![^\W\d_{UNSPACED}]*[\d_])"
)
_GROUPED = re.compile(rf"\d+|\d{{1,3}}([.,])\d{{3}}(?:\1\d{{3}})*|{_LAKHS}")
_IN_GROUPS = re.compile(rf"\d[ {_TIGHT}]\d")
_CENTS = 2

Place = tuple[int, int]


def amounts_in(text: str) -> tuple[Place, ...]:
    """Every amount with cents or a currency; where there is none, every number."""
    found = list(_AMOUNT.finditer(text))
    sure = [each for each in found if each["cents"] or _is_money(each, text)]
    return tuple(each.span() for each in sure or found)


def numbers_in(text: str) -> tuple[Place, ...]:
    """Every number that stands by itself."""
    return tuple(match.span() for match in _NUMBER.finditer(text))


def amount_value(text: str) -> str | None:
    """An amount with a decimal point, and its currency by its code if it has only one."""
    number = number_value(text)
    money = re.sub(rf"[\d.,+ {_MINUS}{_TIGHT}]+", "", text)
    if number is None or not money:
        return number
    return f"{number} {_CURRENCIES.get(money, money)}"


def number_value(text: str) -> str | None:
    """A number with a decimal point and no other marks; None where it is none.

    Of two different marks the last is the decimal one. A mark that stands alone groups
    thousands if there are three digits behind it and up to three before it, no zero first.
    """
    plain = re.sub(r"[^\d.,+-]+", "", text.replace("\u2212", "-")).strip(".,")
    sign = plain[:1] if plain[:1] in "+-" else ""
    body = plain.removeprefix(sign)
    if _GROUPED.fullmatch(body) and not _is_decimal(body, text):
        return sign + _digits(body)
    at = max(body.rfind(mark) for mark in ".,")
    whole, mark, behind = body[:at], body[at : at + 1], body[at + 1 :]
    if not _GROUPED.fullmatch(whole) or (mark in whole and len(behind) > _CENTS):
        return None
    return f"{sign}{_digits(whole)}.{_digits(behind)}" if behind.isdecimal() else None


def _is_money(match: re.Match[str], text: str) -> bool:
    """Whether a currency stands beside a number."""
    start, end = match.span()
    if match["sign"] or _MONEY_BEHIND.match(text, end):
        return True
    before = max(0, start - _LONGEST_MONEY)
    named = match["money"] or _MONEY_BEFORE.search(text, before, start)
    return named is not None and _NO_WORD.match(text, end) is not None


def _is_decimal(body: str, text: str) -> bool:
    """Whether the only mark of a number in groups of three is a decimal one after all."""
    alone = sum(map(body.count, ".,")) == 1
    return alone and (body[0] == "0" or _IN_GROUPS.search(text) is not None)


def _digits(text: str) -> str:
    return "".join(str(int(each)) for each in text if each.isdecimal())
