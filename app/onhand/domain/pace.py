"""How fast a device reads, watched while it works: a device can become slow as a processor.

A driver that lost its device, or a laptop that saves power, may go on at a fraction of the
speed without an error.
"""

from __future__ import annotations

LEAST_TOKENS = 64
"""Tokens of a batch from which on its time says something of the reading speed."""

IN_A_ROW = 3
"""So many batches must be slow, one after the other."""


class Pace:
    """Told of each batch; tells whether it got no faster than the processor would be."""

    def __init__(self, floor: float = 0.0) -> None:
        """`floor` is what the processor reads, tokens a second; 0: nothing is watched."""
        self._floor = floor
        self._slow = 0

    def add(self, tokens: int, seconds: float) -> None:
        """Take in a batch."""
        if tokens >= LEAST_TOKENS:
            self._slow = self._slow + 1 if tokens < self._floor * seconds else 0

    @property
    def dropped(self) -> bool:
        """Whether it reads no faster than the processor any more."""
        return self._slow >= IN_A_ROW
