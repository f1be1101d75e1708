"""The labels or fields of a measured model: what is confused, or found and missed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from onhand.ui.measure_rows import RowColumns
from onhand.ui.measure_words import MeasureWords
from onhand.ui.parts import label
from onhand.ui.table import Table
from onhand.ui.table_model import TableModel
from onhand.ui.theme import Gap

if TYPE_CHECKING:
    from onhand.domain.evaluating import Evaluation
    from onhand.domain.label_scores import LabelScore


class MeasureLabels(QWidget):
    """Shows confusions; where any number may be right, counts by label or field."""

    def __init__(self) -> None:
        super().__init__()
        self._told, self._columns = MeasureWords(self), RowColumns(self)
        self._heading = label(rank="heading")
        self._pairs: TableModel[str] = TableModel(self._columns.confusion(None))
        self._confusion = Table(self.tr("Confusion table"), self._pairs, widest=0)
        self._scores: TableModel[LabelScore] = TableModel(
            self._columns.labels(fields=False)
        )
        self._counts = Table(self.tr("What is found and missed"), self._scores, widest=0)
        self._f1 = label()
        self._counts.hide()
        self._f1.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Gap.MEDIUM)
        for each in (self._heading, self._f1, self._confusion, self._counts):
            column.addWidget(each)

    def show_model(self, each: Evaluation) -> None:
        """Show those of this model; nothing where texts are written."""
        self.setVisible(not each.written)
        self._confusion.setVisible(not each.several)
        for one in (self._f1, self._counts):
            one.setVisible(each.several)
        if each.several:
            self._heading.setText(self.tr("What is found, and what is missed"))
            self._f1.setText(self._told.f1(each))
            self._scores.set_columns(self._columns.labels(fields=bool(each.fields)))
            self._scores.reset(each.labels)
            self._counts.fit_rows(len(each.labels))
            return
        self._heading.setText(self.tr("What is taken for what"))
        self._pairs.set_columns(self._columns.confusion(each))
        names = [one.label for one in each.labels if one.texts]
        self._pairs.reset(names)
        self._confusion.fit_rows(len(names))
