"""Writing: the most probable token each time, with drafts taken from the input.

A rewrite repeats most of its input. So what the model is about to repeat is proposed
(`drafting.py`), and one pass checks the whole proposal; the check is that of speculative
decoding (Leviathan et al. 2023, arXiv 2211.17192) for greedy choice. The result is what
plain greedy decoding gives, but for ties: kernels round by the size of the batch.
"""

from __future__ import annotations

import codecs
import time
from typing import TYPE_CHECKING

import numpy as np

from onhand.domain.errors import TextTooLong
from onhand.domain.primitives import Write, Written
from onhand.engine.llama.batching import Entry
from onhand.engine.llama.costs import Costs
from onhand.engine.llama.drafting import Drafter

if TYPE_CHECKING:
    from collections.abc import Callable

    from onhand.engine.llama.context import Context, Floats
    from onhand.engine.llama.prefixes import Prefixes
    from onhand.engine.llama.prompting import Assembler


class Writer:
    """Answers `Write` requests.

    Attributes:
        costs: of a pass on this machine; they decide how long drafts are, and learn.
    """

    def __init__(self, context: Context, assembler: Assembler, prefixes: Prefixes) -> None:
        self.costs = Costs()
        self._context = context
        self._model = context.model
        self._assembler = assembler
        self._prefixes = prefixes

    def __call__(self, request: Write, on_text: Callable[[str], None]) -> Written:
        """Write; complete characters go to `on_text` as they come.

        Where the context has no more room, that ends the text as the limit does.

        Raises:
            Cancelled, TextTooLong: as for decoding.
        """
        source = self._model.tokens(request.text)
        prompt = source + self._assembler.suffix(request.ask, request.reply)
        prefix, position = self._prefixes.of(request.prompt, len(prompt) + request.limit)
        room = self._context.room - len(prompt)
        if room < 1:
            fit = max(0, room + len(source) - 1)
            raise TextTooLong(f"{len(source)} tokens, {fit} fit")
        limit = min(request.limit, room)
        sequence = self._context.fork(prefix)
        row = self._context.feed(sequence, prompt, position, output=True)[0]
        position += len(prompt)
        text, output, total = _Text(on_text), list[int](), 0.0
        finished = False
        drafter = Drafter(source if request.draft else (), self.costs)
        while len(output) < limit:
            token = int(row.argmax())
            if finished := self._model.ends(token):
                break
            output.append(token)
            draft = drafter.propose(output, limit - len(output))
            rows = self._check(sequence, position, [token, *draft])
            kept = _agreed(draft, rows)
            drafter.learn(draft, kept)
            total += _logprob(row, token) + sum(map(_logprob, rows, draft[:kept]))
            output += draft[:kept]
            for each in (token, *draft[:kept]):
                text.add(self._model.piece(each))
            position += 1 + kept
            self._context.cut(sequence, position)
            row = rows[kept]
        self._context.drop(sequence)
        return Written(
            text=text.finish(),
            logprob=total / max(1, len(output)),
            tokens=len(output),
            finished=finished,
        )

    def _check(self, sequence: int, position: int, tokens: list[int]) -> Floats:
        begin = time.perf_counter()
        rows = self._context.decode(
            [
                Entry(token, position + offset, sequence, output=True)
                for offset, token in enumerate(tokens)
            ]
        )
        self.costs.learn(len(tokens), time.perf_counter() - begin)
        return rows


class _Text:
    """Bytes that become text; characters are passed on as soon as they are whole."""

    def __init__(self, on_text: Callable[[str], None]) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._on_text = on_text
        self._pieces: list[str] = []

    def add(self, data: bytes) -> None:
        self._pass_on(self._decoder.decode(data))

    def finish(self) -> str:
        self._pass_on(self._decoder.decode(b"", final=True))
        return "".join(self._pieces)

    def _pass_on(self, text: str) -> None:
        if text:
            self._pieces.append(text)
            self._on_text(text)


def _agreed(draft: list[int], rows: Floats) -> int:
    """How many tokens of a draft are what would have been chosen."""
    for index, token in enumerate(draft):
        if int(rows[index].argmax()) != token:
            return index
    return len(draft)


def _logprob(row: Floats, token: int) -> float:
    top = row.max()
    return float(row[token] - top - np.log(np.exp(row - top).sum()))
