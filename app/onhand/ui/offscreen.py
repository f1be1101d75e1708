"""Qt where there is no window, and maybe no screen either."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

if TYPE_CHECKING:
    from PySide6.QtCore import QCoreApplication


@cache
def with_fonts() -> QCoreApplication:
    """The application, without which there are no fonts; it stays once it was made."""
    return QGuiApplication.instance() or QGuiApplication(
        ["onhand", "-platform", "offscreen"]
    )
