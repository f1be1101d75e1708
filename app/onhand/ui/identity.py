"""The name and the picture by which desktops know the program."""

from __future__ import annotations

import ctypes
import sys
from typing import TYPE_CHECKING

from onhand.ui.program_icon import AT_FIRST, program_icon

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

APPLICATION_ID = "com.onhand.Onhand"
"""The name of the .desktop file, and what Windows groups the windows of a program by."""


def identify(application: QApplication) -> None:
    """Give the application its name and picture, before the first window.

    All sizes of the picture but one are left to `complete`.
    """
    application.setApplicationName("Onhand")
    application.setApplicationDisplayName("Onhand")
    application.setDesktopFileName(APPLICATION_ID)
    application.setWindowIcon(program_icon(AT_FIRST))
    if sys.platform == "win32":  # else the task bar takes it for a Python
        shell = ctypes.windll.shell32
        shell.SetCurrentProcessExplicitAppUserModelID(APPLICATION_ID)


def complete(application: QApplication) -> None:
    """Give it the picture in all sizes, when there is time."""
    application.setWindowIcon(program_icon())
