"""All shortcuts of the window, to be read and changed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from onhand.domain.shortcuts import DEFAULTS, Action
from onhand.ui.keys_edit import KeysEdit
from onhand.ui.parts import Notice, button, label
from onhand.ui.scroll_bars import ScrollArea
from onhand.ui.theme import Gap

if TYPE_CHECKING:
    from onhand.ui.shortcuts import Shortcuts


class ShortcutsDialog(QDialog):
    """A line for each action: what it does, its keys, and a way back to the default.

    Signals:
        changed: the setting as it shall be kept.
    """

    changed = Signal(str)

    def __init__(self, shortcuts: Shortcuts, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        self.setMinimumSize(480, 320)
        self._shortcuts = shortcuts
        self._notice = Notice()
        self._edits: dict[Action, KeysEdit] = {}
        self._lay_out()
        shortcuts.changed.connect(self._show_keys)
        self._show_keys()

    def _lay_out(self) -> None:
        inner = QWidget()
        grid = QGridLayout(inner)
        grid.setSpacing(Gap.SMALL)
        grid.setColumnStretch(0, 1)
        for number, action in enumerate(Action):
            self._add(grid, number, action)
        area = ScrollArea(self.tr("Keyboard shortcuts"))
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inner)
        everything = button(self.tr("&Reset all"), name=self.tr("Reset all shortcuts"))
        everything.clicked.connect(lambda: self.changed.emit(""))
        close = button(self.tr("&Close"), part="primary")
        close.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.addWidget(everything)
        row.addStretch()
        row.addWidget(close)
        told = self.tr(
            "Choose a field and press the new keys. Backspace takes them away. In the quick"
            " panel the digits 1 to 9 run a task, and Esc leaves it."
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(Gap.HUGE, Gap.HUGE, Gap.HUGE, Gap.HUGE)
        column.setSpacing(Gap.MEDIUM)
        column.addWidget(label(told, tone="muted"))
        column.addWidget(self._notice)
        column.addWidget(area, 1)
        column.addLayout(row)

    def _add(self, grid: QGridLayout, row: int, action: Action) -> None:
        title = self._shortcuts.title(action)
        edit = KeysEdit(title)
        edit.pressed.connect(partial(self._change, action))
        self._edits[action] = edit
        heading = label(title)
        heading.setBuddy(edit)
        back = button(
            self.tr("Reset"),
            part="link",
            name=self.tr("Reset: {action}").format(action=title),
        )
        back.clicked.connect(partial(self._reset, action))
        for number, each in enumerate((heading, edit, back)):
            grid.addWidget(each, row, number)

    def _show_keys(self) -> None:
        for action, edit in self._edits.items():
            edit.setKeySequence(self._shortcuts.keys(action))

    def _change(self, action: Action) -> None:
        self._try(action, self._edits[action].keySequence())

    def _reset(self, action: Action) -> None:
        self._try(action, QKeySequence(DEFAULTS[action]))

    def _try(self, action: Action, keys: QKeySequence) -> None:
        """Have it kept, or say why it cannot be."""
        if keys == self._shortcuts.keys(action):
            return
        if why_not := self._shortcuts.why_not(action, keys):
            self._notice.say(why_not, tone="warning")
            self._show_keys()
            return
        self._notice.hide()
        self.changed.emit(self._shortcuts.with_keys(action, keys))
