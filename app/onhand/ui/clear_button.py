"""The button that empties a line, with a name."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QLineEdit, QToolButton


def give_clear_button(line: QLineEdit) -> None:
    """Put a button into a line that empties it, called after the line."""
    line.setClearButtonEnabled(True)
    name = QCoreApplication.translate("ClearButton", "Empty: {name}")
    for each in line.findChildren(QToolButton):
        each.setAccessibleName(name.format(name=line.accessibleName()))
