"""Filling blanks: the most probable values that can be copied out of a text.

The text is decoded once; each blank goes on in a sequence of its own, all blanks in the
same batches.
"""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

import numpy as np

from onhand.domain.errors import TextTooLong
from onhand.domain.primitives import Fill, Filled
from onhand.engine.llama.context import Context, Entry
from onhand.engine.llama.search import Search, run
from onhand.engine.llama.values import Values

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from onhand.domain.primitives import Blank
    from onhand.engine.llama.prefixes import Prefixes
    from onhand.engine.llama.prompting import Assembler

TOGETHER = 8
"""Blanks that are searched at the same time, where there is room for them."""

SPARE = 64
"""Tokens kept free behind the blanks, to follow their values."""


class Filler:
    """Answers `Fill` requests."""

    def __init__(self, context: Context, assembler: Assembler, prefixes: Prefixes) -> None:
        self._context = context
        self._model = context.model
        self._assembler = assembler
        self._prefixes = prefixes
        self._ends: dict[str, npt.NDArray[np.int64]] = {}

    def __call__(self, request: Fill) -> Filled:
        """The values of all blanks.

        Raises:
            Cancelled, TextTooLong: as for decoding.
        """
        tokens = self._model.tokens(request.text)
        suffixes = [self._assembler.suffix(each.ask, each.reply) for each in request.blanks]
        behind = max(map(len, suffixes), default=0) + SPARE
        most = behind * min(TOGETHER, len(suffixes))
        prefix, used = self._prefixes.of(request.prompt, len(tokens) + most)
        if len(tokens) > self._context.room - behind:
            fit = max(0, self._context.room - behind)
            raise TextTooLong(f"{len(tokens)} tokens, {fit} fit")
        sequence = self._context.fork(prefix)
        # What all blanks begin with is read once, with the text.
        shared = _shared(suffixes)
        read = tokens + shared
        suffixes = [suffix[len(shared) :] for suffix in suffixes]
        if read:
            self._context.feed(sequence, read, used, output=False)
        values = Values(self._model, request.text)
        searches: list[Search] = []
        sizes = [len(suffix) for suffix in suffixes]
        for some in self._context.portions(sizes, most=TOGETHER, spare=SPARE):
            searches += self._search(
                values, request.blanks[some], suffixes[some], (sequence, used + len(read))
            )
        self._context.drop(sequence)
        return Filled(
            spans=tuple(search.spans for search in searches),
            absent=tuple(search.absent for search in searches),
            tokens=len(tokens),
        )

    def _search(
        self,
        values: Values,
        blanks: Sequence[Blank],
        suffixes: Sequence[list[int]],
        at: tuple[int, int],
    ) -> list[Search]:
        """Search the values of some blanks behind the text, which ends `at` a sequence."""
        sequence, position = at
        searches = [
            Search(
                self._context.fork(sequence),
                position + len(suffix),
                values.root(blank),
                ends=self._ending(blank.stop),
                most=blank.limit,
            )
            for blank, suffix in zip(blanks, suffixes, strict=True)
        ]
        logits = self._context.decode(
            [
                Entry(token, position + offset, search.sequence, offset == len(suffix) - 1)
                for search, suffix in zip(searches, suffixes, strict=True)
                for offset, token in enumerate(suffix)
            ]
        )
        for search, blank, row in zip(searches, blanks, logits, strict=True):
            absent = self._model.tokens(blank.absent)[0] if blank.absent else None
            search.begin(row, absent)
        run(self._context, searches)
        for search in searches:
            self._context.drop(search.sequence)
        return searches

    def _ending(self, stop: str) -> npt.NDArray[np.int64]:
        """Every token that ends a value: what begins with `stop`, and the turn's end."""
        if stop not in self._ends:
            start = stop.encode()
            found = [
                token
                for token, piece in enumerate(self._model.pieces)
                if piece.startswith(start)
            ]
            self._ends[stop] = np.array([*found, self._assembler.end_of_turn], np.int64)
        return self._ends[stop]


def _shared(suffixes: Sequence[list[int]]) -> list[int]:
    """The tokens with which all begin, but for the last one of the shortest."""
    least = min(map(len, suffixes), default=1) - 1
    columns = zip(*(suffix[:least] for suffix in suffixes), strict=True)
    same = takewhile(lambda column: len(set(column)) == 1, columns)
    return [column[0] for column in same]
