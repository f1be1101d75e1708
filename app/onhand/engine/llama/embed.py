"""Hidden states behind texts, for classifiers that are trained on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.domain.errors import TextTooLong
from onhand.domain.primitives import Embed, Embedded
from onhand.engine.llama.batching import Entry

if TYPE_CHECKING:
    from onhand.engine.llama.context import Context
    from onhand.engine.llama.prefixes import Prefixes
    from onhand.engine.llama.prompting import Assembler


class Embedder:
    """Answers `Embed` requests."""

    def __init__(self, context: Context, assembler: Assembler, prefixes: Prefixes) -> None:
        self._context = context
        self._model = context.model
        self._assembler = assembler
        self._prefixes = prefixes

    def __call__(self, request: Embed) -> Embedded:
        """The states of all texts.

        Raises:
            Cancelled, TextTooLong: as for decoding.
        """
        suffix = self._assembler.suffix(request.ask, request.reply)
        last: list[tuple[float, ...]] = []
        mean: list[tuple[float, ...]] = []
        for text in request.texts:
            tokens = self._model.tokens(text)
            needs = len(tokens) + len(suffix)
            prefix, used = self._prefixes.of(request.prompt, needs)
            if needs > self._context.room:
                fit = max(0, self._context.room - len(suffix))
                raise TextTooLong(f"{len(tokens)} tokens, {fit} fit")
            sequence = self._context.fork(prefix)
            final = len(tokens) + len(suffix) - 1
            states = self._context.decode_states(
                [
                    Entry(
                        token,
                        used + offset,
                        sequence,
                        output=offset < len(tokens) or offset == final,
                    )
                    for offset, token in enumerate(tokens + suffix)
                ]
            )
            self._context.drop(sequence)
            last.append(tuple(states[-1].tolist()))
            mean.append(tuple(states[: max(1, len(tokens))].mean(axis=0).tolist()))
        return Embedded(last=tuple(last), mean=tuple(mean))
