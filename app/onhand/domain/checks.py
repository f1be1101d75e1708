"""Checks of a written text: did what matters survive, is it as long as it should be?

Each check compares what it finds in both texts, in a normal form. They are made to be cheap
and to be understood; a check that fails shows what was lost and leaves the judgement to the
reader. They know English, German, French, Spanish and Italian; in other languages they find
numbers, links, and what these five have in common with them.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from onhand.domain.answers import Check
from onhand.domain.languages import UNKNOWN
from onhand.domain.name_check import lost_names
from onhand.domain.negation_check import knows_negations, negation_trouble
from onhand.domain.number_check import lost_numbers, new_numbers
from onhand.domain.tasks import Keep
from onhand.domain.written_dates import dates_in, kept_and_lost

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_LINK = re.compile(
    r"(?:https?://|www\.)[^\s<>\"'`)\]\xab\xbb\u2018-\u201f\u2039\u203a]+"
    r"|(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
    re.IGNORECASE,
)
_HYPHENS = str.maketrans({"\u00ad": None, "\u2010": "-", "\u2011": "-"})
MAX_SHOWN = 5


def checks_of(
    before: str, after: str, keep: Iterable[Keep], language: str = UNKNOWN
) -> tuple[Check, ...]:
    """One check for everything that must be kept, and one for an empty result.

    `language` is that of the first text, as an ISO 639-1 code. Where a language that is
    known to be another says "not" in words of its own, there is no check of that.
    """
    before, after = _in_one_form(before), _in_one_form(after)
    found = [
        _FINDERS[each](before, after, language)
        for each in keep
        if each is not Keep.NEGATION or knows_negations(language)
    ]
    empty = Check(
        name="text",
        ok=bool(after.strip()),
        detail="" if after.strip() else "nothing was written",
    )
    return (empty, *found)


def _numbers(before: str, after: str, language: str) -> Check:
    lost = lost_numbers(before, after, language)
    return _kept("numbers", lost, new_numbers(before, after, language))


def _dates(before: str, after: str, _language: str) -> Check:
    _, lost = kept_and_lost(before, dates_in(before), dates_in(after))
    return _kept("dates", [_one_line(before[each.start : each.end]) for each in lost])


def _names(before: str, after: str, language: str) -> Check:
    return _kept("names", lost_names(before, after, language))


def _links(before: str, after: str, _language: str) -> Check:
    there = {_address(link) for link in _bare_links(after)}
    there |= {address.rpartition("://")[2] for address in there}
    links = _bare_links(before)
    return _kept("links", [link for link in links if _address(link) not in there])


def _negation(before: str, after: str, language: str) -> Check:
    trouble = negation_trouble(before, after, language)
    return Check(name="negation", ok=not trouble, detail=trouble)


_FINDERS: dict[Keep, Callable[[str, str, str], Check]] = {
    Keep.NUMBERS: _numbers,
    Keep.DATES: _dates,
    Keep.NAMES: _names,
    Keep.LINKS: _links,
    Keep.NEGATION: _negation,
}


def _bare_links(text: str) -> list[str]:
    return [link.rstrip(".,;:!?*_") for link in _LINK.findall(text)]


def _address(link: str) -> str:
    """The same for a link with or without a slash at its end, and in capitals."""
    scheme, mark, rest = link.rpartition("://")
    host, slash, path = rest.rstrip("/").partition("/")
    return f"{scheme}{mark}{host}".lower() + slash + path


def _in_one_form(text: str) -> str:
    """A text with accents on their letters, and hyphens that are plain or not there."""
    return unicodedata.normalize("NFC", text).translate(_HYPHENS)


def _one_line(date: str) -> str:
    return " ".join(date.split()).rstrip(".")


def made_up_numbers(before: str, after: str, language: str = UNKNOWN) -> tuple[Check, ...]:
    """The check of numbers where some are new; none where no number needs to be kept."""
    new = new_numbers(_in_one_form(before), _in_one_form(after), language)
    return (_kept("numbers", [], new),) if new else ()


def _kept(name: str, lost: list[str], added: list[str] | None = None) -> Check:
    detail = f"added: {_shown(added)}" if added else ""
    if lost:  # what stands in its place is seen then
        detail = f"lost: {_shown(lost)}"
    return Check(name=name, ok=not detail, detail=detail)


def _shown(found: list[str]) -> str:
    different = list(dict.fromkeys(found))
    return ", ".join(different[:MAX_SHOWN]) + (" …" if len(different) > MAX_SHOWN else "")
