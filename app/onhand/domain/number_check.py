"""Numbers that a rewrite lost or made up; another way to write one is neither."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING

from onhand.domain.written_dates import dates_in, kept_and_lost

if TYPE_CHECKING:
    from collections.abc import Mapping

    from onhand.domain.written_dates import Dated

_BLANK = "[ \u00a0\u2009\u202f]"
_MINUSES = "-\u2212–"
_MINUS = rf"(?:(?<![^\s(\[=:<>~≈|;/…\"“„«])(?<!\d )(?<! ; )[{_MINUSES}][€$£]?(?=\d))"
"""Not behind a word, another number or a date that was cut out (" ; "): these it joins."""

_NUMBER = re.compile(
    rf"{_MINUS}?(?:"
    rf"(?<![\d.,])\d{{1,3}}(?:{_BLANK}\d{{3}})+(?!\d)(?:[.,]\d+)?"
    rf"|(?<!\d)\d{{1,2}}{_BLANK}?h{_BLANK}?\d\d(?!\d)"
    r"|\d+(?:[.,:/'’-]\d+)*)"
)
_RUNS = [
    re.compile(rf"{_MINUS}?\d++(?:{joint}\d++)*+")
    # As in "0800-123 456", in "(0800) 123 - 456", and in "+49 (800) 123".
    for joint in (
        rf"(?:{_BLANK}|[-–/.,'’])",
        rf"(?:{_BLANK}|[-–/.)]){{1,3}}",
        rf"(?:{_BLANK}|[-–/.()]){{1,3}}",
    )
]
"""Digits that are one number if they are grouped in a way that we do not know."""

_RANGE = re.compile(
    # "9 Uhr -12 Uhr"
    r"(\d(?:[^\S\n]?(?:uhr|h|[ap]m|euros?|eur|usd|chf|k?g|[kcm]?m|[€$£%]))?[^\S\n]{1,3})[-–]"
    r"(?=[€$£]?\d)",
    re.IGNORECASE,
)
_BULLET = re.compile(r"^[^\S\n]*[-–](?=[^\S\n]*\w)", re.MULTILINE)
_ITEM = re.compile(r"^[^\S\n]*\(?\d{1,2}[.)](?=\s)", re.MULTILINE)
_DIGITS = re.compile(r"\d+")
_ORDINAL = re.compile(
    r"(?<![\d.,])\d+(?:st|nd|rd|th|e|er|ère|ème|º|ª|°|s)\b|(?<!\S)\d{1,2}\.(?=\s\w)"
)
_BELOW = re.compile(
    r"\b(?:minus|moins|menos|meno|below|under|unter|sous|bajo|sotto|less|lost|loss|negativ\w*"
    r"|négati\w*|off|discount\w*|owe[ds]?|overdrawn|debt|rabatt\w*|weniger|verlust\w*|schuld\w*"
    r"|remise|perte|dette|descuento|pérdida|deuda|sconto|perdita|debito"
    r"|(?:decreas|declin|drop|fall|fell|reduc|shr[au]nk|rückg|gesunken|gefallen|sank|fiel"
    r"|baiss|diminu|recul|chut|baj|descend|cay|scend|sces|cal[oò]|ridott)\w*)\b",
    re.IGNORECASE,
)
"""Words that may stand for a minus."""

_SPELLED = {
    "en": "zero one two three four five six seven eight nine ten eleven twelve",
    "de": "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
    "fr": "zéro - deux trois quatre cinq six sept huit neuf dix onze douze",
    "es": "cero - dos tres cuatro cinco seis siete ocho nueve diez once doce",
    "it": "zero - due tre quattro cinque sei sette otto nove dieci undici dodici",
}
_WORDS: Mapping[str, list[str]] = MappingProxyType(
    {language: words.split() for language, words in _SPELLED.items()}
)
"""By their value; where "one" is an article as well, it stands for no number."""

_LEAST_DIGITS = 5
"""From here on a row of digits is the same however it is grouped."""

_GROUP = 3


def lost_numbers(before: str, after: str, language: str) -> list[str]:
    """The numbers of a text that are missing in another, as they stand there.

    Numbers inside of dates that are kept do not count. A language that is not known may
    write small numbers as words of any.
    """
    had, has = dates_in(before), dates_in(after)
    plain = _without_dashes(_without_kept_dates(before, had, has))
    other = _without_dashes(_without_kept_dates(after, has, had))
    kept = Counter(_value(number) for number in _NUMBER.findall(other))
    words = Counter(re.findall(r"\w+", other.lower()))
    for names in _names(language):
        kept.update({str(number): words[name] for number, name in enumerate(names)})
    grouped = {_digits(run) for runs in _RUNS for run in runs.findall(other)} - {""}
    below = len(_BELOW.findall(other)) - len(_BELOW.findall(plain))
    lost = []
    for number in _NUMBER.findall(plain):
        ways = [[_value(number)], _parts(number)]
        if below and (below > 0) == _is_negative(number):
            ways += [[_opposite(way[0]), *way[1:]] for way in ways if way]
        if not any(_take(kept, way) for way in ways) and _digits(number) not in grouped:
            lost.append(number)
    return lost


def new_numbers(before: str, after: str, language: str) -> list[str]:
    """The numbers of a text, each once, that the one it was made from has nowhere.

    Those of a list's items do not count, nor do ordinals and decades: "4th" may have been
    "fourth", and "the 1300s" the fourteenth century.
    """
    after = _ORDINAL.sub("", _ITEM.sub("", after))
    words = {*re.findall(r"\w+", before.lower())}
    there = {_value(number) for number in _NUMBER.findall(before)}
    there |= {*_DIGITS.findall(before)}
    for names in _names(language):
        there |= {str(number) for number, name in enumerate(names) if name in words}
    row = "".join(_DIGITS.findall(before))
    for runs in reversed(_RUNS):  # what is joined most loosely first
        after = runs.sub(lambda run: " ; " if _is_regrouped(run, row) else run[0], after)
    missing = dict.fromkeys(lost_numbers(after, before, language))
    return [
        number
        for number in missing
        if _value(number) not in there and not there.issuperset(_DIGITS.findall(number))
    ]


def _is_regrouped(run: re.Match[str], row: str) -> bool:
    """Whether the digits of a run stand in a row of digits, if they are enough to tell.

    What a comma joins to other digits is no run of its own.
    """
    digits = "".join(_DIGITS.findall(run[0]))
    before, behind = run.string[: run.start()], run.string[run.end() :]
    joined = before.endswith((",", ".")) or re.match(r"[.,]\d", behind) is not None
    return len(digits) >= _LEAST_DIGITS and digits in row and not joined


def _take(kept: Counter[str], values: list[str]) -> bool:
    """Take values out of those that are kept, if all of them are there."""
    wanted = Counter(values)
    if not values or any(kept[value] < count for value, count in wanted.items()):
        return False
    kept.subtract(wanted)
    return True


def _names(language: str) -> list[list[str]]:
    return [_WORDS[language]] if language in _WORDS else list(_WORDS.values())


def _without_kept_dates(text: str, dates: list[Dated], others: list[Dated]) -> str:
    kept, _ = kept_and_lost(text, dates, others)
    places = [(0, 0), *((each.start, each.end) for each in kept), (len(text), len(text))]
    return " ; ".join(text[end:start] for (_, end), (start, _) in pairwise(places))


def _without_dashes(text: str) -> str:
    """A text without dashes of ranges, and of lists, where they begin several lines."""
    listed = len(_BULLET.findall(text)) > 1
    return _RANGE.sub(r"\1; ", _BULLET.sub(" ", text) if listed else text)


def _is_negative(number: str) -> bool:
    return not number[0].isdigit()


def _opposite(value: str) -> str:
    return value[1:] if _is_negative(value) else f"-{value}"


def _digits(number: str) -> str:
    """The digits of a number and its minus, if they tell which one it is by themselves.

    They do not, and it is "", where there are few of them or some belong to a fraction.
    """
    digits = re.sub(r"\D", "", number)
    if len(digits) < _LEAST_DIGITS or _value(number).count(".") == 1:
        return ""
    return f"-{digits}" if _is_negative(number) else digits


def _parts(number: str) -> list[str]:
    """What a number that is joined of several consists of, or nothing."""
    joint = rf"(?<=\d)(?:[/-]|{_BLANK})(?=[{_MINUSES}\d€$£])"  # not the one of "9 h 30"
    first, *parts = re.split(joint, number)
    return [_value(part) for part in (first, *parts)] if parts else []


def _value(number: str) -> str:
    """The same for every way to write a number: 1,250.00 and 1 250 and 1.250,00."""
    if _is_negative(number):
        return "-" + _value(number.lstrip(f"{_MINUSES}€$£"))
    plain = re.sub(rf"{_BLANK}?[h:]{_BLANK}?", ".", number)
    plain = re.sub(rf"{_BLANK}|['’]", "", plain)
    marks = [mark for mark in plain if mark in ".,"]
    if not marks or re.search(r"[/-]", plain):
        return _without_zero(plain)
    whole, _, rest = plain.rpartition(marks[-1])
    if len(set(marks)) == 1 and _is_grouped(plain, marks[-1], number):
        return _without_zero(re.sub(r"[.,]", "", plain))
    if len(marks) > 1 and len(set(marks)) == 1:
        return plain  # a version, say
    whole, rest = re.sub(r"[.,]", "", whole), rest.rstrip("0")
    return f"{_without_zero(whole)}.{rest}" if rest else _without_zero(whole)


def _is_grouped(plain: str, mark: str, number: str) -> bool:
    """Whether each mark stands between thousands."""
    first, *groups = plain.split(mark)
    fits = 0 < len(first) <= _GROUP and all(len(group) == _GROUP for group in groups)
    return fits and ":" not in number


def _without_zero(digits: str) -> str:
    """One digit of the two of an hour or a day."""
    return digits[1:] if re.fullmatch(r"0\d", digits) else digits
