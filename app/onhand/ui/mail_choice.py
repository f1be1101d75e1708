"""The choice to see of a mail only what its writer wrote in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from onhand.domain.documents import MAILS
from onhand.ui.parts import Tick

if TYPE_CHECKING:
    from pathlib import Path

    from onhand.ui.input_box import InputBox


class MailChoice(Tick):
    """Is there as long as the box holds a mail as it was read.

    Signals:
        read_again: the path of the mail that is to be read the other way.
    """

    read_again = Signal(object)

    def __init__(self, box: InputBox) -> None:
        super().__init__()
        self.setText(self.tr("Without &quotations and signature"))
        self.setAccessibleName(self.tr("Without quotations and signature"))
        self._path: Path | None = None
        self.hide()
        box.textChanged.connect(lambda: self.offer(None))
        self.toggled.connect(self._read_again)

    def offer(self, path: Path | None) -> None:
        """Be there for a file if it is a mail; stay ticked for the next one."""
        is_mail = path is not None and path.suffix.lower() in MAILS
        self._path = path if is_mail else None
        self.setVisible(is_mail)

    def _read_again(self) -> None:
        if self._path is not None:
            self.read_again.emit(self._path)
