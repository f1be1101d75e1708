"""What a system offers to get a key combination from the whole desktop.

The system is asked to tell of one combination, and tells of nothing else: no keyboard hook
that would see what is typed elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from onhand.domain.key_combinations import Combination


class Hotkeys(Protocol):
    """One combination at a time; used on the UI thread."""

    def grab(self, wanted: Combination, pressed: Callable[[], None]) -> None:
        """Call `pressed` whenever the combination is pressed, wherever the focus is.

        Raises:
            ShortcutTaken: another program has it.
            ShortcutImpossible: the system gives none.
        """
        ...

    def release(self) -> None:
        """Give it back; nothing happens where there is none."""
        ...
