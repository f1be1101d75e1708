"""What models write around a text: introductions, quotation marks, remarks, translations.

Known in English, German, French, Spanish and Italian. What the source has itself stays.
"""

from __future__ import annotations

import re
from difflib import get_close_matches

from onhand.domain.splitting import pieces_of

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
    r"|(?:texte|version|phrase|message|lettre|courriel)[^\n:]{0,60}"
    r"(?:corrigée?|réécrite?|reformulée?|révisée?|simplifiée?|formelle?)"
    r"|voici[^\n:]{0,60}(?:texte|version|message|lettre)|résumé"
    r"|(?:texto|versión|frase|mensaje|carta|correo)[^\n:]{0,60}"
    r"(?:corregid[oa]|reescrit[oa]|revisad[oa]|simplificad[oa]|formal)"
    r"|aquí[^\n:]{0,60}(?:texto|versión|mensaje)|resumen"
    r"|(?:testo|versione|frase|messaggio|lettera)[^\n:]{0,60}"
    r"(?:corrett[oa]|riscritt[oa]|rivist[oa]|semplificat[oa]|formale)"
    r"|ecco[^\n:]{0,60}(?:testo|versione|messaggio)|riassunto|sintesi"
)
_PREAMBLE = re.compile(
    rf"\A(?=¡?(?:{_OPENINGS})\b)"
    # It speaks of what was written, so that "Okay, we meet at 10:30" stays.
    rf"(?=[^\n:]{{0,100}}\b(?:{_SUBJECTS})\b)"
    r"[^\n:]{0,100}:\s+",
    re.IGNORECASE,
)
_TRANSLATION = re.compile(
    # Behind an empty line: among other lines it is an item of a list.
    r"(?:\A|\n[^\S\n]*\n)[^\S\n]*(?:[(\[*_-]{1,4}[^\S\n]*)?"
    r"(?:in (?P<into>english|inglese)|auf (?P<auf>englisch|deutsch)"
    r"|en (?P<en>anglais|inglés)"
    r"|(?:[\w-]+ )?(?P<word>translation|übersetzung|traduction|traducción|traduzione)"
    r"(?: \w+){0,3})"
    r"[\s*_]*:.*\Z",
    re.IGNORECASE | re.DOTALL,
)
_REMARK = re.compile(
    # The last paragraph, if it is about the ones before.
    r"(?:\A|\n[^\S\n]*\n)[^\S\n]*[(\[*_]{0,4}"
    r"(?:(?:th(?:is|e)|diese) (?:\w+ )?|cette |esta |questa )"
    r"(?P<word>version|rewrite|revision|fassung|versión|versione)\b"
    r"(?!.*\n\s*\n).*\Z",
    re.IGNORECASE | re.DOTALL,
)
_AGAIN = re.compile(
    # What the model was asked for, and what it wrote when it asked itself once more.
    r"\n[^\S\n]*(?P<word>rewritten) text(?: in \w+)?:.*\Z",
    re.IGNORECASE | re.DOTALL,
)
MENDED = 0.75
"""Share of letters that words of the source have in common with themselves, mended
(Ratcliff/Obershelp).
"""

_RULE = re.compile(r"\s*(?:[-*_]{3,}\s*)?")
_FENCE = re.compile(r"```\w*\n(.+?)\n?```", re.DOTALL)
_QUOTES = {
    '"': '"', "“": "”", "„": "“", "«": "»", "»": "«", "‘": "’", "\u201a": "‘", "'": "'",
}  # fmt: skip


def without_chatter(text: str, source: str) -> str:
    """What was written, without an introduction, quotation marks or a fence around it.

    A translation behind it goes as well, if it is marked as one, and so does a remark on
    the version that was written. What the source says itself stays, mended or not.
    """
    given = source.strip()
    bare = str.strip if _without_rules(given) != given else _without_rules
    cleaned = bare(text)
    for around in (_PREAMBLE, _TRANSLATION, _REMARK, _AGAIN):
        found = None if around.search(given) else around.search(cleaned)
        if found and not _is_of_source(found, given):
            cleaned = bare(cleaned[: found.start()] + cleaned[found.end() :])
    fence = _FENCE.fullmatch(cleaned)
    if fence and "```" not in source:
        cleaned = fence[1].strip()
    if given[:1] != cleaned[:1] and _is_quoted(cleaned):
        cleaned = cleaned[1:-1].strip()
    return cleaned or text.strip()


def _is_of_source(found: re.Match[str], source: str) -> bool:
    """Whether what looks like chatter is what the source says, with slips of the pen."""
    marks = [mark.lower() for mark in found.groupdict().values() if mark]
    if marks:
        words = set(re.findall(r"\w{4,}", source.lower()))
        return any(get_close_matches(mark, words, n=1, cutoff=MENDED) for mark in marks)
    opening = _plain(found.group())
    starts = {
        _plain(source[piece.start : piece.end])[: len(opening)]
        for piece in pieces_of(source)
    }
    return bool(get_close_matches(opening, starts, n=1, cutoff=MENDED))


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def _without_rules(text: str) -> str:
    """A text without lines drawn above and below it."""
    lines = text.strip().split("\n")
    while len(lines) > 1 and _RULE.fullmatch(lines[-1]):
        lines.pop()
    first = next((n for n, line in enumerate(lines) if not _RULE.fullmatch(line)), 0)
    return "\n".join(lines[first:]).strip()


def _is_quoted(text: str) -> bool:
    """Whether a text stands in one pair of quotation marks, and there is no other."""
    opening, closing = text[:1], _QUOTES.get(text[:1])
    pair = 2 if opening == closing else 1
    return (
        len(text) > 1
        and text[-1] == closing
        and text.count(opening) == text.count(closing) == pair
    )
