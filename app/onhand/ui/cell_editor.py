"""The line in which a cell of a table is edited, with a name for who cannot see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLineEdit, QStyledItemDelegate

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex
    from PySide6.QtWidgets import QStyleOptionViewItem, QWidget


class CellEditor(QStyledItemDelegate):
    """Edits the cells of one column; Return keeps, Esc leaves them as they were."""

    def __init__(self, name: Callable[[int], str], parent: QObject) -> None:
        """`name` tells what the cell of a row is called."""
        super().__init__(parent)
        self._name = name

    def createEditor(
        self,
        parent: QWidget,
        _: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> QWidget:
        """A line that has the height of the row."""
        line = QLineEdit(parent)
        line.setProperty("part", "cell")
        line.setAccessibleName(self._name(index.row()))
        return line
