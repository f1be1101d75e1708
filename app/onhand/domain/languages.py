"""Languages: their names, and which one an instruction asks for."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

NAMES: Mapping[str, str] = MappingProxyType(
    {
        "af": "Afrikaans",
        "ar": "Arabic",
        "be": "Belarusian",
        "bg": "Bulgarian",
        "bn": "Bengali",
        "ca": "Catalan",
        "cs": "Czech",
        "da": "Danish",
        "de": "German",
        "el": "Greek",
        "en": "English",
        "es": "Spanish",
        "et": "Estonian",
        "eu": "Basque",
        "fa": "Persian",
        "fi": "Finnish",
        "fr": "French",
        "gl": "Galician",
        "he": "Hebrew",
        "hi": "Hindi",
        "hr": "Croatian",
        "hu": "Hungarian",
        "hy": "Armenian",
        "id": "Indonesian",
        "is": "Icelandic",
        "it": "Italian",
        "ja": "Japanese",
        "ka": "Georgian",
        "kk": "Kazakh",
        "ko": "Korean",
        "lt": "Lithuanian",
        "lv": "Latvian",
        "mk": "Macedonian",
        "ms": "Malay",
        "nl": "Dutch",
        "no": "Norwegian",
        "pl": "Polish",
        "pt": "Portuguese",
        "ro": "Romanian",
        "ru": "Russian",
        "sk": "Slovak",
        "sl": "Slovenian",
        "sq": "Albanian",
        "sr": "Serbian",
        "sv": "Swedish",
        "ta": "Tamil",
        "th": "Thai",
        "tr": "Turkish",
        "uk": "Ukrainian",
        "ur": "Urdu",
        "vi": "Vietnamese",
        "zh": "Chinese",
    }
)
"""English names by ISO 639-1 codes."""

UNKNOWN = ""
"""The code of a text whose language cannot be told."""

_FOREIGN_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "ar": "arabisch arabe árabe arabo",
        "de": "deutsch allemand alemán tedesco",
        "en": "englisch anglais inglés inglese",
        "es": "spanisch espagnol español spagnolo",
        "fr": "französisch français francés francese",
        "it": "italienisch italien italiano",
        "ja": "japanisch japonais japonés giapponese",
        "ko": "koreanisch coréen coreano",
        "nl": "niederländisch néerlandais neerlandés holandés olandese",
        "pl": "polnisch polonais polaco polacco",
        "pt": "portugiesisch portugais portugués portoghese",
        "ru": "russisch russe ruso russo",
        "tr": "türkisch turc turco",
        "zh": "chinesisch chinois chino cinese",
    }
)
"""What the most usual ones are called in German, French, Spanish and Italian."""

_CODES = {name.casefold(): code for code, name in NAMES.items()} | {
    name: code for code, names in _FOREIGN_NAMES.items() for name in names.split()
}
_NAME = "|".join(sorted(_CODES, key=len, reverse=True))
_MENTION = re.compile(rf"\b({_NAME})(?:e[nrms]?|s)?\b", re.IGNORECASE)
_TARGET = re.compile(
    r"\b(?:in|into|to|ins|auf|en|au|vers|al|nach)\s+"
    # "in plain English", "in gutes Deutsch", "en un español sencillo"
    rf"(?:[\w-]+\s+){{0,2}}?({_NAME})(?:e[nrms]?)?\b",
    re.IGNORECASE,
)
_TRANSLATES = re.compile(
    r"\b(?:translat|übersetz|tradui[rst]|traduc|traduz|tradurr)", re.IGNORECASE
)
_VERBS = frozenset({"polish"})
"""Names that are other words as well, unless a preposition stands before them."""

_GERMAN = frozenset(names.split()[0] for names in _FOREIGN_NAMES.values())
_ENGLISH = frozenset(name.casefold() for name in NAMES.values())
_WORDING = (
    r"languages?|texts?|words?|terms?|sentences?|passages?|parts?|names?|expressions?"
    r"|phrases?|spelling|grammar|versions?|translations?|titles?"
    r"|sprache|fassung|übersetzung|w[oö]rt\w*|ausdr[uü]ck\w*|s[aä]tz\w*|begriff\w*|texte?s?"
    r"|langues?|mots?|termes?|textes?|traductions?|lengua(?:je)?|idioma|palabras?|términos?"
    r"|textos?|versión|traducción|frases?|lingua|parol[ae]|termin[ei]|test[io]|versione"
    r"|traduzione|fras[ei]"
)
_GOES_ON = re.compile(
    # What stands behind the name of a language, where an adjective has its noun.
    rf"(?:{_WORDING}|and|or|but|please|so|that|which|with|without|for|in|on|at|of|to|from|by"
    r"|as|if|when|while|then|than|not|no|only|instead|too|also|pls|plz|thanks|again|now|first|just|because"
    r"|where|unless|except|it|its|i|we|you|they|my|your|our|their|the|a|an|is|are|be|should"
    r"|must|can|may|will|use|keep|make|do|don['’]?t|write|answer|reply|return|explain"
    r"|(?:us|keep|avoid|leav|mak|preserv|add|includ|omitt|maintain|retain)ing|bullets?|prose|style|\d+|\w+ly)",
    re.IGNORECASE,
)
_LEADS_TO = re.compile(
    # What stands in front of it, where French, Spanish and Italian have the noun.
    rf"(?:{_WORDING}|to|in|into|en|au|vers|al|du|de|del|dal|dall|d|l|el|le|la|lo|il|un|una|uno"
    r"|et|ou|y|e|o|mon|ton|son|mi|tu|su|mio|tuo|suo|votre|notre|nuestro|nostro|vostro"
    r"|bon|parfait|simple|clair|buen|perfecto|correcto|sencillo|claro"
    r"|buon|perfetto|corretto|semplice|chiaro)",
    re.IGNORECASE,
)
_WORD_BEFORE = re.compile(r"(\w+)[^\S\n]+$")
_WORD_BEHIND = re.compile(r"[^\S\n]+([\w’']+)|-\w")
LONGEST_WORD = 40
"""With the blanks behind it; of a longer one the end is looked at."""


def name_of(code: str) -> str:
    """The English name of a language; the code itself where none is known."""
    return NAMES.get(code, code)


def asked_language(instruction: str) -> str | None:
    """The language that an instruction wants its answer in.

    None where it says nothing of languages, so that the answer stays in that of the text;
    `UNKNOWN` where it says something, and not clearly which one is wanted: it may ask for a
    translation, or be about words of a language ("take the English words out").
    """
    targets = {
        _CODES[found[1].casefold()]
        for found in _TARGET.finditer(instruction)
        if _is_language(instruction, found)
    }
    if len(targets) == 1:
        return targets.pop()
    named = {
        found[1].casefold()
        for found in _MENTION.finditer(instruction)
        if _is_language(instruction, found)
    }
    if targets or named - _VERBS or _TRANSLATES.search(instruction):
        return UNKNOWN
    return None


def _is_language(instruction: str, found: re.Match[str]) -> bool:
    """Whether a name is that of the language, and not of people, laws and other things."""
    name, start = found[1].casefold(), found.start(1)
    before = _WORD_BEFORE.search(instruction[max(0, start - LONGEST_WORD) : start])
    behind = _WORD_BEHIND.match(instruction, found.end())
    following = behind[1] or "-" if behind else ""
    goes_on = not following or bool(_GOES_ON.fullmatch(following))
    if name in _VERBS and before and before[1].casefold() == "to":
        # "to polish it"
        return found[1][0].isupper() or bool(_TRANSLATES.search(instruction))
    if name in _ENGLISH:
        return goes_on
    if name in _GERMAN:
        is_declined = found.end() > found.end(1)
        return not (is_declined and following[:1].isupper()) or goes_on
    return before is None or bool(_LEADS_TO.fullmatch(before[1]))
