"""Filling blanks: the most probable values that can be copied out of a text.

The text is decoded once; each blank goes on in a sequence of its own, all blanks in the
same batches.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING

import numpy as np

from onhand.domain.errors import TextTooLong
from onhand.domain.primitives import Blank, Fill, Filled
from onhand.engine.llama.batching import Entry
from onhand.engine.llama.search import Search, run
from onhand.engine.llama.values import Values

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from onhand.engine.llama.context import Context, Floats
    from onhand.engine.llama.prefixes import Prefixes
    from onhand.engine.llama.prompting import Assembler

TOGETHER = 8
"""Blanks that are searched at the same time, where there is room for them."""

SPARE = 64
"""Tokens kept free behind the blanks, to follow their values."""


@dataclass(frozen=True)
class _Asked:
    """A blank and the tokens that lead from the text to its value.

    Attributes:
        lead: the last of them as text, where it belongs to the spelling of values.
    """

    blank: Blank
    suffix: list[int]
    lead: str


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
        unread = tokens + shared
        asked = [
            _Asked(blank, suffix[len(shared) :], self._lead(blank, suffix[-1]))
            for blank, suffix in zip(request.blanks, suffixes, strict=True)
        ]
        values = {
            lead: Values(self._model, request.text, lead)
            for lead in {each.lead for each in asked}
        }
        searches: list[Search] = []
        for some in self._context.portions(
            [len(each.suffix) for each in asked],
            most=TOGETHER,
            spare=SPARE + len(unread),
        ):
            together = self._ask(asked[some], values, unread, (sequence, used))
            used, unread = used + len(unread), []
            run(self._context, together)
            for search in together:
                search.close(self._context)
            searches += together
        self._context.drop(sequence)
        return Filled(
            spans=tuple(search.spans for search in searches),
            absent=tuple(search.absent for search in searches),
            tokens=len(tokens),
        )

    def _ask(
        self,
        asked: Sequence[_Asked],
        values: Mapping[str, Values],
        unread: Sequence[int],
        at: tuple[int, int],
    ) -> list[Search]:
        """Put some blanks behind the text; what of it is unread is read with them.

        `at` is a sequence and the position in it where the unread tokens go.
        """
        sequence, position = at
        forks = tuple(self._context.fork(sequence) for _ in asked)
        behind = position + len(unread)
        logits = self._context.decode(
            [
                Entry(token, position + offset, sequence, also=forks)
                for offset, token in enumerate(unread)
            ]
            + [
                Entry(token, behind + offset, fork, offset >= len(each.suffix) - 2)
                for each, fork in zip(asked, forks, strict=True)
                for offset, token in enumerate(each.suffix)
            ]
        )
        searches: list[Search] = []
        for each, fork, rows in zip(asked, forks, _pairs(logits), strict=True):
            search = Search(
                fork,
                behind + len(each.suffix) - bool(each.lead),
                values[each.lead].root(each.blank),
                blank=each.blank,
                ends=self._ending(each.blank.stop),
            )
            absent = each.blank.absent
            search.begin(
                rows,
                each.suffix[-1] if each.lead else None,
                self._model.tokens(absent)[0] if absent else None,
            )
            searches.append(search)
        return searches

    def _lead(self, blank: Blank, token: int) -> str:
        """What the last token of a suffix is, if it belongs to the reply; otherwise ""."""
        lead = self._model.piece(token).decode(errors="ignore")
        return lead if lead and blank.reply.endswith(lead) else ""

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


def _pairs(rows: Floats) -> Floats:
    """Rows of outputs, two by two."""
    return rows.reshape(len(rows) // 2, 2, rows.shape[1])


def _shared(suffixes: Sequence[list[int]]) -> list[int]:
    """The tokens with which all begin, but for the last two of the shortest."""
    least = max(0, min(map(len, suffixes), default=2) - 2)
    columns = zip(*(suffix[:least] for suffix in suffixes), strict=True)
    same = takewhile(lambda column: len(set(column)) == 1, columns)
    return [column[0] for column in same]
