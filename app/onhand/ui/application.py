"""The desktop program: opens what is asked for, the services behind it, and closes both."""

from __future__ import annotations

import signal
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from onhand.ui.clipboard import ClipboardGuard
from onhand.ui.collecting import Collector
from onhand.ui.crash_dialog import ExceptionHook
from onhand.ui.desktop import Desktop
from onhand.ui.identity import complete, identify
from onhand.ui.jobs import Jobs, OpenArchive, OpenServices, OpenShelf
from onhand.ui.main_window import MainWindow
from onhand.ui.opening import Opening
from onhand.ui.speaking import speak
from onhand.ui.theme import STYLE, Theme

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_OPENING = Opening()

_SETTLED = 5000
"""Milliseconds after which all is loaded that most people need."""


def run_desktop(
    open_services: OpenServices,
    open_archive: OpenArchive,
    open_shelf: OpenShelf,
    argv: Sequence[str],
    opening: Opening = _OPENING,
) -> int:
    """Show the window, or the quick panel, until it is closed; returns the exit status.

    All three are called, and their results closed, on other threads.
    """
    application = QApplication([*argv, *STYLE])
    identify(application)
    if opening.translations is not None:
        speak(application, opening.translations, opening.language)
    # Qt's loop leaves no room for Python's own handler. Nothing is lost by going at once:
    # every answer is stored when it is made, and the engine ends when it is left alone.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    theme = Theme(application, styled=True)
    jobs = Jobs(open_services, open_archive, open_shelf, opening.make_first)
    hook = sys.excepthook
    end_watch = None if opening.tell_holds is None else _watch(opening.tell_holds)
    QTimer.singleShot(_SETTLED, lambda: Collector(application))
    QTimer.singleShot(_SETTLED, lambda: complete(application))
    try:
        ClipboardGuard(application)
        desktop = Desktop(jobs, theme, opening, lambda keys: MainWindow(jobs, theme, keys))
        ExceptionHook(application, desktop.shown).install()
        return application.exec()
    finally:
        if end_watch is not None:
            end_watch()
        jobs.close()
        sys.excepthook = hook


def _watch(tell: Callable[[str], object]) -> Callable[[], None]:
    """Measure how long the UI thread is held up; what is returned ends that and tells."""
    from onhand.ui.stopwatch import Stopwatch  # noqa: PLC0415 - hardly anybody measures

    watch = Stopwatch()

    def end() -> None:
        tell(watch.end().in_words())

    return end
