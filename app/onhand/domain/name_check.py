"""Names that a rewrite lost.

A name is a word with a capital inside a sentence, and in German, where nouns have one too
and a rewrite may take another noun, a word that is none. A name that stands at beginnings
of sentences alone is not found.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from itertools import pairwise
from typing import NamedTuple

from onhand.domain.german_nouns import (
    has_form_of_name,
    is_german,
    is_noun_behind,
    words_of,
)

_WORD = re.compile(r"\w+(?:[’'-]\w+)*")
_SHORTENED = re.compile(r"[’'](?:s|m|d|ll|re|ve)$")
_ELIDED = re.compile(
    r"^(?:[cdjlmnstv]|qu|jusqu|lorsqu|puisqu|un|all|dall|dell|nell|sull|quest|quell)[’']"
    r"(?=\w)",
    re.IGNORECASE,
)
_TITLES = words_of(
    "mr mrs ms miss dr prof herr herrn frau frl monsieur madame mademoiselle mme "
    "mlle docteur señor señora señorita sr sra srta don doña doctor doctora "
    "signor signora signorina sig dott dottor dottore dottoressa ing"
)
_COURTESY = words_of(
    "i sie ihnen ihr ihre ihrem ihren ihrer ihres du dir dich dein deine deinem "
    "deinen usted ustedes ud uds lei la le suo sua suoi sue ella voi vi vostro "
    "vostra vostri vostre vous votre vos"
)
_DATED = re.compile(
    # Days and months have a check of their own.
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|january|february|march|april|may|june"
    r"|july|august|september|october|november|december)$",
    re.IGNORECASE,
)

LEAST_MENDED = 5
"""Letters of the shortest name that may be spelled otherwise afterwards."""

MENDED = 0.8
"""Share of letters that a mended name has in common with itself (Ratcliff/Obershelp)."""


class _Word(NamedTuple):
    """A word, bare of what is only joined to it, and where the whole begins and ends."""

    text: str
    start: int
    end: int


def lost_names(before: str, after: str, language: str) -> list[str]:
    """The names of a text that are missing in another, each as often as it stands there.

    A name in small letters, or with a slip of the pen mended, is not missing.
    """
    small = {part for part in _parts(before) if part[0].islower()}
    kept = _parts(after)
    written = {part.casefold() for part in kept}
    words = _words(before)
    nouns = is_german(kept | small, language)
    lost = []
    for previous, word in pairwise((None, *words)):
        if word is None or not _may_be_name(word.text):
            continue
        if (
            not {word.text, f"{word.text}s", word.text.removesuffix("s")} & kept
            and word.text.lower() not in small
            and not _opens_sentence(before, word.start, previous)
            and not (nouns and _is_noun(before, previous, word))
            and not _is_spelled_otherwise(word.text, written)
        ):
            lost.append(word.text)
    return sorted(lost)


def _words(text: str) -> list[_Word]:
    return [
        _Word(_bare(_straight(match.group())), match.start(), match.end())
        for match in _WORD.finditer(text)
    ]


def _straight(word: str) -> str:
    """A word with the apostrophe that keyboards have: rewrites often change it."""
    return word.replace("’", "'")


def _bare(word: str) -> str:
    return _SHORTENED.sub("", _ELIDED.sub("", word)) or word


def _may_be_name(word: str) -> bool:
    return (
        len(word) > 1
        and word[0].isupper()
        and word[-1].isalpha()
        and word.casefold() not in _TITLES | _COURTESY
        and not _DATED.match(word)
    )


def _is_noun(text: str, previous: _Word | None, word: _Word) -> bool:
    """Whether a word of a German text is a noun, for all that can be seen."""
    following = _WORD.search(text, word.end)
    if has_form_of_name(word.text, following.group() if following else ""):
        return False
    if previous is None or text[previous.end : word.start].strip(" .\u00a0"):
        return True
    if previous.text.casefold() in _TITLES:
        return False
    opens = previous.text.casefold() in _COURTESY or _opens_sentence(
        text, previous.start, None
    )
    return is_noun_behind(previous.text, word.text, opens=opens)


def _is_spelled_otherwise(word: str, written: set[str]) -> bool:
    plain = word.casefold()
    if plain in written:
        return True
    if len(word) < LEAST_MENDED or not word.isascii():
        return False
    near = [other for other in written if other[0] == plain[0]]
    return bool(get_close_matches(plain, near, n=1, cutoff=MENDED))


def _parts(text: str) -> set[str]:
    """The words of a text, and the parts of those that are joined by marks."""
    words = set(map(_straight, _WORD.findall(text)))
    bare = {_bare(word) for word in words}
    return words | bare | {part for word in words for part in re.split("[’'-]", word)}


def _opens_sentence(text: str, start: int, previous: _Word | None) -> bool:
    """Whether a word that starts here has a capital for its place alone."""
    if previous is not None and previous.text.casefold() in _TITLES:
        return False  # the stop in "Dr. Osei" ends nothing
    at = start - 1
    while at >= 0 and text[at].isspace():
        if text[at] == "\n":
            return True
        at -= 1
    return at < 0 or text[at] in "\"'“„«¿¡(" or (text[at] in ".!?:;" and at < start - 1)
