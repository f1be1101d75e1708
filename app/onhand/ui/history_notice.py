"""Why the history cannot be shown, and the way out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from onhand.domain.errors import DataDamaged
from onhand.domain.history_errors import HistoryKeyless, HistoryLocked
from onhand.ui.parts import Notice, button

if TYPE_CHECKING:
    from onhand.domain.errors import AppError


def is_locked(error: AppError) -> bool:
    """Whether a key would help."""
    return isinstance(error, HistoryLocked | HistoryKeyless)


class HistoryNotice(Notice):
    """A failure with the button that helps against it."""

    def __init__(self) -> None:
        super().__init__()
        self.unlock = button(self.tr("Un&lock…"), name=self.tr("Unlock history"))
        self.restore = button(self.tr("&Restore a backup…"))
        for each in (self.unlock, self.restore):
            self.column.addWidget(each, 0, Qt.AlignmentFlag.AlignLeft)

    def say_failure(self, error: AppError) -> None:
        """Show what happened and the way out."""
        self.unlock.setVisible(is_locked(error))
        self.restore.setVisible(isinstance(error, DataDamaged))
        super().say_failure(error)
