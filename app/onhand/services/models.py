"""Which model answers, and changing it."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

from onhand.domain.errors import ModelMissing
from onhand.domain.model_errors import NothingToUndo
from onhand.domain.policy_errors import PolicyForbids
from onhand.domain.progress import CancelToken
from onhand.services.model_choice import ModelChoice

if TYPE_CHECKING:
    from collections.abc import Callable

    from onhand.domain.primitives import EngineState
    from onhand.services.ports import Engine, InstalledModel, ModelStore, SettingsStore
    from onhand.services.tuning_ports import TuningStore


class Models(ModelChoice):
    """The models on this machine and the one in use."""

    def __init__(  # noqa: PLR0913 - wired in one place, by keyword
        self,
        *,
        store: ModelStore,
        settings: SettingsStore,
        engine: Engine,
        tunings: TuningStore,
        wanted: str,
        admit: Callable[[InstalledModel], None] = lambda _: None,
    ) -> None:
        """Choose nothing yet.

        Args:
            store: what is here.
            settings: which one the user wants.
            engine: runs it.
            tunings: in which layout.
            wanted: from the command line; goes before the setting, for this run alone.
            admit: raises where a file must not be loaded.
        """
        super().__init__(store=store, settings=settings, tunings=tunings, wanted=wanted)
        self._admit = admit
        self._engine = engine
        self._selected: InstalledModel | None = None

    def installed(self) -> list[InstalledModel]:
        """All models on this machine, smallest first."""
        return self._store.installed()

    def select(self) -> InstalledModel:
        """Make the engine use the current model; returns it.

        Raises:
            ModelMissing: it is not on this machine.
            WrongChecksum: its file is not what it was when it came.
        """
        model = self.admitted()
        self.keep(model)
        return model

    def admitted(self, wanted: str = "") -> InstalledModel:
        """A model as it is used, after it was seen that its file may be loaded.

        Raises:
            ModelMissing: it is not on this machine.
            WrongChecksum: its file is not what it was when it came.
        """
        self._admit(self.original(wanted))
        return self.as_used(wanted)

    def another(self, wanted: str) -> InstalledModel:
        """A model that shall answer beside the one in use, likewise.

        Raises:
            PolicyForbids: the organisation has fixed which one answers.
            ModelMissing, WrongChecksum: see `admitted`.
        """
        if "model" in self._settings.policies.managed:
            raise PolicyForbids("model")
        return self.admitted(wanted)

    def keep(self, model: InstalledModel) -> None:
        """Make the engine use this model for what is under way, whatever is selected."""
        self._engine.use(model.path)
        self._selected = model

    def name_of(self, path: Path) -> str:
        """The id of a model file; its name where it was not selected here."""
        known = self._selected
        return known.id if known is not None and known.path == path else path.stem

    def languages_of(self, path: Path) -> tuple[str, ...]:
        """What a model was made for, as codes; empty where it was not selected here."""
        known = self._selected
        return known.languages if known is not None and known.path == path else ()

    def use(self, wanted: str) -> InstalledModel:
        """Answer with another model from the next request on, and in the next session.

        The one before is remembered, so that it can be gone back to.

        Raises:
            ModelMissing: it is not on this machine.
            AppError: its file must not be loaded, or is no model; all is as it was.
        """
        model = self._store.find(wanted)
        self._admit(model)
        # An id that was typed in part could fit several models one day.
        lasting = wanted if Path(wanted).is_file() else model.id
        settings = self._settings.load()
        used = self._in_use()
        before = used if used not in {"", lasting} else settings.previous_model
        self._settings.save(
            dataclasses.replace(settings, model=lasting, previous_model=before)
        )
        self._wanted = ""
        return model

    def asleep(self) -> bool:
        """Whether the model's memory was given back; the next request loads it again."""
        return self._engine.asleep

    def before(self) -> InstalledModel | None:
        """The model that answered before the one in use; None where none can be gone to."""
        name = self._settings.load().previous_model
        try:
            return self._store.find(name) if name else None
        except ModelMissing:
            return None

    def undo(self) -> InstalledModel:
        """Answer with the model before again; undone once more, with this one.

        Raises:
            NothingToUndo: no other one was used.
            ModelMissing, AppError: it is not on this machine any more, or no model now;
                all is as it was.
        """
        name = self._settings.load().previous_model
        if not name:
            raise NothingToUndo
        return self.use(name)

    def _in_use(self) -> str:
        """The lasting name of the model that the settings say; "" where it is not here."""
        name = self._settings.load().model
        try:
            model = self._store.find(name)
        except ModelMissing:
            return ""
        return name if Path(name).is_file() else model.id

    def loaded(self, cancel: CancelToken | None = None) -> EngineState:
        """What the engine has loaded; loads it if need be.

        Raises:
            ModelMissing, ModelUnusable, EngineFailed: it cannot be loaded.
            Cancelled: the user stopped it.
        """
        self.select()
        return self._engine.state(cancel or CancelToken())
