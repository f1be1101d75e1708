"""Dates in running text, in a normal form: English, German, French, Spanish, Italian.

A date that is written in another way is the same date: "12 May 2026", "12.05.2026" and
"le 12 mai 2026" are equal, and "5/12/2026" may be either of two days.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_MONTHS = (
    "january jan januar jänner janvier janv enero ene gennaio",
    "february feb febr februar février févr febrero febbraio",
    "march mar märz mars marzo",
    "april apr avril avr abril aprile",
    "may mai mayo maggio",
    "june jun juni juin junio giugno",
    "july jul juli juillet juil julio luglio",
    "august aug août agosto",
    "september sept sep septembre septiembre settembre",
    "october oct oktober okt octobre octubre ottobre",
    "november nov novembre noviembre",
    "december dec dezember dez décembre déc diciembre dic dicembre",
)
_WEEKDAYS = (
    "monday montag lundi lunes lunedì",
    "tuesday dienstag mardi martes martedì",
    "wednesday mittwoch mercredi miércoles mercoledì",
    "thursday donnerstag jeudi jueves giovedì",
    "friday freitag vendredi viernes venerdì",
    "saturday samstag sonnabend samedi sábado sabato",
    "sunday sonntag dimanche domingo domenica",
)
_MONTH_OF = {
    name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()
}
_WEEKDAY_OF = {
    name: number for number, names in enumerate(_WEEKDAYS) for name in names.split()
}
_AMBIGUOUS = frozenset({"mars", "mayo", "sept", "janv", "févr", "juil", "march"})
"""Months that are other words as well, when no number stands beside them."""

_LEAST_LONE = 4
"""Letters of a month that is one without a number beside it."""


def _any_of(names: Iterable[str]) -> str:
    return "|".join(sorted(names, key=len, reverse=True))


MONTH = _any_of(_MONTH_OF)
"""The names of the months and their usual abbreviations, as a regular expression."""

_MONTH = rf"({MONTH})\b\.?"
_LONE = _any_of(
    name for name in _MONTH_OF if len(name) >= _LEAST_LONE and name not in _AMBIGUOUS
)
_ORDINAL = r"(?:st|nd|rd|th|er|º|°|\.)?"
_YEAR = r"(?:,?\s+(?:de\s+|del\s+)?((?:19|20)\d\d)\b)?"
_LED = "|".join(
    rf"(?<=\b{word} )" for word in ("am", "vom", "zum", "bis", "den", "dem", "ab", "seit")
)
_BORDER = r"(?<![\d.,/-])"
_JOINED = re.compile(
    rf"(?<!\d)(\d{{1,2}}){_ORDINAL}\s*(?:,|and|und|et|e|y|to|bis|au|al|a|-|–|\+|&)\s*"
    r"(?:dem\s+|den\s+|the\s+|le\s+|il\s+|el\s+)?$"
)
"""The first day in front of "7 May" in "6 and 7 May"."""

_CENTURY = 2000
_SHORT_YEARS = 100
_LAST_SHORT_YEAR = 46
"""Of two digits more than this the year is one of 1900: few dates lie 20 years ahead.

No clock is asked, so that a text says the same whenever it is read.
"""

_LAST_MONTH = 12
_LAST_DAY = 31


@dataclass(frozen=True)
class Reading:
    """One way to understand a date; 0 is what it leaves open, Monday is weekday 0."""

    year: int = 0
    month: int = 0
    day: int = 0
    weekday: int | None = None

    def is_told_by(self, other: Reading) -> bool:
        """Whether another one says at least as much."""
        return (
            self.weekday in {None, other.weekday}
            and self.year in {0, other.year}
            and self.month in {0, other.month}
            and self.day in {0, other.day}
        )


@dataclass(frozen=True)
class Dated:
    """A date in a text, at `start:end`, and every way to understand it."""

    start: int
    end: int
    readings: tuple[Reading, ...]

    @property
    def is_weekday(self) -> bool:
        """Whether it names a day of the week and nothing else."""
        return self.readings[0].weekday is not None


def dates_in(text: str) -> list[Dated]:
    """All dates of a text, in its order; none overlaps another."""
    found: list[Dated] = []
    taken: set[int] = set()

    def take(start: int, end: int, readings: tuple[Reading, ...]) -> None:
        if readings and taken.isdisjoint(range(start, end)):
            taken.update(range(start, end))
            found.append(Dated(start, end, readings))

    for form, read in _FORMS:
        for match in form.finditer(text):
            readings = tuple(filter(_is_possible, read(match)))
            take(*match.span(), readings)
            if read is _named and readings:
                begin = max(0, match.start() - _LAST_DAY)
                first = _JOINED.search(text[begin : match.start()])
                if first:
                    [last] = readings
                    day = Reading(last.year, last.month, int(first[1]))
                    take(begin + first.start(1), begin + first.end(1), (day,))
    return sorted(found, key=lambda each: each.start)


def kept_and_lost(
    text: str, dates: list[Dated], others: list[Dated]
) -> tuple[list[Dated], list[Dated]]:
    """The dates of a text that are among others, in any form, and those that are not.

    A weekday in front of a date that is kept is not missed: it says nothing more.
    """
    there = {reading for each in others for reading in each.readings}
    kept: list[Dated] = []
    lost: list[Dated] = []
    for each in dates:
        told = any(own.is_told_by(other) for own in each.readings for other in there)
        (kept if told else lost).append(each)
    return kept, [each for each in lost if not _is_explained(text, each, kept)]


def _is_explained(text: str, lost: Dated, kept: list[Dated]) -> bool:
    return lost.is_weekday and any(
        0 <= each.start - lost.end <= len(_ARTICLES)
        and text[lost.end : each.start].strip(" ,.") in _ARTICLES
        for each in kept
    )


_ARTICLES = ("", "the", "den", "dem", "le", "el", "il", "on", "día")


def _is_possible(reading: Reading) -> bool:
    return reading.month <= _LAST_MONTH and reading.day <= _LAST_DAY


def month_of(name: str) -> int:
    """The number of a month that `MONTH` matches, whatever its case."""
    return _MONTH_OF[_plain(name)]


def _plain(name: str) -> str:
    """A name in small letters; whatever the case, an "i" matches the Turkish ones too."""
    return name.replace("\u0130", "i").casefold().replace("\u0131", "i")


def whole_year(digits: str) -> int:
    """The year that two or four digits stand for."""
    year = int(digits)
    if year >= _SHORT_YEARS:
        return year
    return year + _CENTURY - (_SHORT_YEARS if year > _LAST_SHORT_YEAR else 0)


def _iso(match: re.Match[str]) -> tuple[Reading, ...]:
    return (Reading(int(match[1]), int(match[2]), int(match[3])),)


def _numeric(match: re.Match[str]) -> tuple[Reading, ...]:
    first, second, year = int(match[1]), int(match[3]), whole_year(match[4])
    day_first = Reading(year, second, first)
    return (day_first,) if match[2] == "." else (day_first, Reading(year, first, second))


def _without_year(match: re.Match[str]) -> tuple[Reading, ...]:
    return (Reading(month=int(match[2]), day=int(match[1])),)


def _named(match: re.Match[str]) -> tuple[Reading, ...]:
    month = month_of(match[2])
    return (Reading(int(match[3] or 0), month, int(match[1])),)


def _month_first(match: re.Match[str]) -> tuple[Reading, ...]:
    month = month_of(match[1])
    return (Reading(int(match[3] or 0), month, int(match[2])),)


def _month_of_year(match: re.Match[str]) -> tuple[Reading, ...]:
    return (Reading(int(match[2]), month_of(match[1])),)


def _month_alone(match: re.Match[str]) -> tuple[Reading, ...]:
    return (Reading(month=month_of(match[1])),)


def _weekday(match: re.Match[str]) -> tuple[Reading, ...]:
    return (Reading(weekday=_WEEKDAY_OF[_plain(match[1])]),)


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], tuple[Reading, ...]]], ...]
_FORMS = tuple(
    (re.compile(pattern, re.IGNORECASE), read)
    for pattern, read in (
        (rf"{_BORDER}(\d{{4}})[-./](\d\d?)[-./](\d\d?)(?!\d)", _iso),
        (rf"{_BORDER}(\d\d?)([-./]) ?(\d\d?)\2 ?(\d{{4}}|\d\d)(?!\d)", _numeric),
        # Without a year it could as well be a version at the end of a sentence.
        (rf"(?:{_LED})(\d\d?)\. ?(\d\d?)\.(?!\d)", _without_year),
        (
            rf"(?<![\d.,])(\d{{1,2}}){_ORDINAL}\s+(?:of\s+|de\s+|di\s+)?{_MONTH}{_YEAR}",
            _named,
        ),
        (
            rf"\b{_MONTH}\s+(?:the\s+)?(\d{{1,2}})(?:st|nd|rd|th)?(?![.,:]?\d){_YEAR}",
            _month_first,
        ),
        (rf"\b{_MONTH}\s+(?:de\s+|del\s+)?((?:19|20)\d\d)\b", _month_of_year),
        (rf"\b({_LONE})\b", _month_alone),
        (
            rf"\b({_any_of(_WEEKDAY_OF)})(?:s|morgen|vormittag|mittag|nachmittag|abend)?\b",
            _weekday,
        ),
    )
)
