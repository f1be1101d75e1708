"""Whether a rewrite lost a "not", or put the first one in.

Each negation counts once, however many words it takes: "ne … pas", "no … nada". Turns of
phrase that deny nothing ("not only", "no later than") do not count, and a word that denies
by itself ("impossible", "fehlt") may stand for a "not".
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_GAP = r"(?:[^\w’'.!?;:]+[\w’']+){0,6}?[^\w’'.!?;:]+(?:\w*[’']+)?"
"""Some words of the same sentence.

No mark may be both in a word and between words: a row of such marks could be cut up in so
many ways that trying them all would never end.
"""

_ENGLISH = (
    r"\b(?:not|no|never|none|nobody|nothing|neither|nor|nowhere|without|cannot)\b|n['’`\u00b4]t\b"
    # Without its apostrophe, as people type it; not "cant" and "wont", which are words.
    r"|\b(?:did|do|does|would|is|are|was|were|has|have|had|could|should)no?t\b"
)
_GERMAN = r"\b(?:nicht|kein\w*|nie|niemals|niemand\w*|nichts|nirgends?|ohne|weder)\b"
_FRENCH = (
    rf"\b(?:ne\b|n['’]\w+){_GAP}"
    r"(?:pas|plus(?!\s+que)|jamais|rien|personne|aucune?|guère|ni)\b"
    r"|\b(?:personne|rien|aucune?|nul|nulle)\s+(?:\w+\s+)?(?:ne\b|n['’]\w+)"
    r"|\b(?:pas|jamais|aucune?|sans|ni|non)\b"
)
_SPANISH = (
    rf"\bno\b{_GAP}(?:nada|nadie|nunca|jamás|ning[uú]n\w*|tampoco)\b"
    r"|\b(?:no|nada|nadie|nunca|jamás|ning[uú]n\w*|sin|tampoco|ni)\b"
)
_ITALIAN = (
    rf"\bnon\b{_GAP}(?:niente|nulla|nessun\w*|mai|né|alcun\w*)\b"
    r"|\b(?:non|niente|nulla|nessun\w*|mai|senza|né|neanche|nemmeno|neppure)\b"
)
_ANY = (
    rf"{_ENGLISH}|{_GERMAN}"
    r"|\b(?:pas|jamais|aucune?|sans|nunca|nadie|sin|ning[uú]n\w*|non|senza|nessun\w*)\b"
)
_NEGATIONS: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        language: re.compile(pattern, re.IGNORECASE)
        for language, pattern in {
            "en": _ENGLISH,
            "de": _GERMAN,
            "fr": _FRENCH,
            "es": _SPANISH,
            "it": _ITALIAN,
            "": _ANY,
        }.items()
    }
)
_EMPTY_PHRASES = re.compile(
    r"\bnot (?:only|least)\b|\bno (?:later|earlier|less|fewer|more) than\b|\bno doubt\b"
    r"|\bno matter\b|\b(?:do not|don['’]t) hesitate\b|\bwithout (?:delay|hesitation)\b"
    r"|\b(?:whether )?or not\b|\bno\. ?(?=\d)"
    r"|\bnicht (?:nur|zuletzt|später als)\b|\bzögern sie (?:bitte )?nicht\b"
    r"|\bohne (?:weiteres|zögern|verzug)\b|\b(?:und|oder) nicht zuletzt\b|\boder nicht\b"
    r"|\bn['’]hésite[zr]? (?:surtout )?pas\b|\b(?:ne )?pas hésiter\b"
    r"|\b(?:non|pas) seulement\b"
    r"|\bsans (?:doute|délai|tarder|attendre)\b|\bpas plus tard que\b|\bou (?:non|pas)\b"
    r"|\bno s[oó]lo\b|\bno solamente\b|\bno obstante\b|\bno duden? en\b|\bno dude\b"
    r"|\bsin (?:embargo|demora|duda|falta|más)\b|\bno más tarde\b|\bo no\b|\bnada más\b"
    r"|\bnon solo\b|\bnon soltanto\b|\bnon esiti(?:no)?\b|\bnon esitate\b|\bnon appena\b"
    r"|\bnon oltre\b|\bsenza (?:dubbio|indugio|altro)\b|\bo no\b",
    re.IGNORECASE,
)
_DENYING = re.compile(
    r"\b(?:im|un)m?[öo]?(?:possible|possibile|posible|möglich)\w*|\bunable\b|\bun(?:available|paid)\b"
    r"|\b(?:missing|lack\w*|fail\w*|refus\w*|forbid\w*|prohibit\w*|den(?:y|ie[sd])|exclud\w*"
    r"|except|exempt|hardly|prevent\w*|avoid\w*|free)\b"
    r"|\b(?:unbezahlt\w*|unzulässig\w*|verboten|untersagt|fehl(?:t|en|te|end\w*)|ausgenommen"
    r"|ausgeschlossen|entfällt|verhindert|kaum|außer|kostenlos"
    r"|kostenfrei|aussteh\w*|abgesagt)\b"
    r"|\b(?:impayé\w*|interdit\w*|exclu\w*|manqu\w*|absent\w*|annul\w*|gratuit\w*|exempt\w*"
    r"|refus\w*|évit\w*|empêch\w*)\b"
    r"|\b(?:impagad\w*|prohib\w*|exclu[iy]\w*|excepto|salvo|falta\w*|cancel\w*|gratis|gratuit\w*"
    r"|exent\w*|rechaz\w*|evit\w*|imp[ei]d\w*)\b"
    r"|\b(?:vietat\w*|esclus\w*|manca\w*|assent\w*|annullat\w*|esent\w*|rifiut\w*|impedi\w*)\b",
    re.IGNORECASE,
)
_OPPOSITE = re.compile(r"\b(?:un|in|il|im|ir)(\w{4,})")
_ENDING = re.compile(r"(?<=\w{4})(?:e[mnrs]?|[aos]|[ao]s|i)$")


def knows_negations(language: str) -> bool:
    """Whether a text of this language, which may be unknown, can be looked at."""
    return language in _NEGATIONS


def negation_trouble(before: str, after: str, language: str) -> str:
    """What became of the negations, "lost: not" or "added: never"; "" where all is well.

    A rewrite may say a "not" twice that was there; one that is gone, or the first one,
    turns the meaning.

    Raises:
        KeyError: its negations are not known, see `knows_negations`.
    """
    pattern = _NEGATIONS[language]
    had, has = _found(pattern, before), _found(pattern, after)
    gained = len(_DENYING.findall(after)) - len(_DENYING.findall(before))
    gained += len(_opposites(after, before)) - len(_opposites(before, after))
    if len(has) < len(had) and gained < len(had) - len(has):
        kept = [each.casefold() for each in has]
        gone = [each for each in had if each.casefold() not in kept] or had
        return f"lost: {gone[0]}"
    if has and not had and gained >= 0:
        return f"added: {has[0]}"
    return ""


def _opposites(text: str, other: str) -> set[str]:
    """The words of a text that another has without "un" or "in" in front: "invalid"."""
    there = {_stem(word) for word in re.findall(r"\w{4,}", other.lower())}
    return {
        match.group()
        for match in _OPPOSITE.finditer(text.lower())
        if _stem(match[1]) in there
        and _stem(match.group()) not in there
        and not _DENYING.fullmatch(match.group())
    }


def _stem(word: str) -> str:
    return _ENDING.sub("", word)


def _found(pattern: re.Pattern[str], text: str) -> list[str]:
    plain = _EMPTY_PHRASES.sub(" ", text)
    return [" ".join(match.group().split()) for match in pattern.finditer(plain)]
