"""The table widget of all pages: whole rows, plain look, keyboard as everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from onhand.ui.scroll_bars import name_bars

if TYPE_CHECKING:
    from PySide6.QtCore import QItemSelection
    from PySide6.QtGui import QFocusEvent, QKeyEvent, QPaintEvent, QShowEvent

    from onhand.ui.table_model import TableModel

Row = TypeVar("Row")
_MARGIN = 16
_MOST_ROWS = 10


class Table(QTableView):
    """A table of rows.

    Signals:
        chosen: another row is selected; its number, or -1 for none.
        entered_row: Return was pressed, or a row double-clicked; its number.
    """

    chosen = Signal(int)
    entered_row = Signal(int)

    def __init__(
        self, name: str, model: TableModel[Row], *, widest: int, many: bool = False
    ) -> None:
        """Make one.

        Args:
            name: what a screen reader calls it.
            model: its rows.
            widest: the column that takes the room that is left.
            many: whether several rows can be chosen, as with Shift and Ctrl.
        """
        super().__init__()
        self.setModel(model)
        self.setAccessibleName(name)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        modes = QAbstractItemView.SelectionMode
        self.setSelectionMode(modes.ExtendedSelection if many else modes.SingleSelection)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 14)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        self.set_widest(widest)
        self._empty = ""
        self.selectionModel().selectionChanged.connect(self._tell)
        self.doubleClicked.connect(lambda index: self.entered_row.emit(index.row()))

    def set_widest(self, column: int) -> None:
        """Give the room that is left to this column from now on."""
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)

    def chosen_row(self) -> int:
        """The number of the selected row, or -1."""
        rows = self.selectionModel().selectedRows()
        return rows[0].row() if rows else -1

    def chosen_rows(self) -> list[int]:
        """The numbers of all selected rows, in order."""
        return sorted(each.row() for each in self.selectionModel().selectedRows())

    def choose(self, row: int) -> None:
        """Select a row and show it."""
        index = self.model().index(row, 0)
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
        self.scrollTo(index)

    def set_empty(self, told: str) -> None:
        """What to say where there are no rows."""
        self._empty = told
        self.setAccessibleDescription(told)
        self.viewport().update()

    def fit_rows(self, rows: int) -> None:
        """As high as so many rows, within reason; columns as wide as what is in them."""
        height = self.verticalHeader().defaultSectionSize()
        self.setFixedHeight(height * (min(max(rows, 2), _MOST_ROWS) + 2))
        for column in range(1, self.model().columnCount()):
            self.resizeColumnToContents(column)

    def showEvent(self, event: QShowEvent) -> None:
        """Name the bars."""
        super().showEvent(event)
        name_bars(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Say why there is nothing, if there is nothing."""
        super().paintEvent(event)
        if self._empty and self.model().rowCount() == 0:
            painter = QPainter(self.viewport())
            painter.setPen(self.palette().windowText().color())
            room = self.viewport().rect().adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(room, int(flags), self._empty)
            painter.end()  # whoever looks at this frame from a thread keeps it for longer

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Where the keyboard comes in, a row is chosen."""
        super().focusInEvent(event)
        if self.chosen_row() < 0 and self.model().rowCount():
            self.choose(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return enters a row, Home and End go to the first and the last one."""
        if self.state() is QAbstractItemView.State.EditingState:  # its line passes keys on
            super().keyPressEvent(event)
            return
        last = self.model().rowCount() - 1
        ends = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: last}
        if event.key() in ends and last >= 0 and not event.modifiers():
            self.choose(ends[Qt.Key(event.key())])
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            if (row := self.chosen_row()) >= 0:
                self.entered_row.emit(row)
            return
        super().keyPressEvent(event)

    def _tell(self, _: QItemSelection, __: QItemSelection) -> None:
        self.chosen.emit(self.chosen_row())
