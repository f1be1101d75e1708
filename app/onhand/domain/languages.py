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


def name_of(code: str) -> str:
    """The English name of a language; the code itself where none is known."""
    return NAMES.get(code, code)


def asked_language(instruction: str) -> str | None:
    """The language that an instruction wants its answer in.

    None where it says nothing of languages, so that the answer stays in that of the text;
    `UNKNOWN` where it says something, and not clearly which one is wanted: it may ask for a
    translation, or be about words of a language ("take the English words out").
    """
    targets = {_CODES[found.casefold()] for found in _TARGET.findall(instruction)}
    if len(targets) == 1:
        return targets.pop()
    named = {found.casefold() for found in _MENTION.findall(instruction)} - _VERBS
    if targets or named or _TRANSLATES.search(instruction):
        return UNKNOWN
    return None
