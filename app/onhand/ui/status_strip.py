"""The strip at the bottom: the model, where it runs, and that nothing leaves the laptop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout

from onhand.ui.parts import button, label
from onhand.ui.theme import Gap

if TYPE_CHECKING:
    from onhand.domain.answers import Outcome
    from onhand.domain.errors import AppError
    from onhand.services.ports import InstalledModel


class StatusStrip(QFrame):
    """Always visible.

    Signals:
        model_asked: the user wants to see or change the model.
        ledger_asked: the user wants to see which connections there were.
    """

    model_asked = Signal()
    ledger_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("part", "strip")
        self._model = button(self.tr("Starting…"), part="link")
        self._model.clicked.connect(self.model_asked)
        self._device = label(tone="muted", rank="small", wrap=False)
        # True as long as the program has no part that could reach a network.
        self._offline = button(
            self.tr("Offline. 0 bytes of your text have left this laptop."), part="link"
        )
        self._offline.clicked.connect(self.ledger_asked)
        row = QHBoxLayout(self)
        row.setContentsMargins(Gap.MEDIUM, Gap.TINY, Gap.LARGE, Gap.TINY)
        row.setSpacing(Gap.MEDIUM)
        row.addWidget(self._model)
        row.addWidget(self._device)
        row.addStretch()
        row.addWidget(self._offline)
        self._say(self.tr("Starting…"))

    def show_model(self, model: InstalledModel) -> None:
        """This model answers the next request."""
        self._say(model.title)
        self._device.setText(self.tr("not loaded yet"))

    def show_made(self, outcome: Outcome) -> None:
        """This is where the last answer was made."""
        self._device.setText(self.tr("on {device}").format(device=outcome.device))

    def show_failure(self, error: AppError) -> None:
        """There is no model to answer."""
        self._say(error.title)
        self._device.clear()

    def _say(self, text: str) -> None:
        self._model.setText(text.replace("&", "&&"))
        self._model.setAccessibleName(self.tr("Model: {model}").format(model=text))
