"""A table over values, mostly to be read, which asks for more rows at its end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QGuiApplication

if TYPE_CHECKING:
    from collections.abc import Sequence

Row = TypeVar("Row")
Index = QModelIndex | QPersistentModelIndex
_TOP = QModelIndex()
_TEXTS = frozenset(
    {
        Qt.ItemDataRole.DisplayRole,
        Qt.ItemDataRole.EditRole,
        Qt.ItemDataRole.AccessibleTextRole,
    }
)


@dataclass(frozen=True, kw_only=True)
class Column(Generic[Row]):
    """A column: its title, and what a row shows in it.

    Attributes:
        edit: the row that comes of what was typed into a cell; None where nothing can be.
    """

    title: str
    text: Callable[[Row], str]
    edit: Callable[[Row, str], Row] | None = None


class TableModel(QAbstractTableModel, Generic[Row]):
    """Rows in the order in which they came.

    Signals:
        more_wanted: the view came near the end and there are more rows.
        row_edited: the user changed a cell in the row of this number.
    """

    more_wanted = Signal()
    row_edited = Signal(int)

    def __init__(self, columns: Sequence[Column[Row]]) -> None:
        super().__init__()
        self._columns = tuple(columns)
        self._rows: list[Row] = []
        self._more = False
        self._waiting = False

    def row(self, number: int) -> Row:
        """The value of a row."""
        return self._rows[number]

    def rows(self) -> list[Row]:
        """All values that are here."""
        return list(self._rows)

    def set_columns(self, columns: Sequence[Column[Row]]) -> None:
        """Have these columns instead, and no rows."""
        self.beginResetModel()
        self._columns, self._rows = tuple(columns), []
        self._more = self._waiting = False
        self.endResetModel()

    def reset(self, rows: Sequence[Row], *, more: bool = False) -> None:
        """Show these rows instead; `more` says whether others follow."""
        self.beginResetModel()
        self._rows = list(rows)
        self._more, self._waiting = more, False
        self.endResetModel()

    def extend(self, rows: Sequence[Row], *, more: bool) -> None:
        """Add rows at the end."""
        self._more, self._waiting = more, False
        if rows:
            first = len(self._rows)
            self.beginInsertRows(_TOP, first, first + len(rows) - 1)
            self._rows += rows
            self.endInsertRows()

    def replace(self, number: int, row: Row) -> None:
        """Show another value in the place of a row."""
        self._rows[number] = row
        last = self.index(number, len(self._columns) - 1)
        self.dataChanged.emit(self.index(number, 0), last)

    def rowCount(self, parent: Index = _TOP) -> int:
        """Number of rows that are here."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _TOP) -> int:
        """Number of columns."""
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The text of a cell."""
        if not index.isValid():
            return None
        if role not in _TEXTS:
            return None
        text = self._columns[index.column()].text(self._rows[index.row()])
        shown = role == Qt.ItemDataRole.DisplayRole
        return _by_itself(text) if shown and QGuiApplication.isRightToLeft() else text

    def flags(self, index: Index) -> Qt.ItemFlag:
        """What can be done with a cell."""
        flags = super().flags(index)
        if index.isValid() and self._columns[index.column()].edit is not None:
            return flags | Qt.ItemFlag.ItemIsEditable
        return flags

    def setData(
        self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole
    ) -> bool:
        """Take what was typed into a cell."""
        edit = self._columns[index.column()].edit
        if edit is None or role != Qt.ItemDataRole.EditRole:
            return False
        old = self._rows[index.row()]
        new = edit(old, str(value))
        if new != old:
            self.replace(index.row(), new)
            self.row_edited.emit(index.row())
        return True

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        """The titles."""
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        if role != Qt.ItemDataRole.DisplayRole or orientation != Qt.Orientation.Horizontal:
            return None
        return self._columns[section].title

    def canFetchMore(self, parent: Index) -> bool:
        """Whether more rows can be asked for now."""
        return not parent.isValid() and self._more and not self._waiting

    def fetchMore(self, parent: Index) -> None:
        """Ask for more rows; they arrive through `extend`."""
        if self.canFetchMore(parent):
            self._waiting = True
            self.more_wanted.emit()


def _by_itself(text: str) -> str:
    """A text that runs its own way whatever the cell does: "3 March", not "March 3"."""
    return f"\N{FIRST STRONG ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}"
