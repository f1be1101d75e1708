"""The desktop program: opens the window first, the services behind it, and closes both."""

from __future__ import annotations

import signal
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from onhand.ui.clipboard import ClipboardGuard
from onhand.ui.crash_dialog import ExceptionHook
from onhand.ui.jobs import Jobs, OpenArchive, OpenServices, OpenShelf
from onhand.ui.main_window import MainWindow
from onhand.ui.theme import Theme

if TYPE_CHECKING:
    from collections.abc import Sequence


def run_desktop(
    open_services: OpenServices,
    open_archive: OpenArchive,
    open_shelf: OpenShelf,
    argv: Sequence[str],
) -> int:
    """Show the window until it is closed; returns the exit status.

    All three are called, and their results closed, on other threads.
    """
    application = QApplication(list(argv))
    application.setApplicationName("Onhand")
    application.setDesktopFileName("onhand")
    # Qt's loop leaves no room for Python's own handler. Nothing is lost by going at once:
    # every answer is stored when it is made, and the engine ends when it is left alone.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    theme = Theme(application)
    jobs = Jobs(open_services, open_archive, open_shelf)
    hook = sys.excepthook
    try:
        ClipboardGuard(application)
        window = MainWindow(jobs, theme)
        ExceptionHook(window).install()
        window.show()
        QTimer.singleShot(0, window.load)
        return application.exec()
    finally:
        jobs.close()
        sys.excepthook = hook
