"""A key combination from an X server, over a connection of its own (XGrabKey by xcb).

xcb and not Xlib: it answers each request with its own error, where Xlib has one handler for
the whole process, which ends that by default.
"""

from __future__ import annotations

import ctypes
import ctypes.util
from typing import TYPE_CHECKING

from PySide6.QtCore import QSocketNotifier

from onhand.domain.desktop_errors import ShortcutImpossible, ShortcutTaken
from onhand.domain.key_combinations import DIGITS, FUNCTIONS, LETTERS, Modifier

if TYPE_CHECKING:
    from collections.abc import Callable

    from onhand.domain.key_combinations import Combination

_KEYS = {
    **{letter: ord(letter.lower()) for letter in LETTERS},
    **{digit: ord(digit) for digit in DIGITS},
    **{name: 0xFFBE + number for number, name in enumerate(FUNCTIONS)},
    "Space": 0x20, "Insert": 0xFF63, "Home": 0xFF50, "End": 0xFF57,
    "PgUp": 0xFF55, "PgDown": 0xFF56, "Pause": 0xFF13,
}  # fmt: skip
_HELD = {Modifier.SHIFT: 1, Modifier.CTRL: 4, Modifier.ALT: 8, Modifier.META: 64}
_LOCKS = (0, 2, 16, 18)
"""Caps Lock and Num Lock, which are states of the keyboard and not held down."""

_ASYNC = 1
_ANY, _ANY_MODIFIER = 0, 0x8000
_KEY_PRESS, _MAPPING_NOTIFY = 2, 34
_SENT = 0x80
_ACCESS = 10
"""The error that says that another client has grabbed the key."""


class _Cookie(ctypes.Structure):
    _fields_ = (("sequence", ctypes.c_uint),)


class _Error(ctypes.Structure):
    _fields_ = (("response_type", ctypes.c_uint8), ("error_code", ctypes.c_uint8))


class _Event(ctypes.Structure):
    _fields_ = (("response_type", ctypes.c_uint8),)


class _Screens(ctypes.Structure):
    _fields_ = (
        ("screen", ctypes.POINTER(ctypes.c_uint32)),
        ("rest", ctypes.c_int),
        ("index", ctypes.c_int),
    )


class X11Hotkeys:
    """A `Hotkeys` for X11; every screen of a server shares the first one's root."""

    def __init__(self) -> None:
        self._xcb, self._symbols, self._free = _libraries()
        self._connection: int | None = None
        self._notifier: QSocketNotifier | None = None
        self._wanted: Combination | None = None
        self._pressed: Callable[[], None] | None = None

    def grab(self, wanted: Combination, pressed: Callable[[], None]) -> None:
        """See the protocol."""
        self.release()
        self._connection = connection = self._connect()
        self._wanted, self._pressed = wanted, pressed
        try:
            self._grab()
        except (ShortcutTaken, ShortcutImpossible):
            self.release()
            raise
        socket = self._xcb.xcb_get_file_descriptor(connection)
        self._notifier = QSocketNotifier(socket, QSocketNotifier.Type.Read)
        self._notifier.activated.connect(self._read)

    def release(self) -> None:
        """See the protocol; the server gives back what a closed connection had."""
        if self._notifier is not None:
            self._notifier.setEnabled(False)
            self._notifier = None
        if self._connection is not None:
            self._xcb.xcb_disconnect(self._connection)
            self._connection = None

    def _connect(self) -> int:
        connection: int = self._xcb.xcb_connect(None, None)
        if self._xcb.xcb_connection_has_error(connection):
            self._xcb.xcb_disconnect(connection)
            raise ShortcutImpossible
        return connection

    def _grab(self) -> None:
        """Ask for the keys where they are now, with every state of the locks."""
        assert self._wanted is not None  # noqa: S101 - set by `grab`
        keycodes = self._keycodes(_KEYS[self._wanted.key])
        if not keycodes:
            raise ShortcutImpossible(f"this keyboard has no key {self._wanted.key}")
        modifiers = sum(_HELD[each] for each in self._wanted.modifiers)
        for keycode in keycodes:
            for locks in _LOCKS:
                cookie = self._xcb.xcb_grab_key_checked(
                    self._connection, 0, self._root(), modifiers | locks, keycode,
                    _ASYNC, _ASYNC,
                )  # fmt: skip
                self._raise_if_refused(cookie)

    def _raise_if_refused(self, cookie: _Cookie) -> None:
        error = self._xcb.xcb_request_check(self._connection, cookie)
        if not error:
            return
        code = ctypes.cast(error, ctypes.POINTER(_Error)).contents.error_code
        self._free(error)
        raise ShortcutTaken if code == _ACCESS else ShortcutImpossible(f"error {code}")

    def _root(self) -> int:
        setup = self._xcb.xcb_get_setup(self._connection)
        screens: _Screens = self._xcb.xcb_setup_roots_iterator(setup)
        return int(screens.screen[0])  # the root window is the first thing of a screen

    def _keycodes(self, symbol: int) -> list[int]:
        symbols = self._symbols.xcb_key_symbols_alloc(self._connection)
        codes = self._symbols.xcb_key_symbols_get_keycode(symbols, symbol)
        found: list[int] = []
        if codes:
            listed = ctypes.cast(codes, ctypes.POINTER(ctypes.c_uint8))
            while code := listed[len(found)]:
                found.append(code)
            self._free(codes)
        self._symbols.xcb_key_symbols_free(symbols)
        return found

    def _read(self) -> None:
        while self._connection is not None:
            event = self._xcb.xcb_poll_for_event(self._connection)
            if not event:
                break
            kind = ctypes.cast(event, ctypes.POINTER(_Event)).contents.response_type
            self._free(event)
            self._take(kind & ~_SENT)
        if self._connection and self._xcb.xcb_connection_has_error(self._connection):
            self.release()  # the server is gone

    def _take(self, kind: int) -> None:
        if kind == _KEY_PRESS and self._pressed is not None:
            self._pressed()
        elif kind == _MAPPING_NOTIFY and self._wanted and self._pressed:
            # Another layout: the keys may be in other places. The connection stays: the
            # server might not have heard of its end when another one asks for the same.
            self._xcb.xcb_ungrab_key(self._connection, _ANY, self._root(), _ANY_MODIFIER)
            try:
                self._grab()
            except (ShortcutTaken, ShortcutImpossible):
                self.release()


def _libraries() -> tuple[ctypes.CDLL, ctypes.CDLL, Callable[[int], None]]:
    """The X client library that Qt uses as well, its symbols, and C's free.

    Raises:
        ShortcutImpossible: they are not here.
    """
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
        symbols = ctypes.CDLL("libxcb-keysyms.so.1")
        free = ctypes.CDLL(None).free
    except (OSError, AttributeError) as error:
        raise ShortcutImpossible("libxcb-keysyms is missing") from error
    pointer, byte, word = ctypes.c_void_p, ctypes.c_uint8, ctypes.c_uint32
    for function, gives, takes in (
        (xcb.xcb_connect, pointer, (ctypes.c_char_p, pointer)),
        (xcb.xcb_connection_has_error, ctypes.c_int, (pointer,)),
        (xcb.xcb_disconnect, None, (pointer,)),
        (xcb.xcb_get_file_descriptor, ctypes.c_int, (pointer,)),
        (xcb.xcb_get_setup, pointer, (pointer,)),
        (xcb.xcb_setup_roots_iterator, _Screens, (pointer,)),
        (
            xcb.xcb_grab_key_checked,
            _Cookie,
            (pointer, byte, word, ctypes.c_uint16, byte, byte, byte),
        ),
        (xcb.xcb_ungrab_key, _Cookie, (pointer, byte, word, ctypes.c_uint16)),
        (xcb.xcb_request_check, pointer, (pointer, _Cookie)),
        (xcb.xcb_poll_for_event, pointer, (pointer,)),
        (symbols.xcb_key_symbols_alloc, pointer, (pointer,)),
        (symbols.xcb_key_symbols_get_keycode, pointer, (pointer, word)),
        (symbols.xcb_key_symbols_free, None, (pointer,)),
        (free, None, (pointer,)),
    ):
        function.restype, function.argtypes = gives, takes
    return xcb, symbols, free
