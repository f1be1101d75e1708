"""How far a batch is, and how long it will take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.domain.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Callable

    from onhand.domain.progress import OnProgress


class Telling:
    """Says how far the batch is; the time left comes from the speed of this run."""

    def __init__(
        self, total: int, stopwatch: Callable[[], float], on_progress: OnProgress
    ) -> None:
        self._total = total
        self._stopwatch = stopwatch
        self._on_progress = on_progress
        self._began = stopwatch()
        self._before = 0

    def begin(self, done: int, note: str = "") -> None:
        """Say where it starts, and start the clock."""
        self._before = done
        self._began = self._stopwatch()
        note = f"going on after row {done}" if done else note
        self._on_progress(Progress(done=done, total=self._total, note=note))

    def sampled(self, progress: Progress) -> None:
        """Say how many of the sample's texts were read; none of them is answered yet."""
        note = f"reading a sample: {progress.done} of {progress.total} texts"
        self._on_progress(Progress(done=self._before, total=self._total, note=note))

    def __call__(self, done: int) -> None:
        """Say that so many rows are stored."""
        speed = (self._stopwatch() - self._began) / (done - self._before)
        left = speed * max(self._total - done, 0)
        self._on_progress(Progress(done=done, total=self._total, seconds_left=left))
