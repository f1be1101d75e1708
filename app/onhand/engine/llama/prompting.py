"""Prompts as tokens: control words around plain text, and the prefix that texts share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.domain.errors import TextTooLong
from onhand.engine.llama.chat import ChatFormat, chat_format

if TYPE_CHECKING:
    from onhand.domain.primitives import Prompt
    from onhand.engine.llama.context import Context
    from onhand.engine.llama.model import Model


class Assembler:
    """Puts prompts together.

    Only our own control words become control tokens, nothing in a text does.
    """

    def __init__(self, model: Model, form: ChatFormat | None = None) -> None:
        self._model = model
        self._form = form or chat_format(model)
        self.end_of_turn = self._first_token_behind_reply()

    def prefix(self, prompt: Prompt) -> list[int]:
        """Everything in front of the text."""
        return [
            *self._model.opening,
            *self._control(self._form.before_system),
            *self._model.tokens(prompt.system),
            *self._control(self._form.before_user),
            *self._model.tokens(prompt.before),
        ]

    def suffix(self, ask: str, reply: str) -> list[int]:
        """Everything between the text and what the model is to say."""
        return [
            *self._model.tokens(ask),
            *self._control(self._form.before_reply),
            *self._model.tokens(reply),
        ]

    def _control(self, words: str) -> list[int]:
        return self._model.tokens(words, control=True)

    def _first_token_behind_reply(self) -> int:
        """The token that ends a turn.

        In most formats it opens the control words behind the user's turn.
        """
        first = self._control(self._form.before_reply)[0]
        return first if self._model.ends(first) else self._model.end_of_turn


class Prefixes:
    """Keeps the last prompt's prefix decoded, in a sequence of its own."""

    def __init__(self, context: Context, assembler: Assembler) -> None:
        self._context = context
        self._assembler = assembler
        self._tokens: list[int] = []
        self._sequence = -1

    def of(self, prompt: Prompt) -> tuple[int, int]:
        """The sequence that holds a prompt's prefix, and its length in tokens.

        Raises:
            Cancelled, TextTooLong: as for decoding; nothing is kept then.
        """
        tokens = self._assembler.prefix(prompt)
        if len(tokens) >= self._context.size:
            raise TextTooLong(
                f"the task takes {len(tokens)} of {self._context.size} tokens"
            )
        if tokens != self._tokens:
            self.forget()
            self._context.clear()
            self._sequence = self._context.take()
            self._context.feed(self._sequence, tokens, 0, output=False)
            self._tokens = tokens
        return self._sequence, len(tokens)

    def forget(self) -> None:
        """Keep nothing, after the context was cleared."""
        self._tokens, self._sequence = [], -1
