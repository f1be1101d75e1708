"""Checks of a rewrite: did numbers, dates, names, links and negations survive?

Each check compares what it finds in both texts, in a normal form. They are made to be cheap
and to be understood; a check that fails shows what was lost and leaves the judgement to the
reader.
"""

from __future__ import annotations

import re
from collections import Counter
from difflib import get_close_matches
from typing import TYPE_CHECKING

from onhand.domain.answers import Check
from onhand.domain.tasks import Keep

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_NUMBER = re.compile(r"\d+(?:[.,:/-]\d+)*")
_GROUPING = re.compile(r"(?<=\d)[.,](?=\d{3}(?!\d))")
_DATE = re.compile(
    r"\b\d{1,4}[-./]\d{1,2}[-./]\d{1,4}\b"
    r"|\b\d{1,2}\.?\s+(?:of\s+)?[^\W\d_]{3,9}\.?,?\s+\d{4}\b"
    r"|\b[^\W\d_]{3,9}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+\d{4}\b"
)
_LINK = re.compile(
    r"(?:https?://|www\.)[^\s<>\"')\]]+|(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
)
_WORD = re.compile(r"\w+(?:[’'-]\w+)*")
_SHORTENED = re.compile(r"[’'](?:s|m|d|ll|re|ve)$")
_NEGATION = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|neither|nor|without|cannot|nicht|kein\w*|nie|niemals|niemand|nichts|"
    r"ohne|ne|pas|jamais|aucun\w*|sans|nunca|sin|ningún|ninguna?|non|mai|senza|nessun\w*)\b|n['’]t\b"
    # Without its apostrophe, as people type it; not "cant" and "wont", which are words.
    r"|\b(?:did|do|does|would|is|are|was|were|has|have|had|could|should)nt\b",
    re.IGNORECASE,
)
_NUMBER_WORDS = (
    "zero", "one", "two", "three", "four", "five", "six",
    "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip
MAX_SHOWN = 5

LEAST_MENDED = 5
"""Letters of the shortest name that may be spelled otherwise afterwards."""

MENDED = 0.8
"""Share of letters that a mended name has in common with itself (Ratcliff/Obershelp)."""


def checks_of(before: str, after: str, keep: Iterable[Keep]) -> tuple[Check, ...]:
    """One check for everything that must be kept, and one for an empty result."""
    found = [_FINDERS[each](before, after) for each in keep]
    empty = Check(
        name="text",
        ok=bool(after.strip()),
        detail="" if after.strip() else "nothing was written",
    )
    return (empty, *found)


def _numbers(before: str, after: str) -> Check:
    words = Counter(re.findall(r"\w+", after.lower()))
    kept = Counter(_GROUPING.sub("", number) for number in _NUMBER.findall(after))
    kept.update({str(number): words[word] for number, word in enumerate(_NUMBER_WORDS)})
    lost = []
    for number in _NUMBER.findall(before):
        plain = _GROUPING.sub("", number)
        kept[plain] -= 1
        if kept[plain] < 0:
            lost.append(number)
    return _kept("numbers", lost)


def _dates(before: str, after: str) -> Check:
    kept = set(_plain_dates(after))
    return _kept("dates", [date for date in _plain_dates(before) if date not in kept])


def _links(before: str, after: str) -> Check:
    kept = set(_bare_links(after))
    return _kept("links", [link for link in _bare_links(before) if link not in kept])


def _names(before: str, after: str) -> Check:
    """Names: words with a capital inside a sentence, and everywhere else in the text."""
    small = {part for part in _parts(before) if part[0].islower()}
    kept = _parts(after)
    written = {part.casefold() for part in kept}
    lost = []
    for match in _WORD.finditer(before):
        word = _SHORTENED.sub("", match.group())
        if (
            len(word) > 1
            and word[0].isupper()
            and word[-1].isalpha()
            and not {word, f"{word}s"} & kept
            and word.lower() not in small
            and not _opens_sentence(before, match.start())
            and not _is_spelled_otherwise(word, written)
        ):
            lost.append(word)
    return _kept("names", sorted(lost))


def _is_spelled_otherwise(word: str, written: set[str]) -> bool:
    """Whether a word is there in small letters, or with a slip of the pen mended."""
    plain = word.casefold()
    if plain in written:
        return True
    if len(word) < LEAST_MENDED or not word.isascii():
        return False
    near = [other for other in written if other[0] == plain[0]]
    return bool(get_close_matches(plain, near, n=1, cutoff=MENDED))


def _negation(before: str, after: str) -> Check:
    had, has = _NEGATION.findall(before), _NEGATION.findall(after)
    # A rewrite may say a "not" twice that was there; one that is gone, or the first one,
    # turns the meaning.
    if len(has) < len(had):
        kept = [each.casefold() for each in has]
        gone = [each for each in had if each.casefold() not in kept] or had
        return Check(name="negation", ok=False, detail=f"lost: {gone[0]}")
    if has and not had:
        return Check(name="negation", ok=False, detail=f"added: {has[0]}")
    return Check(name="negation", ok=True)


_FINDERS: dict[Keep, Callable[[str, str], Check]] = {
    Keep.NUMBERS: _numbers,
    Keep.DATES: _dates,
    Keep.NAMES: _names,
    Keep.LINKS: _links,
    Keep.NEGATION: _negation,
}


def _plain_dates(text: str) -> list[str]:
    return [" ".join(found.split()).lower() for found in _DATE.findall(text)]


def _bare_links(text: str) -> list[str]:
    return [link.rstrip(".,;:!?") for link in _LINK.findall(text)]


def _parts(text: str) -> set[str]:
    """The words of a text, and the parts of those that are joined by marks."""
    words = set(_WORD.findall(text))
    bare = {_SHORTENED.sub("", word) for word in words}
    return words | bare | {part for word in words for part in re.split("[’'-]", word)}


def _opens_sentence(text: str, start: int) -> bool:
    """Whether a word that starts here has a capital for its place alone."""
    at = start - 1
    while at >= 0 and text[at].isspace():
        if text[at] == "\n":
            return True
        at -= 1
    return at < 0 or text[at] in "\"'“(" or (text[at] in ".!?:;" and at < start - 1)


def _kept(name: str, lost: list[str]) -> Check:
    different = list(dict.fromkeys(lost))
    shown = ", ".join(different[:MAX_SHOWN]) + (" …" if len(different) > MAX_SHOWN else "")
    return Check(name=name, ok=not lost, detail=f"lost: {shown}" if lost else "")
