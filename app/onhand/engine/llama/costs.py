"""What a pass over some tokens takes on this machine, learned from the passes themselves.

One token alone goes through kernels of its own. Several take a start, as long as one or two
single tokens, and something more for each. The two speeds that are known from the model's
trial tell little of that start, so it is learned: by least squares over the last passes,
the older ones counting less and less.
"""

from __future__ import annotations

START = 2.0
"""What several tokens take before the first, as a multiple of a single one, at first."""

OUTPUT = 1.4
"""What a token with its output takes, as a multiple of one that is only read, at first."""

FORGETTING = 0.95
"""How much less a pass counts after each further one."""

SUPPOSED = (4, 24)
"""Tokens of two passes that are supposed at first, by what is known of the speeds."""


class Costs:
    """Seconds of a pass by its tokens, each with its output."""

    def __init__(self, single: float = 1.0, more: float = 0.15) -> None:
        """Suppose what a token takes alone, and what each of several takes."""
        self._single = single
        self._counts = self._tokens = self._seconds = self._squares = self._products = 0.0
        for tokens in SUPPOSED:
            self._add(tokens, single * START + more * tokens)

    @classmethod
    def of(cls, read_speed: float, write_speed: float) -> Costs:
        """From tokens a second, read in a long batch and written one by one.

        The default where they were not measured.
        """
        if not read_speed or not write_speed:
            return cls()
        return cls(single=1 / write_speed, more=OUTPUT / read_speed)

    def learn(self, tokens: int, seconds: float) -> None:
        """Take in what a pass took."""
        if tokens == 1:
            self._single = FORGETTING * self._single + (1 - FORGETTING) * seconds
        else:
            self._add(tokens, seconds)

    def __call__(self, tokens: int) -> float:
        """What a pass over so many tokens takes, in seconds."""
        if tokens == 1:
            return self._single
        mean_tokens, mean = self._tokens / self._counts, self._seconds / self._counts
        spread = self._squares / self._counts - mean_tokens**2
        together = self._products / self._counts - mean_tokens * mean
        more = max(0.0, together / spread) if spread > 0 else 0.0
        return max(self._single, mean + more * (tokens - mean_tokens))

    def best_length(self, right: float, most: int) -> int:
        """The length of draft that brings most tokens for the time, 0 for none.

        A draft of k tokens, each right with probability p, brings 1 + p + ... + p^k tokens
        for the price of a pass over k + 1 (Leviathan et al. 2023, arXiv 2211.17192, 3.3).
        """
        best, best_speed = 0, 1 / self(1)
        expected = chance = 1.0
        for length in range(1, most + 1):
            chance *= right
            expected += chance
            speed = expected / self(1 + length)
            if speed > best_speed:
                best, best_speed = length, speed
        return best

    def _add(self, tokens: int, seconds: float) -> None:
        old = FORGETTING if self._counts > len(SUPPOSED) else 1.0
        self._counts = self._counts * old + 1
        self._tokens = self._tokens * old + tokens
        self._seconds = self._seconds * old + seconds
        self._squares = self._squares * old + tokens**2
        self._products = self._products * old + tokens * seconds
