"""What a measurement found: models side by side, and the rows behind the figures."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSpinBox, QVBoxLayout, QWidget

from onhand.domain.plots import score_against_seconds
from onhand.ui.arranging import titled_row
from onhand.ui.clipboard import TextBox
from onhand.ui.measure_details import MeasureDetails
from onhand.ui.measure_rows import Measured, MeasuredRow, RowColumns, rows_of
from onhand.ui.measure_words import MeasureWords
from onhand.ui.offsets import shown
from onhand.ui.parts import Choice, button, label
from onhand.ui.plots import Plot
from onhand.ui.table import Table
from onhand.ui.table_model import Column, TableModel
from onhand.ui.theme import Gap
from onhand.ui.wording import Wording

if TYPE_CHECKING:
    from onhand.domain.evaluating import Evaluation

_BAR = 90
_ROWS = 8


class MeasureView(QWidget):
    """Shows the models side by side.

    Signals:
        report_wanted: the user wants the result as a file.
        bar_moved: another accuracy is enough.
    """

    report_wanted = Signal()
    bar_moved = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        self._words, self._told = Wording(self), MeasureWords(self)
        self._columns = RowColumns(self)
        self.measured: Measured | None = None
        self._bar = QSpinBox()
        self._bar.setAccessibleName(self.tr("Bar: accuracy that is enough, in per cent"))
        self._bar.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self._bar.setRange(0, 100)
        self._bar.setSuffix(self.tr(" %"))
        self._bar.setValue(_BAR)
        self._clearing = label(rank="heading")
        self._caveats = label(tone="muted")
        self._models: TableModel[Evaluation] = TableModel(self._figures_of(None))
        self._figures = Table(self.tr("Models side by side"), self._models, widest=0)
        self._speed = Plot(
            self.tr("How good against seconds"),
            self.tr("seconds a text"),
            self.tr("right"),
        )
        self.details = MeasureDetails()
        self._filter = Choice(self.tr("Which rows to show"))
        self._listed: TableModel[MeasuredRow] = TableModel(self._columns.rows(()))
        self._rows = Table(self.tr("Rows that were measured"), self._listed, widest=0)
        self._rows.set_empty(self.tr("There are no such rows"))
        self._whole = TextBox()
        self._whole.setAccessibleName(self.tr("Chosen row"))
        self._lay_out()
        self._bar.valueChanged.connect(self._show_bar)
        self._bar.valueChanged.connect(lambda _: self.bar_moved.emit(self.bar))
        self._filter.currentIndexChanged.connect(self._show_rows)
        self._rows.chosen.connect(self._show_whole)

    @property
    def told(self) -> str:
        """The sentence that all this comes to."""
        return self._clearing.text()

    @property
    def bar(self) -> float:
        """The accuracy that is enough."""
        return self._bar.value() / 100

    def show_measured(self, measured: Measured) -> None:
        """Show this instead of what was there."""
        self.measured = measured
        columns = self._figures_of(measured.found[0])
        self._models.set_columns(columns)
        self._models.reset(measured.found)
        self._figures.set_widest(len(columns) - 1)
        self._figures.fit_rows(len(measured.found))
        # Names that begin alike must not be cut: rather is the table scrolled.
        self._figures.resizeColumnToContents(0)
        told = self._told.caveats(measured.found)
        self._caveats.setText(told)
        self._caveats.setVisible(bool(told))
        self._show_bar()
        self.details.show_found(measured.found)
        self._listed.set_columns(self._columns.rows(measured.found))
        self._offer(measured)
        self._show_rows()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Gap.MEDIUM)
        save = button(self.tr("Save re&port…"), name=self.tr("Save a report"))
        save.clicked.connect(self.report_wanted)
        bar = titled_row(self.tr("Your bar"), self._bar, save)
        bar.addStretch()
        self._whole.setProperty("part", "reading")
        self._whole.setReadOnly(True)
        self._whole.setTabChangesFocus(True)
        self._whole.setFixedHeight(6 * self._whole.fontMetrics().lineSpacing())
        self._rows.fit_rows(_ROWS)
        column.addWidget(self._clearing)
        column.addLayout(bar)
        for each in (self._caveats, self._figures, self._speed, self.details):
            column.addWidget(each)
        column.addWidget(label(self.tr("Rows"), rank="heading"))
        column.addLayout(titled_row(self.tr("Show"), self._filter))
        column.addWidget(self._rows)
        column.addWidget(self._whole)

    def _figures_of(self, each: Evaluation | None) -> tuple[Column[Evaluation], ...]:
        told, words = self._told, self._words
        return (
            Column(title=self.tr("Model"), text=lambda each: each.title),
            *self._scores_of(each),
            *self._macro_of(each),
            Column(
                title=self.tr("ECE"),
                text=lambda each: told.number(each.calibration_error),
            ),
            Column(title=self.tr("Seconds a text"), text=told.seconds),
            Column(title=self.tr("Memory"), text=lambda each: words.size(each.memory)),
            Column(title=self.tr("Taught by"), text=self._taught),
        )

    def _scores_of(self, each: Evaluation | None) -> tuple[Column[Evaluation], ...]:
        """What the bar is about, and what else tells how good a model is."""
        told, words = self._told, self._words
        if each is not None and each.written:
            return (
                Column(title=self.tr("Words that stay"), text=told.score),
                Column(
                    title=self.tr("Nothing to change"),
                    text=lambda one: words.percent(one.accuracy),
                ),
            )
        if each is None or not each.several:
            return (Column(title=self.tr("Right"), text=told.score),)
        if each.fields:
            return (
                Column(title=self.tr("F1"), text=told.score),
                Column(
                    title=self.tr("All values right"),
                    text=lambda one: words.percent(one.accuracy),
                ),
            )
        return (
            Column(title=self.tr("All labels right"), text=told.score),
            Column(title=self.tr("Micro-F1"), text=lambda one: told.number(one.micro_f1)),
        )

    def _macro_of(self, each: Evaluation | None) -> tuple[Column[Evaluation], ...]:
        if each is not None and each.written:
            return ()
        number = self._told.number
        title = self.tr("Macro-F1")
        return (Column(title=title, text=lambda one: number(one.macro_f1)),)

    def _taught(self, each: Evaluation) -> str:
        return self._words.count(each.taught) if each.taught else "–"

    def _offer(self, measured: Measured) -> None:
        """Offer what can be asked of the rows."""
        self._filter.blockSignals(True)
        self._filter.clear()
        if len(measured.found) > 1:
            self._filter.addItem(self.tr("Rows on which the models differ"), -1)
        for side, each in enumerate(measured.found):
            told = self.tr("Rows that {model} has wrong")
            self._filter.addItem(told.format(model=each.title), side)
        self._filter.blockSignals(False)

    def _show_bar(self) -> None:
        if self.measured is None:
            return
        found, bar = self.measured.found, self.bar
        self._clearing.setText(self._told.clearing(found, bar))
        self._speed.show_drawing(
            partial(score_against_seconds, found, bar),
            self._told.side_by_side(found),
            y=self._told.right_as(found[0]),
        )

    def _show_rows(self) -> None:
        if self.measured is None:
            return
        side: int = self._filter.currentData()
        rows = rows_of(self.measured)
        self._listed.reset(
            [row for row in rows if row.differs]
            if side < 0
            else [row for row in rows if not row.answers[side].is_right]
        )
        self._rows.fit_rows(_ROWS)
        self._whole.clear()

    def _show_whole(self, row: int) -> None:
        self._whole.setPlainText("" if row < 0 else shown(self._listed.row(row).text))
