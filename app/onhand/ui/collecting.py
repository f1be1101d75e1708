"""Collects garbage on the UI thread, between two events.

Python's collector comes wherever something is made, on any thread. There it must not delete
what belongs to Qt: on another thread a timer or a watcher of files is taken from under the
event loop that waits for it, and in the midst of a new style sheet a closed dialog from the
list of widgets that Qt goes through. Either way the program ends with a fault.
"""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

_PAUSE = 1000
"""Milliseconds between two looks."""


class Collector(QObject):
    """Collects in Python's place, by its rule, for as long as the application runs.

    What was there before stays: looking through it takes long and finds nothing.
    """

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        gc.disable()
        gc.freeze()
        self._timer = QTimer(self)
        self._timer.setInterval(_PAUSE)
        self._timer.timeout.connect(collect_what_is_due)
        self._timer.start()


def collect_what_is_due() -> None:
    """Collect the oldest generation that has its number of new objects or collections.

    The rule stands in the documentation of Python's module `gc`; it counts on while the
    collector is off.
    """
    for generation, limit in reversed([*enumerate(gc.get_threshold())]):
        if limit and gc.get_count()[generation] > limit:
            gc.collect(generation)
            return
