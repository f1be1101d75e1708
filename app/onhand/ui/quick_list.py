"""The tasks of the quick panel, each with a number to press."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QVBoxLayout, QWidget

from onhand.domain.tasks import kind_of
from onhand.ui.parts import button
from onhand.ui.said import task_name
from onhand.ui.theme import Gap
from onhand.ui.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onhand.domain.tasks import Task


class QuickList(QScrollArea):
    """A column of buttons.

    Signals:
        chosen: the `Task` to run.
    """

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._words = Wording(self)
        self._tasks: list[tuple[str, Task]] = []
        self._buttons: list[QPushButton] = []
        self._early = ""
        self._waits = False
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner = QWidget()
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(0, 0, Gap.TINY, 0)
        self._column.setSpacing(Gap.TINY)
        self._column.addStretch()
        self.setWidget(inner)

    def show_tasks(self, tasks: Sequence[tuple[str, Task]]) -> None:
        """Offer these; the focus stays where it was."""
        if list(tasks) == self._tasks:
            return
        focused = next(
            (at for at, each in enumerate(self._buttons) if each.hasFocus()), None
        )
        for each in self._buttons:
            self._column.removeWidget(each)
            each.deleteLater()
        self._tasks, self._buttons = list(tasks), []
        for number, (name, task) in enumerate(self._tasks, start=1):
            self._add(number, name, task)
        if focused is not None or self._waits:
            self.take_focus(focused or 0)
        self._waits = False
        early, self._early = self._early, ""
        self.choose(early)

    def take_focus(self, number: int = 0) -> None:
        """Put the focus on a button, the first one else; later, where none is there yet."""
        self._waits = not self._buttons
        if self._buttons:
            self._buttons[min(number, len(self._buttons) - 1)].setFocus()

    def choose(self, digit: str) -> bool:
        """Choose by what was typed; tells whether there is such a task.

        What is typed before the tasks are known counts when they are.
        """
        if not self.isEnabled() or not digit.isascii() or not digit.isdigit():
            return False
        if not self._tasks:
            self._early = digit
            return True
        if not 1 <= int(digit) <= len(self._tasks):
            return False
        self.chosen.emit(self._tasks[int(digit) - 1][1])
        return True

    def _add(self, number: int, name: str, task: Task) -> None:
        kind = self._words.kind(kind_of(task))
        name = task_name(task) or name
        shown = name.replace("&", "&&")
        made = button(
            self.tr("{number}   {name} · {kind}").format(
                number=number, name=shown, kind=kind
            ),
            part="offer",
            name=self.tr("{number}: {name}").format(number=number, name=name),
        )
        made.setAccessibleDescription(
            self.tr("{kind}. Press {number} to run it.").format(kind=kind, number=number)
        )
        made.setToolTip(" ".join(task.instruction.split()))
        made.clicked.connect(lambda: self.chosen.emit(task))
        self._column.insertWidget(number - 1, made)
        self._buttons.append(made)
