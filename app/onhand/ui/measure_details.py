"""One model of a measurement: its calibration, a threshold, and its labels."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QSlider, QVBoxLayout, QWidget

from onhand.domain.plots import error_against_share, reliability
from onhand.ui.arranging import titled_row
from onhand.ui.measure_labels import MeasureLabels
from onhand.ui.measure_words import MeasureWords
from onhand.ui.parts import Choice, label
from onhand.ui.plots import Plot
from onhand.ui.theme import Gap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent

    from onhand.domain.evaluating import Evaluation

_THRESHOLD = 80
_NARROW = 760


class MeasureDetails(QWidget):
    """Shows the model that is chosen in it."""

    def __init__(self) -> None:
        super().__init__()
        self._told = MeasureWords(self)
        self._found: Sequence[Evaluation] = ()
        self._which = Choice(self.tr("Model that the details are about"))
        self._curve = Plot(
            self.tr("Reliability curve"), self.tr("how sure it looked"), self.tr("right")
        )
        self._risk = Plot(
            self.tr("Error against coverage"),
            self.tr("share of the texts that stays"),
            self.tr("wrong among them"),
        )
        self._threshold = QSlider(Qt.Orientation.Horizontal)
        self._threshold.setAccessibleName(self.tr("Threshold of confidence, in per cent"))
        self._threshold.setRange(0, 100)
        self._threshold.setValue(_THRESHOLD)
        self._kept = label()
        self._sure = label(tone="muted")
        self._labels = MeasureLabels()
        self._lay_out()
        self._threshold.valueChanged.connect(self._show_threshold)
        self._which.currentIndexChanged.connect(self._show)

    def show_found(self, found: Sequence[Evaluation]) -> None:
        """Offer these models, and show the first."""
        self._found = found
        self._which.blockSignals(True)
        self._which.clear()
        self._which.addItems([each.title for each in found])
        self._which.blockSignals(False)
        self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Plots stand above each other where there is no room side by side."""
        super().resizeEvent(event)
        least = sum(each.minimumSizeHint().width() for each in (self._curve, self._risk))
        beside = event.size().width() >= max(_NARROW, least + Gap.LARGE)
        self._plots.setDirection(
            QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        )

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Gap.MEDIUM)
        column.addLayout(titled_row(self.tr("Details of"), self._which))
        self._plots = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._plots.setSpacing(Gap.LARGE)
        for plot in (self._curve, self._risk):
            self._plots.addWidget(_titled(plot))
        column.addLayout(self._plots)
        column.addLayout(titled_row(self.tr("Threshold"), self._threshold))
        column.addWidget(self._kept)
        column.addWidget(self._sure)
        column.addWidget(self._labels)

    def _show(self) -> None:
        if (each := self._chosen()) is None:
            return
        self._curve.show_drawing(
            partial(reliability, each),
            self._told.reliability(each),
            y=self._told.judged_right(each),
        )
        self._labels.show_model(each)
        self._sure.setText(self._told.sure(each))
        self._show_threshold()

    def _show_threshold(self) -> None:
        if (each := self._chosen()) is not None:
            threshold = self._threshold.value() / 100
            told = self._told.kept(each, threshold)
            self._kept.setText(told)
            self._threshold.setAccessibleDescription(told)
            self._risk.show_drawing(
                partial(error_against_share, each, threshold),
                told,
                x=self._told.judged_share(each),
                y=self._told.judged_wrong(each),
            )

    def _chosen(self) -> Evaluation | None:
        return self._found[self._which.currentIndex()] if self._found else None


def _titled(plot: Plot) -> QWidget:
    whole = QWidget()
    column = QVBoxLayout(whole)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(label(plot.accessibleName(), rank="heading"))
    column.addWidget(plot)
    return whole
