"""Which model answers the next request; needs no engine."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

from onhand.domain.layouts import bare_id

if TYPE_CHECKING:
    from onhand.services.ports import InstalledModel, ModelStore, SettingsStore
    from onhand.services.tuning_ports import TuningStore


class ModelChoice:
    """What the user wants to be answered by."""

    def __init__(
        self,
        *,
        store: ModelStore,
        settings: SettingsStore,
        tunings: TuningStore,
        wanted: str,
    ) -> None:
        """Look for nothing yet.

        Args:
            store: what is here.
            settings: which one the user wants.
            tunings: in which layout.
            wanted: from the command line; goes before the setting, for this run alone.
        """
        self._tunings = tunings
        self._store = store
        self._settings = settings
        self._wanted = wanted

    def original(self, wanted: str = "") -> InstalledModel:
        """A model as it came; without a name the one in use.

        The name may end in a layout, as answers have it, which does not matter here.

        Raises:
            ModelMissing: it is not on this machine.
        """
        name = wanted or self._wanted or self._settings.load().model
        return self._store.find(bare_id(name))

    def current(self) -> InstalledModel:
        """The model that answers the next request, in the layout that is best here.

        Raises:
            ModelMissing: it is not on this machine.
        """
        return self.as_used()

    def as_used(self, wanted: str = "") -> InstalledModel:
        """A model in the layout that is best here; without a name the one in use.

        Raises:
            ModelMissing: it is not on this machine.
        """
        return self.in_layout(self.original(wanted))

    def in_layout(self, model: InstalledModel) -> InstalledModel:
        """A model as it came in the layout that is best here."""
        tuning = self._tunings.load(model)
        if tuning is None or tuning.layout is None:
            return model
        return dataclasses.replace(
            model,
            id=f"{model.id}:{tuning.layout}",
            path=Path(tuning.file),
            layout=tuning.layout,
        )
