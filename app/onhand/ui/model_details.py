"""One model of the size ladder: what is known of it, and what can be done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from onhand.domain.transfers import TransferState
from onhand.domain.vouching import Trust
from onhand.ui.model_words import ModelWording
from onhand.ui.parts import Text, button, label, set_tone
from onhand.ui.said import catalogue
from onhand.ui.theme import Gap
from onhand.ui.transfers import ACTIVE
from onhand.ui.wording import Wording

if TYPE_CHECKING:
    from PySide6.QtWidgets import QPushButton

    from onhand.domain.progress import Progress
    from onhand.domain.size_ladder import Step
    from onhand.domain.transfers import Transfer


_FINE = 1000
"""Steps of a bar: files have more bytes than a bar has numbers for."""


class ModelDetails(QWidget):
    """Shows the chosen model.

    Signals:
        use_wanted, download_wanted, pause_wanted, give_up_wanted, try_wanted,
        verify_wanted, repair_wanted, remove_wanted, stop_wanted: a button was pressed.
    """

    use_wanted = Signal()
    download_wanted = Signal()
    pause_wanted = Signal()
    give_up_wanted = Signal()
    try_wanted = Signal()
    verify_wanted = Signal()
    repair_wanted = Signal()
    remove_wanted = Signal()
    stop_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._words = ModelWording(self)
        self._numbers = Wording(self)
        self._title = label(rank="heading")
        self._good_for = label()
        self._fit = label()
        self._facts = label(tone="muted")
        self._trust = label(tone="danger")
        self._told = label()
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(self.tr("Progress with this model"))
        self.use = button(self.tr("&Use…"), part="primary", name=self.tr("Use this model"))
        self.download = button(self.tr("&Download"))
        self.pause = button(self.tr("Pa&use"), name=self.tr("Pause the download"))
        self.give_up = button(self.tr("&Give up"), name=self.tr("Give the download up"))
        self.stop = button(self.tr("S&top"), name=self.tr("Stop this work"))
        self.measure = button(self.tr("Try &here"), name=self.tr("Try this model here"))
        self.verify = button(self.tr("&Verify"), name=self.tr("Verify this model"))
        self.repair = button(self.tr("Re&pair"), name=self.tr("Repair this model"))
        self.remove = button(self.tr("Re&move…"), name=self.tr("Remove this model"))
        self._fixed = False
        self._buttons: dict[QPushButton, SignalInstance] = {
            self.use: self.use_wanted,
            self.download: self.download_wanted,
            self.pause: self.pause_wanted,
            self.repair: self.repair_wanted,
            self.measure: self.try_wanted,
            self.verify: self.verify_wanted,
            self.remove: self.remove_wanted,
            self.give_up: self.give_up_wanted,
            self.stop: self.stop_wanted,
        }
        self._lay_out()
        self.hide()

    def show_step(self, step: Step, transfer: Transfer | None, *, busy: bool) -> None:
        """Show a model; while something is done with one, nothing else is offered."""
        self._title.setText(step.title)
        self._say(self._good_for, self._good(step))
        self._say(self._fit, self._words.fit_lines(step))
        self._say(self._facts, self._words.facts(step))
        doubtful = step.damaged or step.trust is Trust.UNVERIFIED
        set_tone(self._trust, "danger" if doubtful else "muted")
        self._say(self._trust, self._words.trust_line(step))
        if not busy:
            self._show_transfer(transfer)
        self._offer(step, transfer, busy=busy)
        self.show()

    def lock(self, by: str) -> None:
        """Let nobody use another model, and say who has fixed that."""
        self._fixed = True
        self.use.setEnabled(False)
        self.use.setToolTip(by)
        self.use.setAccessibleDescription(by)

    def show_progress(self, told: str, far: Progress | None = None) -> None:
        """Show how far something is that is done with this model."""
        self._bar.show()
        known = far is not None and far.total > 0
        self._bar.setRange(0, _FINE if known else 0)
        self._bar.setValue(_part(far.done, far.total) if far is not None else 0)
        words = [told]
        if far is not None and far.seconds_left is not None:
            time = self._numbers.seconds(far.seconds_left)
            words.append(self.tr("{time} left").format(time=time))
        self._say(self._told, " · ".join(words))

    def say(self, told: str) -> None:
        """Show what came of it."""
        self._bar.hide()
        set_tone(self._told, "")
        self._say(self._told, told)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Gap.TINY)
        for each in (
            *(self._title, self._good_for, self._fit, self._facts, self._trust),
            *(self._bar, self._told),
        ):
            column.addWidget(each)
        column.addSpacing(Gap.SMALL)
        row = QHBoxLayout()
        row.setSpacing(Gap.SMALL)
        for made, wanted in self._buttons.items():
            row.addWidget(made)
            made.clicked.connect(wanted)
        row.addStretch()
        column.addLayout(row)

    def _good(self, step: Step) -> str:
        if step.starter:
            return self.tr("The starter, for trying and teaching.")
        if not step.good_for:
            return ""
        return self.tr("Good for {what}.").format(what=catalogue(step.good_for).rstrip("."))

    def _say(self, place: Text, text: str) -> None:
        place.setText(text)
        place.setVisible(bool(text))

    def _show_transfer(self, transfer: Transfer | None) -> None:
        if transfer is None:
            self._bar.hide()
            return
        moves = transfer.state in {TransferState.RUNNING, TransferState.PAUSED}
        self._bar.setVisible(transfer.state is not TransferState.FAILED)
        self._bar.setRange(0, _FINE if moves else 0)
        self._bar.setValue(_part(transfer.done, transfer.total))
        set_tone(self._told, "danger" if transfer.state is TransferState.FAILED else "")
        self._say(self._told, self._words.transfers.transfer_line(transfer))

    def _offer(self, step: Step, transfer: Transfer | None, *, busy: bool) -> None:
        active = transfer is not None and transfer.state in ACTIVE
        waits = transfer is not None and not active
        free = not busy and not active
        whole = step.here and not step.damaged
        for each, offered in (
            (self.use, free and whole and not step.in_use),
            (self.download, free and not step.here and step.can_be_fetched),
            (self.pause, active),
            (self.repair, free and step.damaged and step.can_be_fetched),
            (self.measure, free and whole),
            (self.verify, free and step.here),
            (self.remove, free and step.own and not step.in_use),
            (self.give_up, active or (waits and not busy)),
            (self.stop, busy),
        ):
            each.setVisible(offered)
        self.use.setEnabled(step.fit.may_be_loaded and not self._fixed)
        self.measure.setEnabled(step.fit.may_be_loaded)
        text = self.tr("&Go on") if waits and not step.here else self.tr("&Download")
        self.download.setText(text)
        self.download.setAccessibleName(
            self.tr("Go on with the download") if waits else self.tr("Download this model")
        )


def _part(done: int, total: int) -> int:
    return round(_FINE * done / max(1, total))
