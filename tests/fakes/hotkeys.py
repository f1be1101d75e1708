"""Key combinations without a desktop, and the functions of systems that are not here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.domain.desktop_errors import ShortcutTaken
from onhand.ui.hotkeys import macos, windows

if TYPE_CHECKING:
    from collections.abc import Callable

    from onhand.domain.key_combinations import Combination


class FakeHotkeys:
    """Gives every combination but those in `taken`."""

    def __init__(self, *taken: str) -> None:
        self.taken = taken
        self.held: Combination | None = None
        self.pressed: Callable[[], None] | None = None

    def grab(self, wanted: Combination, pressed: Callable[[], None]) -> None:
        """Hold it, or say that another does."""
        self.release()
        if str(wanted) in self.taken:
            raise ShortcutTaken
        self.held, self.pressed = wanted, pressed

    def release(self) -> None:
        """Hold nothing."""
        self.held = self.pressed = None


class FakeUser32:
    """What Windows answers."""

    def __init__(self, error: int = 0) -> None:
        self.error = error
        self.registered: list[tuple[int, int, int]] = []

    def register(self, number: int, modifiers: int, key: int) -> bool:
        """Keep it, unless there is an error."""
        if self.error:
            return False
        self.registered.append((number, modifiers, key))
        return True

    def unregister(self, number: int) -> None:
        """Forget it."""
        self.registered = [each for each in self.registered if each[0] != number]

    def last_error(self) -> int:
        """As the test says."""
        return self.error


class FakeCarbon:
    """What macOS answers."""

    def __init__(self, status: int = 0) -> None:
        self.status = status
        self.registered: list[tuple[int, int, Callable[[], None]]] = []

    def register(
        self, key: int, modifiers: int, pressed: Callable[[], None]
    ) -> tuple[int, object]:
        """Keep it, unless there is an error."""
        if self.status:
            return self.status, None
        self.registered.append((key, modifiers, pressed))
        return 0, self.registered[-1]

    def unregister(self, token: object) -> None:
        """Forget it."""
        self.registered.remove(token)


TAKEN = {
    "fake": lambda: FakeHotkeys("Ctrl+Alt+Space"),
    "windows": lambda: windows.WindowsHotkeys(FakeUser32(windows.ALREADY_REGISTERED)),
    "macos": lambda: macos.MacHotkeys(FakeCarbon(macos.EXISTS)),
}
"""By system, one where another program has the combination."""
