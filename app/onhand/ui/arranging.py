"""How pages arrange their fields: side by side, behind a title."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from onhand.ui.parts import label
from onhand.ui.theme import Gap


def titled_row(title: str, *fields: QWidget) -> QHBoxLayout:
    """Fields side by side behind a title."""
    row = QHBoxLayout()
    row.setSpacing(Gap.MEDIUM)
    named = label(title, wrap=False)
    named.setBuddy(fields[0])
    row.addWidget(named)
    for each in fields:
        row.addWidget(each)
    return row
