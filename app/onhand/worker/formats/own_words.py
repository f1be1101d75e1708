"""Of a mail what its writer wrote in it: not what is quoted, and not the signature."""

from __future__ import annotations

from mailparser_reply.parser import EmailMessage

LANGUAGES = (
    *("en", "de", "fr", "es", "it", "nl", "pl", "cs", "da", "sv", "ja", "ko", "zh"),
)
"""In which the lines above a quotation, and of a signature, are known."""

LONGEST = 200_000
"""Characters; what is longer takes too long, and is no mail that somebody wrote."""

STAYS = "It is too long to tell what is quoted in it, so all of it is here."
NOTHING_ELSE = "Nothing in it but quotations and a signature, so these are here."


def own_words(body: str) -> tuple[str, str]:
    """The body without quotations and signature, and a sentence on that.

    All of it stays where nothing else is there, or where it is too long.
    """
    if len(body) > LONGEST:
        return body, STAYS
    message = EmailMessage(text=body, languages=list(LANGUAGES), keep_hyphen_lists=True)
    words = message.read().replies[0].body
    kept = [line for line in words.splitlines() if not line.startswith(">")]
    own = "\n".join(kept).strip()
    if not own:
        return body, NOTHING_ELSE if body.strip() else ""
    left_out = _lines(body) - _lines(own)
    note = f"{left_out} lines, quoted or of the signature, were left out."
    return own, note if left_out else ""


def _lines(text: str) -> int:
    return sum(bool(line.strip()) for line in text.splitlines())
