"""Numbers that a rewrite lost; another way to write one is no loss."""

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
_NUMBER = re.compile(
    rf"(?<![\d.,])\d{{1,3}}(?:{_BLANK}\d{{3}})+(?!\d)(?:,\d+)?"
    rf"|(?<!\d)\d{{1,2}}{_BLANK}?h{_BLANK}?\d\d(?!\d)"
    r"|\d+(?:[.,:/'’-]\d+)*"
)
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
    plain = _without_kept_dates(before, had, has)
    other = _without_kept_dates(after, has, had)
    kept = Counter(_value(number) for number in _NUMBER.findall(other))
    words = Counter(re.findall(r"\w+", other.lower()))
    for names in _names(language):
        kept.update({str(number): words[name] for number, name in enumerate(names)})
    digits = re.sub(r"\D", "", other)
    lost = []
    for number in _NUMBER.findall(plain):
        if not (_take(kept, [_value(number)]) or _take(kept, _parts(number))):
            bare = re.sub(r"\D", "", number)
            if len(bare) < _LEAST_DIGITS or bare not in digits:
                lost.append(number)
    return lost


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


def _parts(number: str) -> list[str]:
    """What a number that is joined of several consists of, or nothing."""
    parts = re.split(rf"[/-]|{_BLANK}", number)
    return [_value(part) for part in parts] if len(parts) > 1 else []


def _value(number: str) -> str:
    """The same for every way to write a number: 1,250.00 and 1 250 and 1.250,00."""
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
