"""The shortcuts of the window: bound here, and changed while it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from shiboken6 import isValid

from onhand.domain.key_combinations import FUNCTIONS
from onhand.domain.shortcuts import (
    GUIDE,
    IN_THE_PANEL,
    Action,
    in_force,
    read_changes,
    written_changes,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

_RETURNS = {"Ctrl+Return": "Ctrl+Enter"}
"""The same key on the number pad has another name."""

_HELD = frozenset({"Ctrl", "Alt", "Meta"})


class Shortcuts(QObject):
    """All of them.

    Signals:
        changed: keys are others now.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._changes: dict[Action, str] = {}
        self._bound: list[tuple[Action, QShortcut]] = []

    def bind(
        self,
        action: Action,
        widget: QWidget,
        slot: Callable[[], object],
        context: Qt.ShortcutContext = Qt.ShortcutContext.WindowShortcut,
    ) -> None:
        """Call `slot` when the keys of `action` are pressed in `widget` or its window."""
        shortcut = QShortcut(widget)
        shortcut.setContext(context)
        shortcut.setKeys(self._sequences(action))
        shortcut.activated.connect(slot)
        self._bound = [each for each in self._bound if isValid(each[1])]
        self._bound.append((action, shortcut))

    def use(self, setting: str) -> None:
        """Take the changes that are kept in the settings."""
        changes = read_changes(setting)
        if changes == self._changes:
            return
        self._changes = changes
        for action, shortcut in self._bound:
            if not isValid(shortcut):  # its window is gone
                continue
            shortcut.setKeys(self._sequences(action))
        self.changed.emit()

    def keys(self, action: Action) -> QKeySequence:
        """The keys of an action."""
        return QKeySequence(in_force(self._changes)[action])

    def with_keys(self, action: Action, keys: QKeySequence) -> str:
        """The setting with other keys for an action."""
        spelled = keys.toString(QKeySequence.SequenceFormat.PortableText)
        return written_changes({**self._changes, action: spelled})

    def why_not(self, action: Action, keys: QKeySequence) -> str:
        """What speaks against these keys for an action, in a sentence; "" where nothing."""
        spelled = keys.toString(QKeySequence.SequenceFormat.PortableText)
        if not spelled:
            return ""
        if spelled == GUIDE:
            return self.tr("{keys} is kept for the guide.").format(keys=spelled)
        if not _is_free(spelled):
            return self.tr(
                "{keys} is needed for typing. Take keys with Ctrl or Alt, or a"
                " function key."
            ).format(keys=spelled)
        for other, taken in in_force(self._changes).items():
            if other is action or QKeySequence(taken) != keys:
                continue
            if (other in IN_THE_PANEL) == (action in IN_THE_PANEL):
                return self.tr("{keys} is taken by “{action}”.").format(
                    keys=spelled, action=self.title(other)
                )
        return ""

    def title(self, action: Action) -> str:
        """What an action does."""
        return {
            Action.RUN: self.tr("Run the task on the text"),
            Action.STOP: self.tr("Stop what is running"),
            Action.OPEN_FILE: self.tr("Open a file"),
            Action.WORK: self.tr("Go to Work"),
            Action.BATCH: self.tr("Go to Batch"),
            Action.HISTORY: self.tr("Go to History"),
            Action.MEASURE: self.tr("Go to Measure"),
            Action.PREFERENCES: self.tr("Go to Preferences"),
            Action.FIND: self.tr("Search the history"),
            Action.QUICK: self.tr("Open the quick panel"),
            Action.KEYS: self.tr("Show the keyboard shortcuts"),
            Action.TO_WINDOW: self.tr("Open the text of the quick panel in the window"),
            Action.PUT_BACK: self.tr("Put the former clipboard back"),
            Action.QUIT: self.tr("Quit Onhand"),
        }[action]

    def _sequences(self, action: Action) -> list[QKeySequence]:
        spelled = in_force(self._changes)[action]
        found = [spelled, _RETURNS.get(spelled, "")]
        return [QKeySequence(each) for each in found if each]


def _is_free(spelled: str) -> bool:
    """Whether nobody needs the keys to type."""
    *held, key = spelled.split("+")
    return bool(_HELD.intersection(held)) or key == "Esc" or key in FUNCTIONS
