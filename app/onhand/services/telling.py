"""How far a batch is, and how long it will take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.domain.cascading import why_not
from onhand.domain.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Callable

    from onhand.domain.cascading import Foreseen
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

    def of_first(self, model: str, found: Foreseen) -> TellingFirst:
        """What says how far the smaller model is, which is asked first."""
        return TellingFirst(model, found, (self._before, self._total), self)

    def second(self, done: int, model: str) -> None:
        """Say that the other model answers the rest, and start the clock anew."""
        self._before = done
        self._began = self._stopwatch()
        note = f"{model} answers the rest"
        self._on_progress(Progress(done=done, total=self._total, note=note))

    def alone(self, model: str, found: Foreseen) -> None:
        """Say that it does not pay to ask the smaller model first, and start the clock."""
        self._began = self._stopwatch()
        note = f"{model} is not asked first: {why_not(found.worth)}"
        self._on_progress(Progress(done=self._before, total=self._total, note=note))

    def now(self) -> float:
        """Seconds from any beginning."""
        return self._stopwatch()

    def say(self, progress: Progress) -> None:
        """Say how far it is."""
        self._on_progress(progress)

    def __call__(self, done: int) -> None:
        """Say that so many rows are stored."""
        speed = (self._stopwatch() - self._began) / (done - self._before)
        left = speed * max(self._total - done, 0)
        self._on_progress(Progress(done=done, total=self._total, seconds_left=left))


class TellingFirst:
    """Says how far the smaller model is, and how long both will take, as far as foreseen.

    It goes by the texts that were asked about: those that it passes on are not stored.
    """

    def __init__(
        self, model: str, found: Foreseen, rows: tuple[int, int], tell: Telling
    ) -> None:
        """`rows` are those that were done before, and all."""
        self._model = model
        self._found = found
        self._before, self._total = rows
        self._tell = tell
        self._began = tell.now()
        self._done = self._before
        self._asked = 0

    def asked(self, texts: int) -> None:
        """Say that it was asked about so many more texts."""
        self._asked += texts
        gone = max(self._asked, self._done - self._before)
        pace = (self._tell.now() - self._began) / max(self._asked, 1)
        due = self._total - self._before
        rest = (1 - self._found.share) * self._found.alone * due
        self._tell.say(
            Progress(
                done=self._done,
                total=self._total,
                seconds_left=pace * max(due - gone, 0) + rest,
                note=f"{self._model} is asked first: {self._asked} texts so far",
            )
        )

    def __call__(self, done: int) -> None:
        """Say that so many rows are stored."""
        self._done = done
        self.asked(0)
