"""A stopwatch for the UI thread: how long it was held up, and by what."""

from __future__ import annotations

import sys
import threading
from array import array
from pathlib import Path
from time import perf_counter, thread_time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

import onhand
from onhand.domain.holds import BAR, Hold, Holds

if TYPE_CHECKING:
    from types import FrameType

BEAT = 0.01
"""Seconds between two beats."""

_PACKAGE = str(Path(onhand.__file__).parent)


class Stopwatch(QObject):
    """A second thread sends a beat, waits for the UI thread to take it, and sends another.

    What a beat waits is what a key would have waited that was pressed then. While it waits
    too long, that thread looks what Python is doing in the first.
    """

    _beat = Signal(float)

    def __init__(self) -> None:
        """Begin; called on the UI thread, when there is an application."""
        super().__init__()
        self._waits, self._busy = array("d"), array("d")
        self._used = thread_time()
        self._noticed: list[Hold] = []
        self._began = perf_counter()
        self._place = ""
        self._watched = threading.get_ident()
        self._answered = threading.Event()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._send, name="stopwatch")
        self._beat.connect(self._answer, Qt.ConnectionType.QueuedConnection)
        self._thread.start()

    def begin_again(self) -> None:
        """Forget what was measured."""
        self._waits, self._busy = array("d"), array("d")
        self._noticed = []
        self._began = perf_counter()

    def so_far(self) -> Holds:
        """What was measured until now."""
        return Holds(
            seconds=array("d", self._waits),
            noticed=tuple(self._noticed),
            whole=perf_counter() - self._began,
            busy=array("d", self._busy),
        )

    def end(self) -> Holds:
        """Stop measuring; what was found."""
        found = self.so_far()
        self._ended.set()
        self._answered.set()
        self._thread.join()
        return found

    def _answer(self, sent: float) -> None:
        waited = perf_counter() - sent
        used, self._used = self._used, thread_time()
        busy = self._used - used
        self._waits.append(waited)
        self._busy.append(busy)
        if waited > BAR:
            self._noticed.append(Hold(waited, self._place, busy))
        self._answered.set()

    def _send(self) -> None:
        while not self._ended.wait(BEAT):
            self._place = ""
            self._answered.clear()
            self._beat.emit(perf_counter())
            if not self._answered.wait(BAR / 2):
                # What a frame holds lives until it is let go here, on the wrong thread: so
                # painters are ended, not left to be cleared away.
                frames = sys._current_frames()  # noqa: SLF001 - this is its name
                self._place = _place(frames.get(self._watched))
                del frames
                self._answered.wait()


def _place(frame: FrameType | None) -> str:
    """Where in this program the frame is, and what called it; no user text."""
    places: list[str] = []
    while frame is not None and len(places) < 3:
        file = frame.f_code.co_filename
        if file.startswith(_PACKAGE):
            name = Path(file).relative_to(_PACKAGE).as_posix()
            places.append(f"{name}:{frame.f_lineno} {frame.f_code.co_name}")
        frame = frame.f_back
    return " < ".join(places)
