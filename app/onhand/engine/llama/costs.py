"""What a pass over some tokens takes on this machine, learned from the passes themselves.

Kernels multiply weights with 16 tokens at once, what is left of them with 4, and what is
left of those one by one (llama.cpp, ggml/src/ggml-cpu/arch/x86/repack.cpp). So 15 tokens
may take longer than 16. That shape is supposed at first, from the two speeds that are known
from the model's trial; then each pass corrects what was supposed of its length, and of
others as far as they are near to it (kernel least mean squares, Liu et al. 2008,
doi 10.1109/TSP.2007.907881).
"""

from __future__ import annotations

import math
from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST = 32
"""Tokens of a pass at most; so many fill blocks."""

BLOCK, SMALL = 16, 4
"""Tokens that kernels take at once."""

START = 0.5
"""What several tokens take before the first, as a multiple of a single one."""

LEFT = 0.6
"""What each token takes that fills no small block, as a multiple of a single one."""

SMALLER = 1.25
"""What a token takes in a small block, as a multiple of one in a block."""

OUTPUT = 1.4
"""What a token with its output takes, as a multiple of one that is only read."""

URGENT = 2.0
"""What tokens of the first text are worth, as a multiple of those of the others."""

LEARNING = 0.1
"""How far a pass corrects what was supposed of its length."""


class Costs:
    """Seconds of a pass by its tokens, each with its output."""

    def __init__(self, single: float = 1.0, more: float = 0.15) -> None:
        """Suppose what a token takes alone, and what each of many takes."""
        # Logarithms, so that a pass twice as long as supposed counts as one half as long.
        self._logs = [
            math.log(_supposed(tokens, single, more)) for tokens in range(1, LONGEST + 1)
        ]

    @classmethod
    def of(cls, read_speed: float, write_speed: float) -> Costs:
        """From tokens a second, read in a long batch and written one by one.

        The default where they were not measured.
        """
        if not read_speed or not write_speed:
            return cls()
        return cls(single=1 / write_speed, more=OUTPUT / read_speed)

    def learn(self, tokens: int, seconds: float) -> None:
        """Take in what a pass over that many tokens took, `LONGEST` or fewer."""
        if seconds <= 0:
            return
        wrong = LEARNING * (math.log(seconds) - self._logs[tokens - 1])
        for other in range(1, LONGEST + 1):
            self._logs[other - 1] += wrong * min(other / tokens, tokens / other)

    def __call__(self, tokens: int) -> float:
        """What a pass over so many tokens takes, in seconds."""
        return math.exp(self._logs[tokens - 1])

    def best_lengths(self, drafts: Sequence[tuple[float, int]]) -> list[int]:
        """How long the drafts of texts are best that are written side by side.

        The pass that brings most for its time. A draft of k tokens, each right with
        probability p, brings 1 + p + ... + p^k tokens for the price of k + 1 (Leviathan et
        al. 2023, arXiv 2211.17192, 3.3); none brings one for the price of a single. The
        price is that of the pass as a whole, so the most valuable token of any draft comes
        next. Each sum is concave: that gives the best pass of every length. Tokens of the
        first text count `URGENT` times: somebody may wait for it.

        Args:
            drafts: of each text the probability and the tokens there are, `LONGEST` texts
                or fewer.

        Returns:
            Tokens of each draft; with one for each text that comes before, `LONGEST` or
            fewer.
        """
        if not drafts:
            return []
        lengths = [0] * len(drafts)
        worth = [URGENT, *(1.0 for _ in drafts[1:])]
        best, tokens, value = list(lengths), len(drafts), sum(worth)
        best_speed = value / self(tokens)
        nexts = [
            (-worth[index] * right, index)
            for index, (right, most) in enumerate(drafts)
            if most
        ]
        heapify(nexts)
        while nexts and tokens < LONGEST:
            negated, index = heappop(nexts)
            right, most = drafts[index]
            lengths[index] += 1
            tokens, value = tokens + 1, value - negated
            if lengths[index] < most:
                heappush(nexts, (negated * right, index))
            speed = value / self(tokens)
            if speed > best_speed:
                best, best_speed = list(lengths), speed
        return best


def _supposed(tokens: int, single: float, more: float) -> float:
    if tokens == 1:
        return single
    blocks, rest = divmod(tokens, BLOCK)
    small, left = divmod(rest, SMALL)
    in_blocks = more * (BLOCK * blocks + SMALLER * SMALL * small)
    return max(single, in_blocks + single * (START + LEFT * left))
