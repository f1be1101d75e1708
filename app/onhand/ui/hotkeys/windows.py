"""A key combination from Windows (RegisterHotKey), which posts a message to this thread."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QAbstractNativeEventFilter, QByteArray, QCoreApplication

from onhand.domain.desktop_errors import ShortcutImpossible, ShortcutTaken
from onhand.domain.key_combinations import DIGITS, FUNCTIONS, LETTERS, Modifier

if TYPE_CHECKING:
    from collections.abc import Callable

    from onhand.domain.key_combinations import Combination

KEYS = {
    **{letter: ord(letter) for letter in LETTERS},
    **{digit: ord(digit) for digit in DIGITS},
    **{name: 0x70 + number for number, name in enumerate(FUNCTIONS)},
    "Space": 0x20, "Insert": 0x2D, "Home": 0x24, "End": 0x23,
    "PgUp": 0x21, "PgDown": 0x22, "Pause": 0x13,
}  # fmt: skip
HELD = {Modifier.ALT: 1, Modifier.CTRL: 2, Modifier.SHIFT: 4, Modifier.META: 8}
NO_REPEAT = 0x4000
ALREADY_REGISTERED = 1409
HOTKEY = 0x0312
"""The message WM_HOTKEY."""

_NUMBER = 0x0A11
"""The identifier of our one combination."""

_MESSAGES = "windows_generic_MSG"


class Message(ctypes.Structure):
    """As much of the structure MSG as is looked at."""

    _fields_ = (
        ("window", ctypes.c_void_p),
        ("message", ctypes.c_uint),
        ("number", ctypes.c_size_t),
    )


class User32(Protocol):
    """The two functions of user32, and why the last one failed."""

    def register(self, number: int, modifiers: int, key: int) -> bool:
        """RegisterHotKey for this thread."""
        ...

    def unregister(self, number: int) -> None:
        """UnregisterHotKey."""
        ...

    def last_error(self) -> int:
        """GetLastError."""
        ...


class WindowsHotkeys(QAbstractNativeEventFilter):
    """A `Hotkeys` for Windows."""

    def __init__(self, user32: User32 | None = None) -> None:
        super().__init__()
        self._user32 = user32 or SystemUser32()
        self._pressed: Callable[[], None] | None = None

    def grab(self, wanted: Combination, pressed: Callable[[], None]) -> None:
        """See the protocol."""
        self.release()
        modifiers = sum(HELD[each] for each in wanted.modifiers) | NO_REPEAT
        if not self._user32.register(_NUMBER, modifiers, KEYS[wanted.key]):
            error = self._user32.last_error()
            if error == ALREADY_REGISTERED:
                raise ShortcutTaken
            raise ShortcutImpossible(f"error {error}")
        self._pressed = pressed
        application = QCoreApplication.instance()
        if application is not None:
            application.installNativeEventFilter(self)

    def release(self) -> None:
        """See the protocol."""
        if self._pressed is None:
            return
        self._pressed = None
        self._user32.unregister(_NUMBER)
        application = QCoreApplication.instance()
        if application is not None:
            application.removeNativeEventFilter(self)

    def nativeEventFilter(
        self, kind: QByteArray | bytes | bytearray | memoryview, message: int
    ) -> object:
        """Take our message out of all that pass by."""
        if QByteArray(kind).toStdString() != _MESSAGES or self._pressed is None:
            return False, 0
        found = ctypes.cast(int(message), ctypes.POINTER(Message)).contents
        if found.message == HOTKEY and found.number == _NUMBER:
            self._pressed()
            return True, 0
        return False, 0


class SystemUser32:
    """The real one."""

    def __init__(self) -> None:
        opener = getattr(ctypes, "WinDLL", None)
        if opener is None:
            raise ShortcutImpossible
        self._library: Any = opener("user32", use_last_error=True)

    def register(self, number: int, modifiers: int, key: int) -> bool:
        """See the protocol."""
        return bool(self._library.RegisterHotKey(None, number, modifiers, key))

    def unregister(self, number: int) -> None:
        """See the protocol."""
        self._library.UnregisterHotKey(None, number)

    def last_error(self) -> int:
        """See the protocol."""
        found: int = getattr(ctypes, "get_last_error", int)()
        return found
