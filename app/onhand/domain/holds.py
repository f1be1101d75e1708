"""How long a user interface was held up, in figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

BAR = 0.05
"""Seconds from which a person notices."""

_WORST = 8
_STEPS = 40


@dataclass(frozen=True)
class Hold:
    """One time in which nothing else could be done; `place` is what did it, if known.

    `busy` is how long a processor worked for it; the rest went to others.
    """

    seconds: float
    place: str = ""
    busy: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Holds:
    """All of them in a stretch of time.

    Attributes:
        seconds: of each.
        noticed: those longer than `BAR`.
        whole: seconds that were watched.
        busy: processor seconds of the thread for each, and for what it did just before.
    """

    seconds: Sequence[float]
    noticed: Sequence[Hold]
    whole: float
    busy: Sequence[float] = ()

    def at(self, share: float) -> float:
        """The seconds that this share of them does not exceed; 0 where there are none."""
        return _at(self.seconds, share)

    def wait(self, share: float) -> float:
        """What a key pressed at any moment waits at most, for this share of moments.

        Unlike `at` it is not made better by many short holds beside a long one.
        """
        low, high = 0.0, max(self.seconds, default=0.0)
        for _ in range(_STEPS):
            middle = (low + high) / 2
            late = sum(each - middle for each in self.seconds if each > middle)
            if late > (1 - share) * self.whole:
                low = middle
            else:
                high = middle
        return high

    def in_words(self) -> str:
        """A line of figures, and a line for each of the worst."""
        ms = 1000
        figures = (
            f"held up {len(self.seconds)} times in {self.whole:.0f} s:"
            f" p50 {self.at(0.5) * ms:.1f} ms, p99 {self.at(0.99) * ms:.1f} ms,"
            f" max {max(self.seconds, default=0.0) * ms:.1f} ms;"
            f" {len(self.noticed)} longer than {BAR * ms:.0f} ms;"
            f" a key waits at most {self.wait(0.99) * ms:.1f} ms in 99 of 100 moments"
        )
        worst = sorted(self.noticed, key=lambda each: -each.seconds)[:_WORST]
        lines = [
            f"  {each.seconds * ms:.0f} ms, {each.busy * ms:.0f} ms of them at work"
            f"  {each.place or 'not known by what'}"
            for each in worst
        ]
        return "\n".join((figures, *self._at_work(), *lines))

    def _at_work(self) -> list[str]:
        """The same by a processor's time, which says more on a busy machine."""
        if not self.busy:
            return []
        ms = 1000
        longer = sum(each > BAR for each in self.busy)
        told = (
            f"  at work: p50 {_at(self.busy, 0.5) * ms:.1f} ms,"
            f" p99 {_at(self.busy, 0.99) * ms:.1f} ms, max {max(self.busy) * ms:.1f} ms;"
            f" {longer} longer than {BAR * ms:.0f} ms"
        )
        return [told]


def _at(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    if not ordered:
        return 0.0
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
