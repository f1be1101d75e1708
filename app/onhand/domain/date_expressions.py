"""Expressions of a day in running text: "this Saturday", "the 28th of May", "in 3 days".

A small model often copies the core of such an expression and leaves its edges out; a value
that lies inside one is grown to the whole. English only; other languages pass unchanged.
"""

from __future__ import annotations

import re

_WEEKDAY = (
    r"(?:mon|tue(?:s)?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)"
    r"(?:day|sday|nesday|rsday|urday)?s?\b"
)
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b(?:\.(?= ?\d))?"
)
_COUNT = (
    r"(?:\d+|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|a few|"
    r"a couple of)"
)
_UNIT = r"(?:day|week|weekend|fortnight|month|year)s?\b"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?\b"
_YEAR = r"(?:,? ?(?:19|20)\d\d\b)"
_NUMERIC = r"(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2}))\b"
_PART = "|".join(
    (
        _NUMERIC,
        rf"(?:the )?{_DAY}(?: of)?[ -]{_MONTH}{_YEAR}?",
        rf"{_MONTH} (?:the )?{_DAY}{_YEAR}?",
        rf"{_MONTH} (?:19|20)\d\d\b",
        r"(?:the )?\d{1,2}(?:st|nd|rd|th)\b",
        rf"(?:(?:this|next|last|coming|the following) )?(?:coming )?{_WEEKDAY}",
        rf"(?:this|next|last|coming) {_UNIT}",
        rf"in {_COUNT} {_UNIT}(?: time)?",
        rf"{_COUNT} {_UNIT} (?:from (?:now|today)|ago|later)",
        r"(?:the )?day after tomorrow",
        r"tomorrow|today|yesterday",
    )
)
_EXPRESSION = re.compile(
    rf"\b(?:{_PART})(?:,? (?:on )?(?:{_PART})|, ?(?:{_PART}))*", re.IGNORECASE
)


def grown(text: str, start: int, end: int) -> tuple[int, int]:
    """The expression of a day that `start:end` lies in, or `start:end` itself."""
    for match in _EXPRESSION.finditer(text):
        if match.start() <= start and end <= match.end():
            return match.span()
    return start, end
