"""Downloads in the user's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from onhand.domain.transfers import TransferState
from onhand.ui.said import said
from onhand.ui.wording import Wording

if TYPE_CHECKING:
    from onhand.domain.transfers import Transfer


class TransferWording(QObject):
    """Words for how a download stands."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._words = Wording(self)

    def transfer(self, transfer: Transfer) -> str:
        """How a download stands, in few words."""
        words = self._transfer_state(transfer.state).format(share=self.share(transfer))
        if transfer.reason:
            return f"{words}: {said(transfer.reason)}"
        left = self.left(transfer)
        return f"{words} · {left}" if left else words

    def _transfer_state(self, state: TransferState) -> str:
        words = {
            TransferState.WAITING: self.tr("waiting"),
            TransferState.RUNNING: self.tr("downloading {share}"),
            TransferState.PAUSED: self.tr("paused at {share}"),
            TransferState.CHECKING: self.tr("checking"),
            TransferState.DONE: self.tr("here"),
            TransferState.FAILED: self.tr("failed"),
        }
        return words[state]

    def transfer_line(self, transfer: Transfer) -> str:
        """The same with bytes and speed, for who looks at one download."""
        words = [self.transfer(transfer)]
        if transfer.total and transfer.state is not TransferState.CHECKING:
            words.append(
                self.tr("{done} of {total}").format(
                    done=self._words.size(transfer.done),
                    total=self._words.size(transfer.total),
                )
            )
        if transfer.speed and transfer.state is TransferState.RUNNING:
            speed = self._words.size(round(transfer.speed))
            words.append(self.tr("{speed} a second").format(speed=speed))
        told = " · ".join(words)
        return told[:1].upper() + told[1:]

    def share(self, transfer: Transfer) -> str:
        """How much of it is here."""
        return self._words.percent(transfer.done / transfer.total if transfer.total else 0)

    def left(self, transfer: Transfer) -> str:
        """How long it will take; nothing where nobody knows."""
        seconds = transfer.seconds_left
        if seconds is None:
            return ""
        return self.tr("{time} left").format(time=self._words.seconds(max(1, seconds)))
