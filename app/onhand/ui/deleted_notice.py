"""Says that a task was deleted and what went with it, and offers to have it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from onhand.ui.parts import Notice, button

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onhand.services.remove_task import RemovedTask


class DeletedNotice(Notice):
    """Shown for as long as something can be had back; blocks nothing.

    Attributes:
        undo: has the task back that was deleted last.
    """

    def __init__(self) -> None:
        super().__init__()
        self.undo = button(self.tr("&Undo"), name=self.tr("Undo the deletion"))
        self.column.addWidget(self.undo, 0, Qt.AlignmentFlag.AlignLeft)

    def show_last(self, deleted: Sequence[RemovedTask]) -> None:
        """Tell the last of these; nothing where there are none."""
        if not deleted:
            self.hide()
            return
        last = deleted[-1]
        self.undo.show()
        self.say(
            self.tr("“{name}” is deleted").format(name=last.task.name), self._rest(last)
        )

    def _rest(self, last: RemovedTask) -> str:
        """What went with it, and what stays."""
        went = []
        if number := len(last.task.examples):
            went.append(self.tr("%Ln examples went with it.", "", number))
        if last.lessons:
            went.append(self.tr("What it was taught went with it."))
        return " ".join((*went, self.tr("Its answers stay in the history.")))
