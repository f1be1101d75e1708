"""How a download stands."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

SPEED_SECONDS = 8.0
"""The speed is that of so many seconds before now."""

LEAST_SECONDS = 0.5
"""A shorter time than this tells no speed."""


class TransferState(StrEnum):
    """What a download does now."""

    WAITING = "waiting"
    RUNNING = "running"
    PAUSED = "paused"
    CHECKING = "checking"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class Transfer:
    """How a download stands.

    Attributes:
        model: its id in the catalogue.
        done: bytes that are here.
        total: bytes in all.
        speed: bytes a second, of the last seconds; 0 where that is not known.
        reason: why it waits or failed, in words.
    """

    model: str
    state: TransferState
    done: int
    total: int
    speed: float = 0.0
    reason: str = ""

    @property
    def seconds_left(self) -> float | None:
        """Estimate from the speed; None where that is not known."""
        if self.speed <= 0 or self.state is not TransferState.RUNNING:
            return None
        return max(0, self.total - self.done) / self.speed


OnTransfer = Callable[[Transfer], None]


def ignore_transfer(_: Transfer) -> None:
    """Nobody watches."""


class Speedometer:
    """The speed of the last seconds, from what is done at some times."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque()

    def __call__(self, now: float, done: int) -> float:
        """Bytes a second; 0 as long as that is not known, and after it went back.

        Args:
            now: seconds of a clock that never goes back.
            done: bytes that are here.
        """
        if self._seen and done < self._seen[-1][1]:
            self._seen.clear()
        self._seen.append((now, done))
        while now - self._seen[0][0] > SPEED_SECONDS and len(self._seen) > 2:
            self._seen.popleft()
        since, then = self._seen[0]
        return (done - then) / (now - since) if now - since >= LEAST_SECONDS else 0.0
