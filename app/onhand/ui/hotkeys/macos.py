"""A key combination from macOS (RegisterEventHotKey), which needs no permission."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Any, Protocol

from onhand.domain.desktop_errors import ShortcutImpossible, ShortcutTaken
from onhand.domain.key_combinations import Modifier

if TYPE_CHECKING:
    from collections.abc import Callable

    from onhand.domain.key_combinations import Combination

KEYS = {
    "A": 0, "S": 1, "D": 2, "F": 3, "H": 4, "G": 5, "Z": 6, "X": 7, "C": 8, "V": 9,
    "B": 11, "Q": 12, "W": 13, "E": 14, "R": 15, "Y": 16, "T": 17, "O": 31, "U": 32,
    "I": 34, "P": 35, "L": 37, "J": 38, "K": 40, "N": 45, "M": 46,
    "1": 18, "2": 19, "3": 20, "4": 21, "6": 22, "5": 23, "9": 25, "7": 26,
    "8": 28, "0": 29, "Space": 49, "Home": 115, "PgUp": 116, "End": 119, "PgDown": 121,
    "F1": 122, "F2": 120, "F3": 99, "F4": 118, "F5": 96, "F6": 97, "F7": 98, "F8": 100,
    "F9": 101, "F10": 109, "F11": 103, "F12": 111, "F13": 105, "F14": 107, "F15": 113,
    "F16": 106, "F17": 64, "F18": 79, "F19": 80, "F20": 90,
}  # fmt: skip
"""Places on the keyboard; a letter is where an American keyboard has it."""

HELD = {
    Modifier.CTRL: 0x0100,  # Command, as everywhere in Qt
    Modifier.SHIFT: 0x0200,
    Modifier.ALT: 0x0800,
    Modifier.META: 0x1000,
}
EXISTS = -9878
"""eventHotKeyExistsErr."""

_PLACE = "/System/Library/Frameworks/Carbon.framework/Carbon"
_KEYBOARD = int.from_bytes(b"keyb", "big")
_OURS = int.from_bytes(b"Onhd", "big")
_PRESSED = 5


class Carbon(Protocol):
    """What is used of Carbon."""

    def register(
        self, key: int, modifiers: int, pressed: Callable[[], None]
    ) -> tuple[int, object]:
        """RegisterEventHotKey with a handler: a status, and what `unregister` takes."""
        ...

    def unregister(self, token: object) -> None:
        """UnregisterEventHotKey, without its handler."""
        ...


class MacHotkeys:
    """A `Hotkeys` for macOS."""

    def __init__(self, carbon: Carbon | None = None) -> None:
        self._carbon = carbon or SystemCarbon()
        self._tokens: list[object] = []

    def grab(self, wanted: Combination, pressed: Callable[[], None]) -> None:
        """See the protocol."""
        self.release()
        if wanted.key not in KEYS:
            raise ShortcutImpossible(f"this keyboard has no key {wanted.key}")
        modifiers = sum(HELD[each] for each in wanted.modifiers)
        status, token = self._carbon.register(KEYS[wanted.key], modifiers, pressed)
        if status == EXISTS:
            raise ShortcutTaken
        if status:
            raise ShortcutImpossible(f"error {status}")
        self._tokens.append(token)

    def release(self) -> None:
        """See the protocol."""
        while self._tokens:
            self._carbon.unregister(self._tokens.pop())


class _Kind(ctypes.Structure):
    _fields_ = (("group", ctypes.c_uint32), ("kind", ctypes.c_uint32))


class _Id(ctypes.Structure):
    _fields_ = (("signature", ctypes.c_uint32), ("number", ctypes.c_uint32))


_Handler = ctypes.CFUNCTYPE(
    ctypes.c_int32, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p
)


class SystemCarbon:
    """The real one; the handler runs in the main loop, which is Qt's as well."""

    def __init__(self) -> None:
        try:
            self._library: Any = ctypes.CDLL(_PLACE)
        except OSError as error:
            raise ShortcutImpossible from error
        self._library.GetApplicationEventTarget.restype = ctypes.c_void_p

    def register(
        self, key: int, modifiers: int, pressed: Callable[[], None]
    ) -> tuple[int, object]:
        """See the protocol."""

        def handle(_: int | None, __: int | None, ___: int | None) -> int:
            pressed()
            return 0

        target = ctypes.c_void_p(self._library.GetApplicationEventTarget())
        handler, kind = _Handler(handle), _Kind(_KEYBOARD, _PRESSED)
        installed, hotkey = ctypes.c_void_p(), ctypes.c_void_p()
        status = self._library.InstallEventHandler(
            target, handler, 1, ctypes.byref(kind), None, ctypes.byref(installed)
        )
        if status:
            return status, None
        status = self._library.RegisterEventHotKey(
            ctypes.c_uint32(key), ctypes.c_uint32(modifiers), _Id(_OURS, 1), target,
            ctypes.c_uint32(0), ctypes.byref(hotkey),
        )  # fmt: skip
        if status:
            self._library.RemoveEventHandler(installed)
            return status, None
        return 0, (hotkey, installed, handler)

    def unregister(self, token: Any) -> None:  # noqa: ANN401 - made above
        """See the protocol."""
        hotkey, installed, _ = token
        self._library.UnregisterEventHotKey(hotkey)
        self._library.RemoveEventHandler(installed)
