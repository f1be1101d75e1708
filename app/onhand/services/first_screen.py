"""What the window asks for before anything else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from onhand.services.model_choice import ModelChoice
    from onhand.services.ports import SettingsStore, TaskStore


class FirstScreen(Protocol):
    """The part of the services that can be built in a moment, without the rest of them."""

    @property
    def settings(self) -> SettingsStore:
        """What the user set, and what is fixed."""
        ...

    @property
    def tasks(self) -> TaskStore:
        """What there is to do."""
        ...

    @property
    def models(self) -> ModelChoice:
        """Which model answers; there need not be an engine behind it."""
        ...
