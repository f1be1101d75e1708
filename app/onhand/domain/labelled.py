"""Which columns of a file hold texts and their labels, by their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

TEXTS = ("text", "message", "body", "content", "sentence", "question", "description")
LABELS = ("label", "category", "class", "target", "intent", "topic", "queue", "answer")


def guessed_columns(names: Sequence[str]) -> tuple[str, str]:
    """The columns of text and label; "" where there is none that could be it."""
    label = _first(names, LABELS)
    text = _first(names, TEXTS)
    text = text or next((each for each in names if each != label), "")
    label = label or next((each for each in names if each != text), "")
    return text, label


def _first(names: Sequence[str], wanted: Sequence[str]) -> str:
    plain = {each.strip().casefold(): each for each in reversed(names)}
    return next((plain[each] for each in wanted if each in plain), "")
