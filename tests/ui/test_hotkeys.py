"""Keys from the whole desktop: asked for one by one, and told when they cannot be had."""

from __future__ import annotations

import ctypes

import pytest

from fakes.hotkeys import TAKEN, FakeCarbon, FakeHotkeys, FakeUser32
from onhand.domain.desktop_errors import ShortcutImpossible, ShortcutTaken
from onhand.domain.key_combinations import KEYS, read_combination
from onhand.ui.global_shortcut import GlobalShortcut
from onhand.ui.hotkeys import macos, windows

pytestmark = pytest.mark.ui

WANTED = read_combination("Ctrl+Alt+Space")


@pytest.mark.parametrize("system", TAKEN)
def test_keys_of_another_program_are_told(qapp, system):
    hotkeys = TAKEN[system]()
    with pytest.raises(ShortcutTaken):
        hotkeys.grab(WANTED, lambda: None)
    hotkeys.release()


def test_windows_is_asked_for_the_keys_and_told_when_they_are_not_needed(qapp):
    user32, pressed = FakeUser32(), []
    hotkeys = windows.WindowsHotkeys(user32)
    hotkeys.grab(WANTED, lambda: pressed.append(1))
    [(number, modifiers, key)] = user32.registered
    assert (modifiers, key) == (0x4003, 0x20)
    message = windows.Message(None, windows.HOTKEY, number)
    place = ctypes.addressof(message)
    assert hotkeys.nativeEventFilter(b"windows_generic_MSG", place) == (True, 0)
    assert pressed == [1]
    other = windows.Message(None, 0x0100, 7)
    place = ctypes.addressof(other)
    assert hotkeys.nativeEventFilter(b"windows_generic_MSG", place) == (False, 0)
    assert pressed == [1]
    hotkeys.release()
    assert user32.registered == []


def test_macos_is_asked_for_the_keys_and_told_when_they_are_not_needed():
    carbon, pressed = FakeCarbon(), []
    hotkeys = macos.MacHotkeys(carbon)
    hotkeys.grab(WANTED, lambda: pressed.append(1))
    hotkeys.grab(read_combination("Meta+Shift+V"), lambda: pressed.append(2))
    [(key, modifiers, tell)] = carbon.registered
    assert (key, modifiers) == (9, 0x1200)
    tell()
    assert pressed == [2]
    hotkeys.release()
    assert carbon.registered == []


def test_every_key_is_known_to_windows_and_what_macs_lack_is_told():
    assert set(windows.KEYS) == set(KEYS)
    assert set(KEYS) - set(macos.KEYS) == {"F21", "F22", "F23", "F24", "Insert", "Pause"}
    with pytest.raises(ShortcutImpossible, match="no key Pause"):
        macos.MacHotkeys(FakeCarbon()).grab(read_combination("Ctrl+Pause"), print)


def test_the_real_functions_of_other_systems_are_told_to_be_missing():
    with pytest.raises(ShortcutImpossible):
        windows.WindowsHotkeys()
    with pytest.raises(ShortcutImpossible):
        macos.MacHotkeys()


def test_the_keys_of_the_settings_are_held_and_changed(qapp, qtbot):
    hotkeys = FakeHotkeys("Ctrl+Alt+T")
    shortcut = GlobalShortcut(lambda: hotkeys)
    shortcut.use("Ctrl+Alt+Space")
    assert shortcut.held == "Ctrl+Alt+Space"
    with qtbot.waitSignal(shortcut.pressed):
        hotkeys.pressed()
    shortcut.use("Ctrl+Alt+T")
    assert shortcut.held == ""
    assert isinstance(shortcut.failure, ShortcutTaken)
    assert hotkeys.held is None
    shortcut.use("")
    assert shortcut.failure is None


def test_a_desktop_without_such_keys_says_so(qapp):
    shortcut = GlobalShortcut()  # tests run on no desktop at all
    shortcut.use("Ctrl+Alt+Space")
    assert isinstance(shortcut.failure, ShortcutImpossible)
