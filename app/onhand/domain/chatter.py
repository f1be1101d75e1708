"""What models write around a text: introductions, quotation marks, a translation behind it.

Known in English, German, French, Spanish and Italian. What the source has itself stays.
"""

from __future__ import annotations

import re

_OPENINGS = (
    r"sure|certainly|of course|okay|here(?:['’]s| is| are| you (?:go|are))"
    r"|(?:the |a )?(?:corrected|rewritten|revised|edited)|(?:the |a )?summary"
    r"|gern(?:e)?|natürlich|selbstverständlich|klar"
    r"|hier (?:ist|sind|kommt|der|die|das|ein|eine)"
    r"|(?:der |die |das )?"
    r"(?:korrigierte|überarbeitete|umgeschriebene|umformulierte)[rs]?"
    r"|(?:die |eine )?zusammenfassung"
    r"|bien sûr|voici|voilà|d['’]accord|(?:le |un )?(?:texte|résumé)|(?:la |une )?version"
    r"|claro|por supuesto|aquí (?:está|tienes?|va|te)|(?:el |un )?(?:texto|resumen)"
    r"|(?:la |una )?versión"
    r"|certo|certamente|ecco|(?:il |un )?(?:testo|riassunto)"
    r"|(?:la |una )?(?:versione|sintesi)"
)
_SUBJECTS = (
    r"text|version|summary|sentence|paragraph|message|mail|email|letter|rewrite|rewritten"
    r"|corrected|revised|edited|here you (?:go|are)"
    r"|fassung|satz|absatz|nachricht|brief|zusammenfassung|korrigierte\w?|überarbeitete\w?"
    r"|umgeschriebene\w?|umformulierte\w?"
    r"|(?:texte|version|phrase|message|lettre|courriel)[^\n:]*"
    r"(?:corrigée?|réécrite?|reformulée?|révisée?|simplifiée?|formelle?)"
    r"|voici[^\n:]*(?:texte|version|message|lettre)|résumé"
    r"|(?:texto|versión|frase|mensaje|carta|correo)[^\n:]*"
    r"(?:corregid[oa]|reescrit[oa]|revisad[oa]|simplificad[oa]|formal)"
    r"|aquí[^\n:]*(?:texto|versión|mensaje)|resumen"
    r"|(?:testo|versione|frase|messaggio|lettera)[^\n:]*"
    r"(?:corrett[oa]|riscritt[oa]|rivist[oa]|semplificat[oa]|formale)"
    r"|ecco[^\n:]*(?:testo|versione|messaggio)|riassunto|sintesi"
)
_PREAMBLE = re.compile(
    rf"(?=¡?(?:{_OPENINGS})\b)"
    # It speaks of what was written, so that "Okay, we meet at 10:30" stays.
    rf"(?=[^\n:]*\b(?:{_SUBJECTS})\b)"
    r"[^\n:]{0,100}:\s+",
    re.IGNORECASE,
)
_TRANSLATION = re.compile(
    r"\n\s*[(\[*_-]*\s*"
    r"(?:in english|auf (?:englisch|deutsch)|en (?:anglais|inglés)|in inglese"
    r"|(?:[\w-]+ )?(?:translation|übersetzung|traduction|traducción|traduzione)"
    r"(?: \w+){0,3})"
    r"[\s*_]*:",
    re.IGNORECASE,
)
_FENCE = re.compile(r"```\w*\n(.+?)\n?```", re.DOTALL)
_QUOTES = {
    '"': '"', "“": "”", "„": "“", "«": "»", "»": "«", "‘": "’", "\u201a": "‘", "'": "'",
}  # fmt: skip


def without_chatter(text: str, source: str) -> str:
    """What was written, without an introduction, quotation marks or a fence around it.

    A translation behind it goes as well, if it is marked as one.
    """
    cleaned = text.strip()
    introduction = _PREAMBLE.match(cleaned)
    if introduction and not _PREAMBLE.match(source.strip()):
        cleaned = cleaned[introduction.end() :]
    translation = _TRANSLATION.search(cleaned)
    if translation and not _TRANSLATION.search(f"\n{source}"):
        cleaned = cleaned[: translation.start()].rstrip()
    fence = _FENCE.fullmatch(cleaned)
    if fence and "```" not in source:
        cleaned = fence[1].strip()
    if source.strip()[:1] != cleaned[:1] and _is_quoted(cleaned):
        cleaned = cleaned[1:-1].strip()
    return cleaned or text.strip()


def _is_quoted(text: str) -> bool:
    """Whether a text stands in one pair of quotation marks, and there is no other."""
    opening, closing = text[:1], _QUOTES.get(text[:1])
    pair = 2 if opening == closing else 1
    return (
        len(text) > 1
        and text[-1] == closing
        and text.count(opening) == text.count(closing) == pair
    )
