"""The strip at the bottom: the model, where it runs, and that nothing leaves the laptop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout

from onhand.ui import said
from onhand.ui.parts import button, label
from onhand.ui.theme import Gap
from onhand.ui.transfer_words import TransferWording

if TYPE_CHECKING:
    from onhand.domain.answers import Outcome
    from onhand.domain.errors import AppError
    from onhand.domain.transfers import Transfer
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
        self._words = TransferWording(self)
        self.setProperty("part", "strip")
        self._model = button(self.tr("Starting…"), part="link")
        self._model.clicked.connect(self.model_asked)
        self._transfer = button("", part="link")
        self._transfer.clicked.connect(self.model_asked)
        self._transfer.hide()
        self._device = label(tone="muted", rank="small", wrap=False)
        self._placed = False
        self._sent: int | None = 0
        self._downloads = False
        self._offline = button(
            self.tr("Offline. 0 bytes of your text have left this laptop."), part="link"
        )
        self._offline.clicked.connect(self.ledger_asked)
        row = QHBoxLayout(self)
        row.setContentsMargins(Gap.MEDIUM, Gap.TINY, Gap.LARGE, Gap.TINY)
        row.setSpacing(Gap.MEDIUM)
        row.addWidget(self._model)
        row.addWidget(self._device)
        row.addWidget(self._transfer)
        row.addStretch()
        row.addWidget(self._offline)
        self._say(self.tr("Starting…"))
        self.show_transfers([])

    def show_model(self, model: InstalledModel) -> None:
        """This model answers the next request."""
        self._say(model.title)
        self._device.setText(self.tr("not loaded yet"))
        self._placed = False

    def show_made(self, outcome: Outcome) -> None:
        """This is where the last answer was made, if not by another model in a cloud."""
        if outcome.receipt is not None:
            return
        self._device.setText(self.tr("on {device}").format(device=outcome.device))
        self._placed = True

    def show_working(self, working: bool) -> None:
        """A text is worked on, or not any more; where is known once there is an answer."""
        if working and not self._placed:
            self._device.setText(self.tr("at work"))
        elif self._device.text() == self.tr("at work"):
            self._device.clear()

    def show_asleep(self) -> None:
        """The model's memory was given back."""
        self._device.setText(self.tr("asleep; the next request loads it"))
        self._placed = False

    def show_failure(self, error: AppError) -> None:
        """There is no model to answer."""
        self._say(said.title(error))
        self._device.clear()

    def show_transfers(self, active: list[Transfer]) -> None:
        """These downloads run or wait."""
        self._transfer.setVisible(bool(active))
        if active:
            first = active[0]
            told = self._words.transfer(first)
            left = self._words.left(first)
            short = f"\N{DOWNWARDS ARROW} {self._words.share(first)}"
            self._transfer.setText(f"{short} · {left}" if left else short)
            self._transfer.setAccessibleName(
                self.tr("{model}: {state}").format(model=first.model, state=told)
            )
        self._downloads = bool(active)
        self._tell_sent()

    def show_sent(self, sent: int | None) -> None:
        """So many bytes stand in the ledger as sent; None where it cannot be read."""
        self._sent = sent
        self._tell_sent()

    def _tell_sent(self) -> None:
        number = "?" if self._sent is None else QLocale().toString(self._sent)
        told = self.tr("{number} bytes of your text have left this laptop.")
        state = self.tr("Downloading a model.") if self._downloads else self.tr("Offline.")
        self._offline.setText(f"{state} {told.format(number=number)}")
        self._offline.setAccessibleName(self._offline.text())

    def _say(self, text: str) -> None:
        self._model.setText(text.replace("&", "&&"))
        self._model.setAccessibleName(self.tr("Model: {model}").format(model=text))
