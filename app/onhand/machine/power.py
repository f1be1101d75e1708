"""Power: whether the machine runs on battery, and whether it has slept."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from collections.abc import Callable

    from onhand.services.ports import Clock

SLEPT = 30.0
"""Seconds by which the clock on the wall must have gone ahead of the other."""


def on_battery() -> bool:
    """Whether it runs on battery; where that cannot be told, it does not."""
    # Missing on systems for which psutil knows no way.
    ask = getattr(psutil, "sensors_battery", None)
    try:
        battery = ask() if ask is not None else None
    except (OSError, RuntimeError, ValueError, psutil.Error):
        return False
    return battery is not None and battery.power_plugged is False


class Wakefulness:
    """Notices that the machine was asleep: one clock stood still, the other went on.

    On Windows both go on, and nothing is noticed there.
    """

    def __init__(self, clock: Clock, steady: Callable[[], float] = time.monotonic) -> None:
        """`steady` gives seconds and stands still while the machine sleeps."""
        self._clock = clock
        self._steady = steady
        self._ahead = self._difference()
        self._wakes = 0

    def wakes(self) -> int:
        """How often it has woken up, as far as anybody asked in between."""
        ahead, self._ahead = self._ahead, self._difference()
        if self._ahead - ahead > SLEPT:
            self._wakes += 1
        return self._wakes

    def _difference(self) -> float:
        return self._clock.now().timestamp() - self._steady()
