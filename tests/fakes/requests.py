"""Requests that keep an engine busy for a while, one for each primitive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.domain.primitives import (
    Blank,
    Embed,
    Fill,
    Prompt,
    Question,
    Score,
    Write,
    WriteEach,
)
from onhand.domain.progress import CancelToken, ignore_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from onhand.services.ports import Engine

PROMPT = Prompt(system="You sort texts.", before="Read this.\n\nText: ")
LONG = "The invoice was paid twice and nobody noticed. " * 60
QUESTION = Question(ask="\nCategory:", reply="", options=("billing", "technical"))


def blank(name: str, **more) -> Blank:
    """A blank for a field of this name."""
    return Blank(ask="\n", reply=f'{{"{name}": "', stop='"', **more)


def score(engine: Engine, cancel: CancelToken, text: str = LONG):
    """Two labels for many texts."""
    return engine.score(
        Score(prompt=PROMPT, texts=(text,) * 20, questions=(QUESTION,)), cancel
    )


def fill(engine: Engine, cancel: CancelToken, text: str = LONG):
    """Many blanks behind one text."""
    blanks = tuple(blank(f"word {number}") for number in range(40))
    return engine.fill(Fill(prompt=PROMPT, text=text, blanks=blanks), cancel)


def write(engine: Engine, cancel: CancelToken, text: str = LONG, on_text=ignore_text):
    """A text written again."""
    prompt = Prompt(system="You repeat texts.", before="Say it again.\n\n")
    request = Write(prompt=prompt, text=text, ask="\n\nAgain:", reply="", limit=200)
    return engine.write(request, cancel, on_text)


def write_each(engine: Engine, cancel: CancelToken, text: str = LONG):
    """Several texts written again; each is long enough to fill half of a small context."""
    prompt = Prompt(system="You repeat texts.", before="Say it again.\n\n")
    request = WriteEach(
        prompt=prompt, texts=(text,) * 4, ask="\n\nAgain:", reply="", limits=(100,) * 4
    )
    return engine.write_each(request, cancel, lambda *_: None)


def embed(engine: Engine, cancel: CancelToken, text: str = LONG):
    """Hidden states of many texts."""
    request = Embed(prompt=PROMPT, texts=(text,) * 20, ask="\nCategory:", reply="")
    return engine.embed(request, cancel)


WORK: dict[str, Callable[..., object]] = {
    "score": score,
    "fill": fill,
    "write": write,
    "write each": write_each,
    "embed": embed,
}
