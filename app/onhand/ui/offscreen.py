"""Qt where there is no window, and maybe no screen either."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication

_kept: list[QGuiApplication] = []
"""Made here; it stays until the program ends, like one that a window has."""


def with_fonts() -> None:
    """See that there is an application, without which there are no fonts."""
    if QGuiApplication.instance() is None:
        _kept.append(QGuiApplication(["onhand", "-platform", "offscreen"]))
