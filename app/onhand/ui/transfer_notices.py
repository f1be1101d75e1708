"""What is asked about downloads: whether to go on with old ones, and whether to pay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout

from onhand.ui.parts import Notice, button
from onhand.ui.theme import Gap
from onhand.ui.transfer_words import TransferWording
from onhand.ui.wording import Wording

if TYPE_CHECKING:
    from onhand.domain.transfers import Transfer
    from onhand.ui.transfers import Transfers


class MeteredNotice(Notice):
    """Asks before bytes that cost money are fetched; blocks nothing."""

    def __init__(self, transfers: Transfers) -> None:
        super().__init__()
        self.setProperty("place", "banner")
        self._transfers = transfers
        self._words = Wording(self)
        self._asked: tuple[str, int] | None = None
        go_on = button(self.tr("&Download all the same"))
        later = button(self.tr("&Not now"), name=self.tr("Do not download now"))
        row = QHBoxLayout()
        row.setSpacing(Gap.SMALL)
        row.addWidget(go_on)
        row.addWidget(later)
        row.addStretch()
        self.column.addLayout(row)
        go_on.clicked.connect(self._go_on)
        later.clicked.connect(self.hide)
        transfers.asked.connect(self._ask)

    def _ask(self, model: str, total: int) -> None:
        self._asked = model, total
        title = self.tr("This connection is metered.")
        told = self.tr("{model} has {size}.").format(
            model=model, size=self._words.size(total)
        )
        self.say(title, told, tone="warning")

    def _go_on(self) -> None:
        self.hide()
        if self._asked is not None:
            self._transfers.begin(*self._asked, sure=True)


class UnfinishedNotice(Notice):
    """Offers to go on with them; blocks nothing."""

    def __init__(self, transfers: Transfers) -> None:
        super().__init__()
        self.setProperty("place", "banner")
        self._transfers = transfers
        self._words = TransferWording(self)
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
