"""Downloads that did not end in an earlier run: asked about once, at the start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout

from onhand.ui.model_words import ModelWording
from onhand.ui.parts import Notice, button
from onhand.ui.theme import Gap

if TYPE_CHECKING:
    from onhand.domain.transfers import Transfer
    from onhand.ui.transfers import Transfers


class UnfinishedNotice(Notice):
    """Offers to go on with them; blocks nothing."""

    def __init__(self, transfers: Transfers) -> None:
        super().__init__()
        self.setProperty("place", "banner")
        self._transfers = transfers
        self._words = ModelWording(self)
        self._found: list[Transfer] = []
        go_on = button(
            self.tr("&Go on"), name=self.tr("Go on with the unfinished download")
        )
        later = button(self.tr("&Not now"), name=self.tr("Leave the download unfinished"))
        row = QHBoxLayout()
        row.setSpacing(Gap.SMALL)
        row.addWidget(go_on)
        row.addWidget(later)
        row.addStretch()
        self.column.addLayout(row)
        go_on.clicked.connect(self._go_on)
        later.clicked.connect(self.hide)
        transfers.found.connect(self._ask)

    def _ask(self, found: list[Transfer]) -> None:
        self._found = found
        names = ", ".join(f"{each.model} ({self._words.share(each)})" for each in found)
        self.say(
            self.tr("A download is not finished yet: {names}").format(names=names),
            self.tr("What has arrived is kept. It can be gone on with in Preferences too."),
        )

    def _go_on(self) -> None:
        self.hide()
        for each in self._found:
            self._transfers.begin(each.model, each.total)
