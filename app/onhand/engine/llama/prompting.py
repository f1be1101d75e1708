"""Prompts as tokens: control words around plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.engine.llama.chat import ChatFormat, chat_format

if TYPE_CHECKING:
    from onhand.domain.primitives import Prompt
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
        form = self._form
        tokens = [
            *self._model.opening,
            *self._control(form.before_system),
            *self._model.tokens(prompt.system),
            *self._control(form.before_user),
        ]
        for user, reply in prompt.turns:
            tokens += self._model.tokens(user)
            tokens += self._control(form.past_reply or form.before_reply)
            tokens += self._model.tokens(reply)
            tokens += self._control(form.next_user or form.before_user)
        return [*tokens, *self._model.tokens(prompt.before)]

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
