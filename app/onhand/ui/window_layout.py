"""Where the parts of the window stand: places, notices above a page, the strip below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

if TYPE_CHECKING:
    from collections.abc import Iterable


def laid_out(
    rail: QWidget, notices: Iterable[QWidget], pages: QWidget, strip: QWidget
) -> QWidget:
    """All of it as one widget."""
    right = QVBoxLayout()
    middle = QHBoxLayout()
    whole = QWidget()
    column = QVBoxLayout(whole)
    for each in (right, middle, column):
        each.setContentsMargins(0, 0, 0, 0)
        each.setSpacing(0)
    for notice in notices:
        right.addWidget(notice)
    right.addWidget(pages, 1)
    middle.addWidget(rail)
    middle.addLayout(right, 1)
    column.addLayout(middle, 1)
    column.addWidget(strip)
    return whole
