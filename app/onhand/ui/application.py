"""The desktop program: opens what is asked for, the services behind it, and closes both."""

from __future__ import annotations

import signal
import sys
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from onhand.ui.clipboard import ClipboardGuard
from onhand.ui.crash_dialog import ExceptionHook
from onhand.ui.desktop import Desktop
from onhand.ui.identity import identify
from onhand.ui.jobs import Jobs, OpenArchive, OpenServices, OpenShelf
from onhand.ui.main_window import MainWindow
from onhand.ui.opening import Opening
from onhand.ui.speaking import speak
from onhand.ui.stopwatch import Stopwatch
from onhand.ui.theme import Theme

if TYPE_CHECKING:
    from collections.abc import Sequence

_OPENING = Opening()


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
    application = QApplication(list(argv))
    identify(application)
    if opening.translations is not None:
        speak(application, opening.translations, opening.language)
    # Qt's loop leaves no room for Python's own handler. Nothing is lost by going at once:
    # every answer is stored when it is made, and the engine ends when it is left alone.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    theme = Theme(application)
    jobs = Jobs(open_services, open_archive, open_shelf, opening.make_first)
    hook = sys.excepthook
    watch = None if opening.tell_holds is None else Stopwatch()
    try:
        ClipboardGuard(application)
        desktop = Desktop(jobs, theme, opening, lambda keys: MainWindow(jobs, theme, keys))
        ExceptionHook(application, desktop.shown).install()
        return application.exec()
    finally:
        if watch is not None and opening.tell_holds is not None:
            opening.tell_holds(watch.end().in_words())
        jobs.close()
        sys.excepthook = hook
