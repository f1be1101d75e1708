"""What an engine's user knows of the machine: memory, power, and what a death means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pathlib import Path

    from onhand.domain.errors import AppError


class Watch(Protocol):
    """Looks after engines of this program."""

    def raise_if_too_large(self, model: Path) -> None:
        """Called before a model is loaded.

        Raises:
            OutOfMemory: it must not be.
        """
        ...

    def raise_if_no_adapter(self, adapter: Path) -> None:
        """Called before an adapter is used.

        Raises:
            AdapterUnusable: it must not be.
        """
        ...

    def blamed(self, model: Path, how: str, last_words: str) -> AppError | None:
        """What the end of an engine means, where it was for want of memory."""
        ...

    def enter(self, pid: int, model: Path) -> None:
        """A process holds a model now."""
        ...

    def leave(self, pid: int) -> None:
        """It is about to end."""
        ...

    def on_battery(self) -> bool:
        """Whether the machine runs on battery."""
        ...

    def wakes(self) -> int:
        """How often the machine has woken up from sleep so far."""
        ...


class NoWatch:
    """Lets everything happen."""

    def raise_if_too_large(self, model: Path) -> None:
        """Nothing is."""

    def raise_if_no_adapter(self, adapter: Path) -> None:
        """Everything is one."""

    def blamed(self, model: Path, how: str, last_words: str) -> AppError | None:  # noqa: ARG002 - nobody is
        """Nobody is."""
        return None

    def enter(self, pid: int, model: Path) -> None:
        """Nobody wants to know."""

    def leave(self, pid: int) -> None:
        """Nobody wants to know."""

    def on_battery(self) -> bool:
        """Never."""
        return False

    def wakes(self) -> int:
        """Never."""
        return 0
