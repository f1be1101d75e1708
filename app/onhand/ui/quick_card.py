"""Preferences: whether the quick panel has its keys and its place in the tray."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal

from onhand.domain.desktop_errors import ShortcutImpossible
from onhand.ui import said
from onhand.ui.clipboard import TextBox
from onhand.ui.parts import Card, button, label
from onhand.ui.theme import Gap

if TYPE_CHECKING:
    from onhand.ui.global_shortcut import GlobalShortcut
    from onhand.ui.tray import Tray


class QuickCard(Card):
    """Tells how the quick panel is opened here, and how keys are bound to it.

    Signals:
        keys_wanted: the shortcuts of the window shall be listed.
    """

    keys_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._shortcut: GlobalShortcut | None = None
        self._keys = label()
        self._tray = label()
        self._how = TextBox(self._binding())
        self._how.setReadOnly(True)
        self._how.setProperty("part", "reading")
        self._how.setTabChangesFocus(True)
        self._how.setAccessibleName(self.tr("How to bind keys to the quick panel"))
        height = self._how.fontMetrics().lineSpacing() * 10
        self._how.setFixedHeight(height + 2 * Gap.MEDIUM)
        self._list = button(
            self.tr("Ke&yboard shortcuts…"), name=self.tr("Keyboard shortcuts")
        )
        self._list.clicked.connect(self.keys_wanted)
        self.column.addWidget(label(self.tr("Quick panel"), rank="heading"))
        told = self.tr(
            "The quick panel takes the text of the clipboard, runs a task that you choose"
            " by a number, and puts the answer there. The former content can be put back."
        )
        self.column.addWidget(label(told, tone="muted"))
        for each in (self._keys, self._tray, self._how):
            self.column.addWidget(each)
        self.column.addWidget(self._list, 0, Qt.AlignmentFlag.AlignLeft)
        self._how.hide()

    def watch(self, tray: Tray, shortcut: GlobalShortcut) -> None:
        """Tell of these, now and when they change."""
        self._shortcut = shortcut
        shortcut.changed.connect(self._show_keys)
        self._show_keys()
        self._tray.setText(
            self.tr("Its icon is in the tray of the desktop while Onhand runs.")
            if tray.is_there
            else self.tr(
                "This desktop shows no icons in a tray, so there is none of Onhand, and it"
                " ends when its window is closed."
            )
        )

    def _show_keys(self) -> None:
        if self._shortcut is None:
            return
        failure = self._shortcut.failure
        self._how.setVisible(isinstance(failure, ShortcutImpossible))
        if failure is not None:
            told = said.both(failure)
        elif self._shortcut.held:
            told = self.tr("{keys} opens it from any program while Onhand runs.").format(
                keys=self._shortcut.held
            )
        else:
            told = self.tr("No keys open it from other programs.")
        self._keys.setText(told)

    def _binding(self) -> str:
        command = "onhand quick"
        line = "bindsym Ctrl+Alt+space exec onhand quick"
        return "\n\n".join(
            (
                self.tr(
                    "GNOME: open Settings, Keyboard, View and Customize Shortcuts, Custom"
                    " Shortcuts, and add one with the command: {command}"
                ).format(command=command),
                self.tr(
                    "KDE Plasma: open System Settings, Keyboard, Shortcuts, Add New,"
                    " Command or Script, and give this command: {command}"
                ).format(command=command),
                self.tr(
                    "Sway and others: put a line like this into the configuration: {line}"
                ).format(line=line),
            )
        )
