"""The name and the picture by which desktops know the program."""

from __future__ import annotations

import ctypes
import sys
from typing import TYPE_CHECKING

from onhand.ui.program_icon import program_icon

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

APPLICATION_ID = "com.onhand.Onhand"
"""The name of the .desktop file, and what Windows groups the windows of a program by."""


def identify(application: QApplication) -> None:
    """Give the application its name and picture, before the first window."""
    application.setApplicationName("Onhand")
    application.setApplicationDisplayName("Onhand")
    application.setDesktopFileName(APPLICATION_ID)
    application.setWindowIcon(program_icon())
    if sys.platform == "win32":  # else the task bar takes it for a Python
        shell = ctypes.windll.shell32
        shell.SetCurrentProcessExplicitAppUserModelID(APPLICATION_ID)
