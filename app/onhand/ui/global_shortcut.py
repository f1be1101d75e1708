"""The key combination that opens the quick panel from any program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from onhand.domain.desktop_errors import ShortcutImpossible
from onhand.domain.errors import AppError, SettingInvalid
from onhand.domain.key_combinations import read_combination

if TYPE_CHECKING:
    from collections.abc import Callable

    from onhand.ui.hotkeys.port import Hotkeys


class GlobalShortcut(QObject):
    """Holds the combination of the settings, where the system gives one.

    Signals:
        pressed: the user wants the quick panel.
        changed: whether it is held, or why not, is something else now.
    """

    pressed = Signal()
    changed = Signal()

    def __init__(self, new_hotkeys: Callable[[], Hotkeys] | None = None) -> None:
        super().__init__()
        self._new_hotkeys = new_hotkeys or system_hotkeys
        self._hotkeys: Hotkeys | None = None
        self._used: str | None = None
        self.held = ""
        self.failure: AppError | None = None

    def use(self, setting: str) -> None:
        """Hold what the setting says; a failure is kept in `failure`."""
        if setting == self._used:
            return
        self._used = setting
        self.release()
        try:
            self._hold(setting)
        except AppError as error:
            self.failure = error
        self.changed.emit()

    def release(self) -> None:
        """Hold nothing any more."""
        self.held, self.failure = "", None
        if self._hotkeys is not None:
            self._hotkeys.release()

    def _hold(self, setting: str) -> None:
        try:
            wanted = read_combination(setting)
        except SettingInvalid:  # the settings let none through
            wanted = None
        if wanted is None:
            return
        if self._hotkeys is None:
            self._hotkeys = self._new_hotkeys()
        self._hotkeys.grab(wanted, self.pressed.emit)
        self.held = str(wanted)


def system_hotkeys() -> Hotkeys:
    """What this system offers.

    Raises:
        ShortcutImpossible: nothing, as on Wayland.
    """
    match QGuiApplication.platformName():
        case "windows":
            from onhand.ui.hotkeys.windows import WindowsHotkeys  # noqa: PLC0415 - one of them

            return WindowsHotkeys()
        case "cocoa":
            from onhand.ui.hotkeys.macos import MacHotkeys  # noqa: PLC0415 - one of them

            return MacHotkeys()
        case "xcb":
            from onhand.ui.hotkeys.x11 import X11Hotkeys  # noqa: PLC0415 - one of them

            return X11Hotkeys()
        case _:
            raise ShortcutImpossible
