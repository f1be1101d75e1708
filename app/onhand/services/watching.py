"""Looking after engines: memory before they load, and what their end means."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from onhand.domain.engine_errors import OutOfMemory
    from onhand.services.fit_ports import EngineRegister
    from onhand.services.fitting import Fitting


class Watching:
    """What an engine's client asks before, while and after it runs a process."""

    def __init__(
        self,
        *,
        fitting: Fitting,
        register: EngineRegister,
        on_battery: Callable[[], bool],
        wakes: Callable[[], int],
        vet_adapter: Callable[[Path], None],
    ) -> None:
        """Wire it.

        Args:
            fitting: knows what fits.
            register: where engines are noted for other windows and commands.
            on_battery: whether the machine runs on battery.
            wakes: how often it has woken up from sleep so far.
            vet_adapter: raises `AdapterUnusable` for a file that is none.
        """
        self._fitting = fitting
        self._register = register
        self.on_battery = on_battery
        self.wakes = wakes
        self.raise_if_no_adapter = vet_adapter

    def raise_if_too_large(self, model: Path) -> None:
        """Called before a model is loaded.

        Raises:
            OutOfMemory: it does not fit, and the user wants to know that first.
        """
        self._fitting.raise_if_too_large(model)

    def blamed(self, model: Path, how: str, last_words: str) -> OutOfMemory | None:
        """What the end of an engine means, where it was for want of memory."""
        return self._fitting.blamed(model, how, last_words)

    def enter(self, pid: int, model: Path) -> None:
        """A process holds a model now."""
        self._register.enter(pid, model)

    def leave(self, pid: int) -> None:
        """It is about to end."""
        self._register.leave(pid)
