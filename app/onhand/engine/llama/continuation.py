"""A text that is being written: its tokens, its place in the context, its characters."""

from __future__ import annotations

import codecs
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from onhand.domain.errors import TextTooLong
from onhand.domain.primitives import Written
from onhand.engine.llama.batching import Entry
from onhand.engine.llama.context import Floats
from onhand.engine.llama.drafting import Drafter

if TYPE_CHECKING:
    from onhand.domain.progress import OnText
    from onhand.engine.llama.drafting import Draft
    from onhand.engine.llama.model import Model


@dataclass(eq=False)
class Continuation:
    """What is read for a text, and what was written so far.

    Attributes:
        index: its place in the request.
        source: the text.
        behind: what stands between it and the output.
        limit: tokens of the output at most.
        characters: take the output.
        sequence: that holds it, once it was begun.
        position: behind its last decoded token.
        row: the logits there, once something was decoded.
        tried: the draft that the last step has.
        total: of the tokens' log-probabilities.
        finished: whether the model ended it.
    """

    index: int
    source: list[int]
    behind: list[int]
    limit: int
    drafter: Drafter
    characters: Characters
    sequence: int = -1
    position: int = 0
    row: Floats = field(default_factory=lambda: np.empty(0, np.float32))
    output: list[int] = field(default_factory=list)
    tried: list[int] = field(default_factory=list)
    total: float = 0.0
    finished: bool = False

    @property
    def needs(self) -> int:
        """Cells that it takes from its beginning to its end."""
        return len(self.source) + len(self.behind) + self.limit

    @property
    def left(self) -> int:
        """Cells that it may still take."""
        return self.limit - len(self.output)

    def fit_into(self, room: int) -> None:
        """Let it end where the context does.

        Raises:
            TextTooLong: there is no room for a single token.
        """
        room -= len(self.source) + len(self.behind)
        if room < 1:
            fit = max(0, room + len(self.source) - 1)
            raise TextTooLong(f"{len(self.source)} tokens, {fit} fit")
        self.limit = min(self.limit, room)

    def begin(self, sequence: int, position: int) -> None:
        """Go on behind a position of a sequence."""
        self.sequence, self.position = sequence, position

    def read(self) -> list[Entry]:
        """What is decoded before the first token, of which the last has the output."""
        tokens = [*self.source, *self.behind]
        start, last = self.position, self.position + len(tokens) - 1
        self.position = last + 1
        return [
            Entry(token, at, self.sequence, output=at == last)
            for at, token in enumerate(tokens, start)
        ]

    def ends(self, model: Model) -> bool:
        """Whether nothing more is to be written."""
        if self.left > 0:
            self.finished = model.ends(int(self.row.argmax()))
        return self.finished or self.left <= 0

    def choose(self) -> Draft:
        """Take the most probable token, and tell what may follow it."""
        token = int(self.row.argmax())
        self.output.append(token)
        self.total += _logprob(self.row, token)
        return self.drafter.propose(self.output, self.left)

    def step(self, draft: list[int]) -> list[Entry]:
        """The last token and what is tried behind it, each with its output."""
        self.tried = draft
        return [
            Entry(token, at, self.sequence, output=True)
            for at, token in enumerate([self.output[-1], *draft], self.position)
        ]

    def accept(self, rows: Floats, model: Model) -> None:
        """Go on as far as what was tried is right; `rows` are the outputs of the step."""
        kept = _agreed(self.tried, rows)
        self.drafter.learn(self.tried, kept)
        certain = [self.output[-1], *self.tried[:kept]]
        for token in certain:
            self.characters.add(model.piece(token))
        self.total += sum(map(_logprob, rows, certain[1:]))
        self.output += certain[1:]
        self.position += len(certain)
        self.row = rows[kept]

    def written(self) -> Written:
        """The whole of it."""
        return Written(
            text=self.characters.finish(),
            logprob=self.total / max(1, len(self.output)),
            tokens=len(self.output),
            finished=self.finished,
        )


class Characters:
    """Bytes that become text; characters are passed on as soon as they are whole."""

    def __init__(self, on_text: OnText) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._on_text = on_text
        self._pieces: list[str] = []

    def add(self, data: bytes) -> None:
        """Take the next bytes."""
        self._pass_on(self._decoder.decode(data))

    def finish(self) -> str:
        """All of the text, once the last bytes came."""
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
