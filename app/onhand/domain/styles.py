"""Instructions of ours, for when the user names a style or gives no instruction."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from onhand.domain.tasks import Keep, Rewrite

if TYPE_CHECKING:
    from collections.abc import Mapping

CLASSIFY = "Which category does the text belong in?"
TAG = "Which of these categories does the text belong in?"
EXTRACT = "Find the details in the text."
SUMMARISE = "Summarise the text in a few sentences. Say only what the text says."


class Style(StrEnum):
    """What a rewrite is for."""

    FIX = "fix"
    PLAIN = "plain"
    FORMAL = "formal"
    FRIENDLY = "friendly"
    SHORTER = "shorter"


_INSTRUCTIONS: Mapping[Style, str] = MappingProxyType(
    {
        Style.FIX: (
            "Correct grammar, spelling and punctuation. Change nothing that is right; keep"
            " the meaning and the tone."
        ),
        Style.PLAIN: (
            "Rewrite the text in plain language for a reader without training in the"
            " subject: short sentences, common words. Keep every fact."
        ),
        Style.FORMAL: (
            "Rewrite the text in a formal, polite tone, as in a business letter. Keep every"
            " fact."
        ),
        Style.FRIENDLY: (
            "Rewrite the text in a warm, friendly tone, as to a colleague. Keep every fact."
        ),
        Style.SHORTER: (
            "Rewrite the text in about half as many words. Keep what matters: facts,"
            " numbers, dates, names, and what is asked for."
        ),
    }
)
_NAMES: Mapping[Style, str] = MappingProxyType(
    {
        Style.FIX: "Correct",
        Style.PLAIN: "Plain language",
        Style.FORMAL: "Formal",
        Style.FRIENDLY: "Friendly",
        Style.SHORTER: "Shorter",
    }
)


def rewrite_in(style: Style) -> Rewrite:
    """The task of rewriting in a style; what must survive is checked as in any rewrite."""
    return Rewrite(instruction=_INSTRUCTIONS[style], name=_NAMES[style], keep=tuple(Keep))
