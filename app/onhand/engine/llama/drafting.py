"""Drafts for writing: what of the source the model is about to repeat, and how much to try.

A rewrite walks along its source. A cursor follows it there. As long as the output repeats
the source, the tokens behind the cursor are the draft. Where the model chose another token,
it may have replaced one, put one in or left some out; the output's own end tells, once it
stands in the source again near the cursor. (Prompt lookup decoding, Saxena 2023,
github.com/apoorvumang/prompt-lookup-decoding, looks for the end of the output anywhere and
needs a match to go on.)

How many of them to try follows from what a pass costs (`costs.py`) and from how often
drafts of the same kind were right so far.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from onhand.engine.llama.costs import LONGEST

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST = LONGEST - 1
"""Tokens of a draft at most: the pass that checks it has one before it."""

NEAR = 32
"""Tokens around the cursor in which the end of the output is looked up first."""

LONGEST_MATCH = 4
"""Tokens at the output's end that are looked up, at most."""


class Guess(Enum):
    """Why a draft should be right; the value is how often its tokens are, at first."""

    GOING_ON = 0.9
    FOUND = 0.7
    REPLACED = 0.5


class Draft(NamedTuple):
    """Tokens that may come next, and how probable it is of each that it is right."""

    right: float
    tokens: list[int]


class Drafter:
    """Proposes drafts for one output, and learns how right they are."""

    def __init__(self, source: Sequence[int]) -> None:
        self._source = list(source)
        self._cursor = 0
        self._guess = Guess.GOING_ON
        self._silent = True
        # Right and wrong tokens by kind of guess; the prior counts as four tokens.
        self._right = {guess: 4 * guess.value for guess in Guess}
        self._tried = dict.fromkeys(Guess, 4.0)

    def propose(self, output: Sequence[int], room: int) -> Draft:
        """What may follow the output, `room` tokens at most; often nothing."""
        if self._silent:
            # What was not tried tells all the same how right it would have been.
            self._right[self._guess] += self._is_next(output[-1])
            self._tried[self._guess] += 1
        self._follow(output)
        right = self._right[self._guess] / self._tried[self._guess]
        most = max(0, min(room, MOST))
        return Draft(right, self._source[self._cursor : self._cursor + most])

    def learn(self, tried: Sequence[int], kept: int) -> None:
        """Take in how much of the draft was tried, and how many tokens were right."""
        self._silent = not tried
        self._right[self._guess] += kept
        self._tried[self._guess] += min(len(tried), kept + 1)
        self._cursor += kept
        if kept:
            self._guess = Guess.GOING_ON

    def _is_next(self, token: int) -> bool:
        return self._source[self._cursor : self._cursor + 1] == [token]

    def _follow(self, output: Sequence[int]) -> None:
        """Move the cursor behind the newest token of the output."""
        if self._is_next(output[-1]):
            self._cursor += 1
            self._guess = Guess.GOING_ON
        elif (found := self._look_up(output)) is not None:
            self._cursor = found
            self._guess = Guess.FOUND
        elif self._guess is not Guess.REPLACED:
            self._cursor += 1
            self._guess = Guess.REPLACED

    def _look_up(self, output: Sequence[int]) -> int | None:
        """Behind the longest end of the output that the source has, nearest to the cursor.

        A single token counts near the cursor only.
        """
        for length in range(min(LONGEST_MATCH, len(output)), 0, -1):
            end = list(output[-length:])
            places = [
                start + length
                for start in self._starts(length)
                if self._source[start : start + length] == end
            ]
            if places:
                return min(places, key=lambda place: (abs(place - self._cursor), -place))
        return None

    def _starts(self, length: int) -> range:
        last = len(self._source) - length + 1
        if length > 1:
            return range(last)
        return range(max(0, self._cursor - NEAR), min(last, self._cursor + NEAR))
