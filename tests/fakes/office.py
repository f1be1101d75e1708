"""Everyday office texts in five languages, from the folder `office` of the tests."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

LANGUAGES = ("en", "de", "fr", "es", "it")
FOLDER = Path(__file__).resolve().parents[1] / "office"


@dataclass(frozen=True)
class Letter:
    """A text, another way to say the same, and words of it that a bad rewrite loses."""

    language: str
    text: str
    faithful: str
    number: str
    name: str
    date: str
    negation: list[str]

    def without(self, words: list[str], text: str) -> str:
        """A text that lacks these words."""
        for each in words:
            assert each in text
            text = text.replace(each, "")
        return text


def letters(language: str) -> list[Letter]:
    """The texts of a language."""
    data = tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    return [Letter(language=language, **each) for each in data["letter"]]


LETTERS = [letter for language in LANGUAGES for letter in letters(language)]
