"""Lines for what opens the history: typed without being seen, or shown once."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit


def secret_line(name: str) -> QLineEdit:
    """A line whose text is not seen."""
    line = QLineEdit()
    line.setEchoMode(QLineEdit.EchoMode.Password)
    line.setAccessibleName(name)
    line.setPlaceholderText(name)
    return line


class CodeLine(QLineEdit):
    """A code to be read and copied; empty until there is one."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setPlaceholderText(name)
        self.setReadOnly(True)

    def show_code(self, code: str) -> None:
        """Show it, selected, so that it can be copied at once."""
        self.setText(code)
        self.setFocus()
        self.selectAll()
