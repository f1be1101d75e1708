"""Whether a written text is about as long as it should be, told in words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from onhand.domain.answers import Check
from onhand.domain.splitting import pieces_of
from onhand.domain.whole_words import UNSPACED

_NUMBER_WORDS = (
    "one ein einem einen einer un une un' uno una",
    "two zwei deux dos due",
    "three drei trois tres tre",
    "four vier quatre cuatro quattro",
    "five fünf cinq cinco cinque",
    "six sechs seis sei",
    "seven sieben sept siete sette",
    "eight acht huit ocho otto",
    "nine neun neuf nueve nove",
    "ten zehn dix diez dieci",
)
_VALUES = {
    word: value for value, words in enumerate(_NUMBER_WORDS, 1) for word in words.split()
}
_NUMBER = "|".join([r"\d+", *sorted(_VALUES, key=len, reverse=True)])
_LIMIT = re.compile(
    # "two or three sentences": the larger number counts, which stands next to the unit.
    rf"\b({_NUMBER})\s+(?:\w+\s+)?(?:(sentences?|s[aä]tz(?:e|en)?|phrases?|frases?|frasi|frase)"
    r"|(words?|wört(?:er|ern)|worten?|mots?|palabras?|parole?))\b",
    re.IGNORECASE,
)
_SHORTENING = re.compile(
    # "short sentences" is about something else.
    r"\b(?:short(?:er|en)|brief|concis|half|condens|summar|title|headline|subject line"
    r"|key point|(?:ge)?kürz|knapp|halb|zusammenfass|stichwort|stichpunkt|betreff"
    r"|raccourc|plus court|bref|brièv|moitié|résum|objet"
    r"|acort|más (?:cort|brev)|mitad|resum|asunto"
    r"|accorci|più (?:cort|brev)|metà|riassu|sintet|oggetto)",
    re.IGNORECASE,
)
_ABBREVIATED = re.compile(
    r"(?:\d|\b(?:\w|dr|mrs?|ms|mme|sra?|sig|st|nr|no|bzw|ca|etc))\.$", re.IGNORECASE
)
"""A stop that ends no sentence, as in "am 3. März"."""

_WORD = re.compile(r"\w+(?:[’'-]\w+)*")
_PIECE = re.compile(rf"[{UNSPACED}]|[^\W{UNSPACED}]+(?:[’'-][^\W{UNSPACED}]+)*")
"""A word, or a character where no spaces tell words apart."""

LEAST_WORDS = 15
"""Shorter texts may become much shorter or longer and still be the same."""

FAR_SHORTER = 0.5
"""Share of its letters that a rewrite must have left, where nobody asked for less."""

SHORTENED = 0.2
"""The same where the instruction asks for a shorter text."""

FAR_LONGER = 2.5
"""A letter may gain a salutation and a closing."""


@dataclass(frozen=True)
class Limit:
    """How long an instruction lets an answer be: so many sentences, or else words."""

    count: int
    sentences: bool


def limit_in(instruction: str) -> Limit | None:
    """The largest number of sentences or words that an instruction names, if any.

    It is read in English, German, French, Spanish and Italian; "a few" is no number.
    """
    found = [
        Limit(_VALUES.get(match[1].casefold()) or int(match[1]), bool(match[2]))
        for match in _LIMIT.finditer(instruction)
    ]
    return max(found, key=lambda limit: limit.count, default=None)


def rewrite_length(before: str, after: str, instruction: str) -> Check:
    """Whether a rewrite is far shorter or far longer than the text."""
    had, has = len(_PIECE.findall(before)), len(_PIECE.findall(after))
    least = SHORTENED if _SHORTENING.search(instruction) else FAR_SHORTER
    share = letters_in(after) / max(1, letters_in(before))
    if had < LEAST_WORDS or least <= share <= FAR_LONGER:
        return Check(name="length", ok=True)
    trouble = "much of the text is gone" if share < 1 else "much was added to the text"
    return _failed(f"{trouble}: it had {had} words and has {has} now")


def summary_length(before: str, after: str, instruction: str) -> Check:
    """Whether a summary is shorter than the text, and as short as it was asked for."""
    limit = limit_in(instruction)
    if limit is not None:
        count = _sentences(after) if limit.sentences else len(_WORD.findall(after))
        if count > limit.count:
            unit = "sentences" if limit.sentences else "words"
            return _failed(f"it has {count} {unit}, at most {limit.count} were asked for")
    if letters_in(after) >= letters_in(before):
        return _failed("the summary is not shorter than the text")
    return Check(name="length", ok=True)


def _failed(detail: str) -> Check:
    return Check(name="length", ok=False, detail=detail)


def letters_in(text: str) -> int:
    """Characters of a text that are no blanks."""
    return sum(map(len, text.split()))


def _sentences(text: str) -> int:
    pieces = [text[piece.start : piece.end].strip() for piece in pieces_of(text)]
    *others, last = [piece for piece in pieces if piece] or [""]
    return bool(last) + sum(
        piece[-1] not in ";:," and not _ABBREVIATED.search(piece) for piece in others
    )
