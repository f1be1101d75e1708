"""Prefixes of prompts that stay decoded, so that only the text is left to be read.

Each has a sequence of its own; a text goes on in a fork of it. The least recently used
goes when there are too many, or when a request needs their room.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.domain.errors import TextTooLong

if TYPE_CHECKING:
    from onhand.domain.primitives import Prompt
    from onhand.engine.llama.context import Context
    from onhand.engine.llama.prompting import Assembler

KEPT = 6
"""Prefixes that are kept at most."""

SHARE = 0.25
"""Of the context that all prefixes but the one in use may take."""


class Prefixes:
    """The decoded prefixes of the last prompts."""

    def __init__(self, context: Context, assembler: Assembler) -> None:
        self._context = context
        self._assembler = assembler
        # Sequences by the tokens that they hold, least recently used first.
        self._kept: dict[tuple[int, ...], int] = {}

    def of(self, prompt: Prompt, needs: int) -> tuple[int, int]:
        """The sequence that holds a prompt's prefix, and its length in tokens.

        Args:
            prompt: what stands in front of the text.
            needs: tokens that shall fit behind it; other prefixes make room for them. More
                than the context has is no error here.

        Raises:
            Cancelled, TextTooLong: as for decoding; the prefix is not kept then.
        """
        tokens = tuple(self._assembler.prefix(prompt))
        size = self._context.size
        if len(tokens) >= size:
            raise TextTooLong(f"the task takes {len(tokens)} of {size} tokens")
        sequence = self._kept.pop(tokens, None)
        missing = len(tokens) if sequence is None else 0
        while self._kept and (
            len(self._kept) >= KEPT
            or sum(map(len, self._kept)) > size * SHARE
            or self._context.room < min(needs, size - len(tokens)) + missing
        ):
            self._context.drop(self._kept.pop(next(iter(self._kept))))
        if sequence is None:
            sequence = self._context.take()
            self._context.feed(sequence, tokens, 0, output=False)
        self._kept[tokens] = sequence
        return sequence, len(tokens)

    def recover(self) -> None:
        """Leave nothing but the prefixes in the context, after a request broke off."""
        self._context.drop_all_but(self._kept.values())

    def forget(self) -> None:
        """Leave nothing in the context at all."""
        self._kept = {}
        self._context.clear()
