"""Masks: placeholders for what names a person or belongs to them, and the way back.

`[EMAIL_1]` stands for the same words wherever they stand in a text. A model may write it a
little otherwise, such as `[Email 1]` or `EMAIL_1`. What the text itself holds in any such
form is never given out, so putting the words back is exact.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from onhand.domain.whole_words import any_of, folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class MaskKind(StrEnum):
    """What a mask covers; the value stands in the placeholder."""

    WORD = "WORD"
    PATTERN = "PATTERN"
    EMAIL = "EMAIL"
    URL = "URL"
    KEY = "KEY"
    IBAN = "IBAN"
    CARD = "CARD"
    IP = "IP"
    ID = "ID"
    PHONE = "PHONE"
    PERSON = "PERSON"
    ORGANISATION = "ORGANISATION"
    PLACE = "PLACE"

    @property
    def covers(self) -> str:
        """What it covers, for people."""
        return _TITLES[self]


_TITLES: Mapping[MaskKind, str] = {
    MaskKind.WORD: "word on a list",
    MaskKind.PATTERN: "pattern of the organisation",
    MaskKind.EMAIL: "e-mail address",
    MaskKind.URL: "web address",
    MaskKind.KEY: "password or key",
    MaskKind.IBAN: "bank account",
    MaskKind.CARD: "card number",
    MaskKind.IP: "network address",
    MaskKind.ID: "number of a person or firm",
    MaskKind.PHONE: "phone number",
    MaskKind.PERSON: "person",
    MaskKind.ORGANISATION: "organisation",
    MaskKind.PLACE: "place",
}

NAMES = frozenset({MaskKind.PERSON, MaskKind.ORGANISATION, MaskKind.PLACE})
"""What has no form and is found by a model, which may miss some."""

_ORDER = {kind: number for number, kind in enumerate(MaskKind)}
_WORDS = re.compile(r"\w+")
_PLACEHOLDER = re.compile(r"\[([A-Z][A-Z0-9_]*)_[1-9]\d*\]")
_LOOSE = r"[A-Za-z][A-Za-z0-9]*(?:[\\_ \u00a0-]+[A-Za-z0-9]+)+"
_BRACKETED = re.compile(rf"\\\[\s?{_LOOSE}\s?\\\]|\[\s?{_LOOSE}\s?\]")
"""A placeholder in a reply: in other letters, with other signs inside, escaped."""

_REPLIED = re.compile(rf"{_BRACKETED.pattern}|(?<!\w)[A-Z][A-Z0-9_]*_[1-9]\d*(?!\w)")
"""Or without its brackets."""

_APART = re.compile(r"[\\\s_-]+")
_BRACKETS = str.maketrans("", "", "[]")


@dataclass(frozen=True, order=True)
class Found:
    """Something to be masked: `start:end` of the text, in code points.

    Attributes:
        name: stands in the placeholder instead of the kind, if it is not "".
    """

    start: int
    end: int
    kind: MaskKind
    name: str = ""

    @property
    def called(self) -> str:
        """What stands in the placeholder, before its number."""
        return self.name or self.kind


@dataclass(frozen=True, kw_only=True)
class Mask:
    """A placeholder and the words that it stands for."""

    name: str
    kind: MaskKind
    words: str


@dataclass(frozen=True, kw_only=True)
class Masked:
    """A text under masks.

    Attributes:
        text: with placeholders in it.
        masks: those that stand in it, in the order in which they first do.
    """

    text: str
    masks: tuple[Mask, ...]

    def restored(self, reply: str) -> str:
        """The words put back into what was written about the text."""
        words = {_plain(each.name): each.words for each in self.masks}
        return _REPLIED.sub(lambda match: words.get(_plain(match[0]), match[0]), reply)

    def invented(self, reply: str) -> tuple[str, ...]:
        """The placeholders of a reply that stand for nothing."""
        known = {_plain(each.name) for each in self.masks}
        known |= {_plain(each) for each in _bracketed(self.restored(self.text))}
        called = {*MaskKind, *(_kind(each.name) for each in self.masks)}
        return tuple(
            each
            for each in dict.fromkeys(_bracketed(reply))
            if _plain(each) not in known and _kind(each) in called
        )


def masks_for(text: str, found: Iterable[Found]) -> tuple[Mask, ...]:
    """Every different thing that was found, with its placeholder."""
    written, given = _plain(text), set[str]()
    counts: Counter[str] = Counter()
    masks: dict[tuple[str, str], Mask] = {}
    for each in apart(text, found):
        words = text[each.start : each.end]
        if (each.called, words) in masks:
            continue
        while True:
            counts[each.called] += 1
            name = f"[{each.called}_{counts[each.called]}]"
            plain = _plain(name)
            if plain not in written and plain not in given:
                break
        given.add(plain)
        masks[each.called, words] = Mask(name=name, kind=each.kind, words=words)
    return tuple(masks.values())


def mask(text: str, found: Iterable[Found], off: Iterable[str] = ()) -> Masked:
    """The text under masks.

    Args:
        text: as the user wrote it.
        found: what to mask; they may overlap, see `apart`.
        off: names of placeholders that are not wanted: their words stay.
    """
    settled = apart(text, found)
    unwanted = frozenset(off)
    by_words = {(_called(each.name), each.words): each for each in masks_for(text, settled)}
    pieces: list[str] = []
    used: dict[str, Mask] = {}
    end = 0
    for each in settled:
        placed = by_words[each.called, text[each.start : each.end]]
        if placed.name in unwanted:
            continue
        pieces += [text[end : each.start], placed.name]
        used.setdefault(placed.name, placed)
        end = each.end
    return Masked(text="".join([*pieces, text[end:]]), masks=tuple(used.values()))


def apart(text: str, found: Iterable[Found]) -> tuple[Found, ...]:
    """Without overlaps, in the order of the text: the longer one stays, then the surer.

    What has a form is what it is, so a name that a model saw around it keeps only its other
    words. So does what lies over the edge of a longer one: all that was found is covered.
    """
    kept: list[Found] = []
    best = sorted(
        found,
        key=lambda each: (each.kind in NAMES, each.start - each.end, _ORDER[each.kind]),
    )
    for each in best:
        over = sorted(
            other for other in kept if each.start < other.end and other.start < each.end
        )
        if not over:
            kept += [each] if each.start < each.end else []
        else:
            kept += _left_over(text, each, over)
    return tuple(sorted(kept))


def _left_over(text: str, name: Found, over: list[Found]) -> Iterable[Found]:
    """What of a find is not under others, which are in order: only pieces with words."""
    starts = [name.start, *(other.end for other in over)]
    ends = [*(other.start for other in over), name.end]
    for start, end in zip(starts, ends, strict=True):
        words = [*_WORDS.finditer(text, start, max(start, end))]
        if words:
            yield replace(name, start=words[0].start(), end=words[-1].end())


def words_in(text: str, words: Iterable[str], kind: MaskKind) -> list[Found]:
    """Every place where one of the words stands by itself, in whatever case.

    One that begins or ends with a sign, such as "C++", does so wherever that sign is. Which
    of several apostrophes or hyphens was written makes no difference.
    """
    wanted = {folded(each)[0].strip() for each in words} - {""}
    if not wanted:
        return []
    plain, starts = folded(text)
    places = {
        (starts[match.start(1)], starts[match.end(1)])
        for pattern in any_of(wanted)
        for match in pattern.finditer(plain)
    }
    found: list[Found] = []
    for start, end in sorted(places, key=lambda place: (place[0], -place[1])):
        if not found or end > found[-1].end:
            found.append(Found(start, end, kind))
    return found


def placeholders_in(text: str, masks: Iterable[Mask]) -> list[tuple[int, int, str]]:
    """Where placeholders of these masks stand in what is going to be sent."""
    known = {each.name for each in masks}
    return [
        (each.start(), each.end(), each[0])
        for each in _PLACEHOLDER.finditer(text)
        if each[0] in known
    ]


def _bracketed(text: str) -> list[str]:
    """What looks like a placeholder."""
    return [each[0] for each in _BRACKETED.finditer(text)]


def _plain(text: str) -> str:
    """The same for all forms of a placeholder; that of a text holds those in it."""
    return _APART.sub("_", text.translate(_BRACKETS)).strip("_").upper()


def _kind(placeholder: str) -> str:
    """What stands in any form of a placeholder before its number; "" where none does."""
    kind, _, number = _plain(placeholder).rpartition("_")
    return kind if number.isdecimal() else ""


def _called(placeholder: str) -> str:
    """What stands in a placeholder, before its number."""
    return placeholder[1:].rpartition("_")[0]
