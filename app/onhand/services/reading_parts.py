"""Long texts: what fits into the context at once, counted with the model's own tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.domain.errors import TextTooLong
from onhand.domain.primitives import Count, Prompt
from onhand.domain.splitting import Part, halved, packed, pieces_of

if TYPE_CHECKING:
    from onhand.domain.progress import CancelToken
    from onhand.services.ports import Engine

MARGIN = 96
"""Tokens kept free for control words and for looking at answers."""

TURNS = 24
"""Control words around a pair of turns in front of the text, at most."""

LEAST_ROOM = 64
"""With less room than this for the text a task cannot be run."""

OVERLAP = 0.1
"""Share of a part that repeats the end of the one before, where nothing else is said."""

AT_ONCE = 160
"""Characters that are looked through for several values at a time, about a sentence."""


class Reader:
    """Cuts texts to the context of the loaded model."""

    def __init__(self, engine: Engine, *, overlap: float = OVERLAP) -> None:
        """`overlap` is the share of a part that repeats the end of the one before."""
        self._engine = engine
        self._overlap = overlap
        self._sizes: dict[tuple[str, ...], int] = {}

    def parts(
        self,
        text: str,
        prompt: Prompt,
        behind: tuple[str, ...],
        cancel: CancelToken,
        *,
        writes: float = 0.0,
    ) -> list[Part]:
        """The parts of a text to be read one after the other; just one when it fits whole.

        Args:
            text: the whole text.
            prompt: what stands in front of every part.
            behind: everything that will stand behind a part at the same time.
            cancel: stops the counting.
            writes: how much will be written, as a multiple of what is read.

        Raises:
            TextTooLong: the task alone fills the context.
        """
        room = int(self._room(prompt, behind, cancel) / (1 + writes))
        if len(text.encode(errors="replace")) <= room:  # a token has at least one byte
            return [Part(0, len(text))]
        if self.counts((text,), cancel)[0] <= room:
            return [Part(0, len(text))]
        pieces, tokens = self._pieces(text, room, cancel)
        return packed(pieces, tokens, room, int(room * self._overlap))

    def sentences(
        self, text: str, prompt: Prompt, behind: tuple[str, ...], cancel: CancelToken
    ) -> list[Part]:
        """A text in short pieces, cut at borders of sentences and lines.

        A blank one is left out, unless all are. Args and errors: as for `parts`.
        """
        pieces = pieces_of(text)
        sizes = [each.end - each.start for each in pieces]
        short_parts = [
            Part(short.start + part.start, short.start + part.end)
            for short in packed(pieces, sizes, AT_ONCE, 0)
            if (words := text[short.start : short.end]).strip()
            for part in self.parts(words, prompt, behind, cancel)
        ]
        return short_parts or self.parts(text, prompt, behind, cancel)

    def _pieces(
        self, text: str, room: int, cancel: CancelToken
    ) -> tuple[list[Part], tuple[int, ...]]:
        """The pieces of a text and their tokens; each of them fits into the room.

        A token may be a part of a character: in scripts that a model hardly knows, a
        sentence takes several times as many as elsewhere.
        """
        pieces = pieces_of(text)
        while True:
            tokens = self.counts(
                tuple(text[piece.start : piece.end] for piece in pieces), cancel
            )
            large = {
                piece
                for piece, size in zip(pieces, tokens, strict=True)
                if size > room and piece.end - piece.start > 1
            }
            if not large:
                return pieces, tokens
            pieces = [
                part
                for piece in pieces
                for part in (halved(text, piece) if piece in large else (piece,))
            ]

    def _room(self, prompt: Prompt, behind: tuple[str, ...], cancel: CancelToken) -> int:
        state = self._engine.state(cancel)
        turns = (said for pair in prompt.turns for said in pair)
        words = (prompt.system, *turns, prompt.before, *behind)
        key = (state.model, *words)
        if key not in self._sizes:
            around = TURNS * len(prompt.turns)
            self._sizes[key] = sum(self.counts(words, cancel)) + around
        room = state.context - self._sizes[key] - MARGIN
        if room < LEAST_ROOM:
            raise TextTooLong(
                f"the task takes {self._sizes[key]} of {state.context} tokens"
            )
        return room

    def count(self, text: str, cancel: CancelToken) -> int:
        """Tokens of a text."""
        return self.counts((text,), cancel)[0]

    def counts(self, texts: tuple[str, ...], cancel: CancelToken) -> tuple[int, ...]:
        """Tokens of each of several texts."""
        return self._engine.count(Count(texts=texts), cancel).tokens
